use jiff::SignedDuration;
use jiff::civil::date;
use reqwest::{Method, StatusCode};
use ringback_api::SummarySid;
use ringback_server::jobs::summaries;
use ringback_server::store::{NewSummary, Subaccounts, SummaryScope};
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, SUBACCOUNT_TOKEN, Server, header, json_of};

fn path(server: &Server) -> String {
    format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account)
}

/// A rated call just before 10 March in UTC, and four calls on that day, of which three are rated.
async fn history(server: &Server) {
    for (n, start, form) in [
        (1, "2026-03-09T23:59:59Z", &[("QualityScore", "1")][..]),
        (2, "2026-03-10T00:00:00Z", &[("QualityScore", "2"), ("Issue", "one-way-audio"), ("Issue", "dropped-call")]),
        (3, "2026-03-10T12:00:00Z", &[("QualityScore", "5")]),
        (4, "2026-03-10T23:59:59Z", &[]),
        (5, "2026-03-10T08:00:00Z", &[("QualityScore", "3"), ("Issue", "one-way-audio")]),
    ] {
        let sid = server.call(n, start).await;
        if !form.is_empty() {
            json_of(server.post(&server.feedback(sid)).form(form)).await;
        }
    }
}

fn summary_path(server: &Server, summary: &Value) -> String {
    path(server).replace(".json", &format!("/{}.json", summary["sid"].as_str().unwrap()))
}

/// Queues a summary and returns it.
async fn queue(server: &Server, form: &[(&str, &str)]) -> Value {
    let (status, body) = json_of(server.post(&path(server)).form(form)).await;
    assert_eq!((status, &body["status"]), (201, &json!("queued")));
    body
}

/// Queues a summary, runs the job and returns the finished summary.
async fn summarise(server: &Server, form: &[(&str, &str)]) -> Value {
    let queued = queue(server, form).await;
    summaries::run_due(&server.app).await.unwrap();
    let (status, body) = json_of(server.get(&summary_path(server, &queued))).await;
    assert_eq!(status, 200);
    body
}

async fn summarise_days(server: &Server, from: &str, to: &str) -> Value {
    summarise(server, &[("StartDate", from), ("EndDate", to)]).await
}

#[tokio::test]
async fn figures_are_null_until_a_summary_is_completed() {
    let server = Server::start().await;
    history(&server).await;
    let queued = queue(&server, &[("StartDate", "2026-03-10"), ("EndDate", "2026-03-11")]).await;
    let expected = |status: &str, updated: &str| {
        json!({
            "sid": queued["sid"], "account_sid": server.account, "start_date": "2026-03-10", "end_date": "2026-03-11",
            "include_subaccounts": false, "status": status, "call_count": null, "call_feedback_count": null,
            "quality_score_average": null, "quality_score_median": null, "quality_score_standard_deviation": null,
            "issues": [], "date_created": "Sun, 15 Mar 2026 12:00:00 +0000", "date_updated": updated,
        })
    };
    assert_eq!(queued, expected("queued", "Sun, 15 Mar 2026 12:00:00 +0000"));
    server.clock.advance(SignedDuration::from_secs(1));
    server.app.store.claim_summary(server.app.clock.now()).await.unwrap().unwrap();
    let path = summary_path(&server, &queued);
    assert_eq!(json_of(server.get(&path)).await, (200, expected("in-progress", "Sun, 15 Mar 2026 12:00:01 +0000")));
    let xml = server.get(&path.replace(".json", ".xml")).send().await.unwrap().text().await.unwrap();
    let nulls = "<Status>in-progress</Status><CallCount></CallCount><CallFeedbackCount></CallFeedbackCount>\
                 <QualityScoreAverage></QualityScoreAverage><QualityScoreMedian></QualityScoreMedian>\
                 <QualityScoreStandardDeviation></QualityScoreStandardDeviation><Issues></Issues>";
    assert!(xml.contains(nulls), "{xml}");

    // A summary that was in progress when the server stopped is counted again, with the ratings since.
    json_of(server.post(&server.feedback(ringback_api::CallSid::from_bytes([4; 16]))).form(&[("QualityScore", "1")]))
        .await;
    server.clock.advance(SignedDuration::from_secs(1));
    summaries::run_due(&server.app).await.unwrap();
    let (_, done) = json_of(server.get(&path)).await;
    assert_eq!(
        (&done["status"], &done["call_feedback_count"], &done["date_updated"]),
        (&json!("completed"), &json!(4), &json!("Sun, 15 Mar 2026 12:00:02 +0000"))
    );
}

#[tokio::test]
async fn a_summary_that_cannot_be_counted_fails_and_does_not_block_others() {
    let server = Server::start().await;
    history(&server).await;
    server.sql("UPDATE buckets SET calls = -1 WHERE span = 86400").await;
    let bad = queue(&server, &[("StartDate", "2026-03-10"), ("EndDate", "2026-03-10")]).await;
    let good = queue(&server, &[("StartDate", "2026-01-01"), ("EndDate", "2026-01-01")]).await;
    summaries::run_due(&server.app).await.unwrap();
    let (_, failed) = json_of(server.get(&summary_path(&server, &bad))).await;
    assert_eq!(
        (&failed["status"], &failed["call_count"], &failed["issues"]),
        (&json!("failed"), &json!(null), &json!([]))
    );
    assert_eq!(json_of(server.get(&summary_path(&server, &good))).await.1["status"], "completed");
    let deleted =
        server.request(Method::DELETE, &summary_path(&server, &bad)).basic_auth(server.account, Some(AUTH_TOKEN));
    assert_eq!(deleted.send().await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn at_most_a_thousand_summaries_of_an_account_wait() {
    let server = Server::start().await;
    let account = server.app.store.account(server.account).await.unwrap().unwrap().id;
    let scope =
        SummaryScope { start_date: date(2026, 3, 1), end_date: date(2026, 3, 1), subaccounts: Subaccounts::Excluded };
    let waiting = (1..=1000u64).map(|n| {
        let sid = SummarySid::from_bytes(u128::from(n).to_be_bytes());
        server.app.store.create_summary(account, NewSummary { sid, scope, callback: None }, server.app.clock.now())
    });
    assert!(futures::future::join_all(waiting).await.iter().all(|created| matches!(created, Ok(Some(_)))));

    let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10")];
    let response = server.post(&path(&server)).form(&form).send().await.unwrap();
    assert_eq!((response.status(), header(&response, "retry-after")), (StatusCode::TOO_MANY_REQUESTS, "10"));
    assert_eq!(
        response.json::<Value>().await.unwrap(),
        json!({
            "code": 20429, "status": 429, "more_info": "https://www.twilio.com/docs/errors/20429",
            "message": "The account already has 1000 summaries that are unfinished or have pending callbacks; please try again after 10 s",
        })
    );
    // Another account has its own limit.
    let other = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.subaccount);
    assert_eq!(json_of(server.post(&other).form(&form)).await.0, 201);
    summaries::run_due(&server.app).await.unwrap();
    assert_eq!(json_of(server.post(&path(&server)).form(&form)).await.0, 201);
}

#[tokio::test]
async fn a_summary_counts_calls_by_the_utc_day_of_their_start() {
    let server = Server::start().await;
    history(&server).await;
    let created = summarise_days(&server, "2026-03-10", "2026-03-10").await;
    let sid = created["sid"].as_str().unwrap().to_owned();
    assert!(sid.starts_with("FS") && sid.len() == 34);
    assert_eq!(
        created,
        json!({
            "sid": sid, "account_sid": server.account, "start_date": "2026-03-10", "end_date": "2026-03-10",
            "include_subaccounts": false, "status": "completed", "call_count": 4, "call_feedback_count": 3,
            "quality_score_average": 10.0 / 3.0, "quality_score_median": 3.0,
            "quality_score_standard_deviation": 14f64.sqrt() / 3.0,
            "issues": [
                { "count": 1, "description": "dropped-call", "percentage_of_total_calls": "25.0%" },
                { "count": 2, "description": "one-way-audio", "percentage_of_total_calls": "50.0%" },
            ],
            "date_created": "Sun, 15 Mar 2026 12:00:00 +0000", "date_updated": "Sun, 15 Mar 2026 12:00:00 +0000",
        })
    );

    // A summary is a snapshot: later ratings do not change it.
    json_of(server.post(&server.feedback(ringback_api::CallSid::from_bytes([4; 16]))).form(&[("QualityScore", "1")]))
        .await;
    assert_eq!(json_of(server.get(&summary_path(&server, &created))).await, (200, created));
}

#[tokio::test]
async fn figures_without_feedback_are_null_and_whole_numbers_have_a_decimal_point() {
    let server = Server::start().await;
    let none = summarise_days(&server, "2030-01-01", "2035-12-31").await;
    assert_eq!(
        (&none["call_count"], &none["quality_score_average"], &none["issues"]),
        (&json!(0), &json!(null), &json!([]))
    );
    history(&server).await;
    let one = summarise_days(&server, "2026-03-09", "2026-03-09").await;
    let text = server.get(&summary_path(&server, &one)).send().await.unwrap().text().await.unwrap();
    for part in
        ["\"quality_score_average\":1.0,", "\"quality_score_median\":1.0,", "\"quality_score_standard_deviation\":0.0,"]
    {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn xml_has_the_same_fields_in_twilios_order() {
    let server = Server::start().await;
    history(&server).await;
    let form = [("StartDate", "2026-03-09"), ("EndDate", "2026-03-10"), ("IncludeSubaccounts", "True")];
    let summary = summarise(&server, &form).await;
    let response = server.get(&summary_path(&server, &summary).replace(".json", "")).send().await.unwrap();
    let text = response.text().await.unwrap();
    let from = text.find("<StartDate>").unwrap();
    assert_eq!(
        &text[from..],
        format!(
            "<StartDate>2026-03-09</StartDate><EndDate>2026-03-10</EndDate><AccountSid>{}</AccountSid>\
             <IncludeSubaccounts>true</IncludeSubaccounts><Status>completed</Status><CallCount>5</CallCount>\
             <CallFeedbackCount>4</CallFeedbackCount><QualityScoreAverage>2.75</QualityScoreAverage>\
             <QualityScoreMedian>2.5</QualityScoreMedian>\
             <QualityScoreStandardDeviation>1.479019945774904</QualityScoreStandardDeviation><Issues><Issue>\
             <Description>dropped-call</Description><Count>1</Count><PercentageOfTotalCalls>20.0%</PercentageOfTotalCalls>\
             </Issue><Issue><Description>one-way-audio</Description><Count>2</Count>\
             <PercentageOfTotalCalls>40.0%</PercentageOfTotalCalls></Issue></Issues>\
             <DateCreated>Sun, 15 Mar 2026 12:00:00 +0000</DateCreated>\
             <DateUpdated>Sun, 15 Mar 2026 12:00:00 +0000</DateUpdated></FeedbackSummary></TwilioResponse>",
            server.account
        )
    );
    let none = summarise_days(&server, "2030-01-01", "2030-01-01").await;
    let none =
        server.get(&summary_path(&server, &none).replace(".json", ".xml")).send().await.unwrap().text().await.unwrap();
    assert!(none.contains("<QualityScoreAverage></QualityScoreAverage>"), "a null is an empty element: {none}");
}

#[tokio::test]
async fn subaccounts_count_on_request() {
    let server = Server::start().await;
    let calls = format!("/v1/accounts/{}/calls", server.subaccount);
    json_of(server.post(&calls).json(&json!({ "call": "x", "started_at": "2026-03-10T08:00:00Z" }))).await;
    for (flag, count) in [("false", 0), ("True", 1), ("1", 1), ("0", 0)] {
        let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10"), ("IncludeSubaccounts", flag)];
        assert_eq!(summarise(&server, &form).await["call_count"], count, "{flag}");
    }
}

#[tokio::test]
async fn deleting_a_summary_returns_an_empty_204_and_removes_it() {
    let server = Server::start().await;
    let sid_path = summary_path(&server, &summarise_days(&server, "2026-03-10", "2026-03-10").await);
    let delete = |user: &str, token: &str| server.request(Method::DELETE, &sid_path).basic_auth(user, Some(token));
    assert_eq!(json_of(delete(&server.subaccount.to_string(), SUBACCOUNT_TOKEN)).await.0, 404);
    let response = delete(&server.account.to_string(), AUTH_TOKEN).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.bytes().await.unwrap().len(), 0);
    assert_eq!(json_of(delete(&server.account.to_string(), AUTH_TOKEN)).await.0, 404);
    assert_eq!(json_of(server.get(&sid_path)).await.0, 404);
}

#[tokio::test]
async fn an_unfinished_summary_cannot_be_deleted() {
    let server = Server::start().await;
    let queued = queue(&server, &[("StartDate", "2026-03-10"), ("EndDate", "2026-03-10")]).await;
    let path = summary_path(&server, &queued);
    let delete =
        |path: &str| server.request(Method::DELETE, path).basic_auth(server.account.to_string(), Some(AUTH_TOKEN));
    let refused = json!({
        "code": 20009, "status": 409, "more_info": "https://www.twilio.com/docs/errors/20009",
        "message": "The summary has not ended yet; it can be deleted once it is completed or failed",
    });
    assert_eq!(json_of(delete(&path)).await, (409, refused.clone()));
    server.app.store.claim_summary(server.app.clock.now()).await.unwrap().unwrap();
    assert_eq!(json_of(delete(&path)).await, (409, refused));
    let xml = delete(&path.replace(".json", "")).send().await.unwrap();
    assert_eq!(xml.status(), StatusCode::CONFLICT);
    assert!(xml.text().await.unwrap().contains("<RestException><Code>20009</Code>"));
    summaries::run_due(&server.app).await.unwrap();
    assert_eq!(delete(&path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_range_may_be_a_leap_day_a_single_day_or_many_years() {
    let server = Server::start().await;
    for (n, start) in [
        (1, "2016-02-28T23:59:59Z"),
        (2, "2016-02-29T00:00:00Z"),
        (3, "2016-02-29T23:59:59Z"),
        (4, "2016-03-01T00:00:00Z"),
    ] {
        server.call(n, start).await;
    }
    for (from, to, calls) in [
        ("2016-02-29", "2016-02-29", 2),
        ("2016-02-28", "2016-02-29", 3),
        ("2016-03-01", "2016-03-01", 1),
        ("2000-01-01", "2026-03-15", 4),
        ("2026-03-16", "2099-12-31", 0),
    ] {
        let summary = summarise_days(&server, from, to).await;
        assert_eq!(
            (&summary["status"], &summary["call_count"]),
            (&json!("completed"), &json!(calls)),
            "{from} to {to}"
        );
        assert_eq!((&summary["start_date"], &summary["end_date"]), (&json!(from), &json!(to)));
    }
}

#[tokio::test]
async fn bad_ranges_are_refused() {
    let server = Server::start().await;
    for (form, message) in [
        (&[][..], "Parameter StartDate is required and must be a valid date in the form YYYY-MM-DD"),
        (
            &[("StartDate", "2014-02-31")],
            "Parameter StartDate must be a valid date in the form YYYY-MM-DD; got '2014-02-31'",
        ),
        (
            &[("StartDate", "2014-02-03")],
            "Parameter EndDate is required and must be a valid date in the form YYYY-MM-DD",
        ),
        (
            &[("StartDate", "2014-02-03"), ("EndDate", "2014-02-02")],
            "Parameter EndDate must not be before StartDate 2014-02-03; got '2014-02-02'",
        ),
        (
            &[("StartDate", "2023-01-01"), ("EndDate", "2023-02-29")],
            "Parameter EndDate must be a valid date in the form YYYY-MM-DD; got '2023-02-29'",
        ),
        (
            &[("StartDate", "2014-02-03"), ("EndDate", "2014-02-03"), ("IncludeSubaccounts", "maybe")],
            "Parameter IncludeSubaccounts must be true or false; got 'maybe'",
        ),
    ] {
        let (status, body) = json_of(server.post(&path(&server)).form(form)).await;
        assert_eq!((status, &body["code"], &body["message"]), (400, &json!(20001), &json!(message)));
    }
    // "FeedbackSummary" is not taken for a call's sid.
    let not_a_call = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary/Feedback.json", server.account);
    assert_eq!(json_of(server.get(&not_a_call)).await.0, 404);
    // The longest possible range.
    assert_eq!(summarise_days(&server, "0000-01-01", "9999-12-31").await["call_count"], 0);
}
