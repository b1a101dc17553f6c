use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{SUBACCOUNT_TOKEN, Server, json_of};

fn path(server: &Server) -> String {
    format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account)
}

/// Four calls on 10 March, one of which started before midnight UTC; three ratings.
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

async fn create(server: &Server, from: &str, to: &str) -> Value {
    let (status, body) = json_of(server.post(&path(server)).form(&[("StartDate", from), ("EndDate", to)])).await;
    assert_eq!(status, 201);
    body
}

#[tokio::test]
async fn it_counts_the_utc_days_on_which_calls_started() {
    let server = Server::start().await;
    history(&server).await;
    let created = create(&server, "2026-03-10", "2026-03-10").await;
    let sid = created["sid"].as_str().unwrap();
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

    // It is a snapshot: later ratings do not change it.
    let sid_path = path(&server).replace(".json", &format!("/{sid}.json"));
    json_of(server.post(&server.feedback(ringback_api::CallSid::from_bytes([4; 16]))).form(&[("QualityScore", "1")]))
        .await;
    assert_eq!(json_of(server.get(&sid_path)).await, (200, created));
}

#[tokio::test]
async fn without_feedback_there_are_nulls_and_whole_numbers_have_a_point() {
    let server = Server::start().await;
    let none = create(&server, "2030-01-01", "2035-12-31").await;
    assert_eq!(
        (&none["call_count"], &none["quality_score_average"], &none["issues"]),
        (&json!(0), &json!(null), &json!([]))
    );
    history(&server).await;
    let text = server.post(&path(&server)).form(&[("StartDate", "2026-03-09"), ("EndDate", "2026-03-09")]);
    let text = text.send().await.unwrap().text().await.unwrap();
    for part in
        ["\"quality_score_average\":1.0,", "\"quality_score_median\":1.0,", "\"quality_score_standard_deviation\":0.0,"]
    {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn xml_has_the_same_in_its_own_order() {
    let server = Server::start().await;
    history(&server).await;
    let form = [("StartDate", "2026-03-09"), ("EndDate", "2026-03-10"), ("IncludeSubaccounts", "True")];
    let response = server.post(&path(&server).replace(".json", "")).form(&form).send().await.unwrap();
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
    let none = server
        .post(&path(&server).replace(".json", ".xml"))
        .form(&[("StartDate", "2030-01-01"), ("EndDate", "2030-01-01")]);
    let none = none.send().await.unwrap().text().await.unwrap();
    assert!(none.contains("<QualityScoreAverage></QualityScoreAverage>"), "a null is an empty element: {none}");
}

#[tokio::test]
async fn subaccounts_count_when_asked_for() {
    let server = Server::start().await;
    let calls = format!("/v1/accounts/{}/calls", server.subaccount);
    json_of(server.post(&calls).json(&json!({ "call": "x", "started_at": "2026-03-10T08:00:00Z" }))).await;
    for (flag, count) in [("false", 0), ("True", 1), ("1", 1), ("0", 0)] {
        let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10"), ("IncludeSubaccounts", flag)];
        let (_, body) = json_of(server.post(&path(&server)).form(&form)).await;
        assert_eq!(body["call_count"], count, "{flag}");
    }
}

#[tokio::test]
async fn deleting_answers_204_with_nothing_and_then_it_is_gone() {
    let server = Server::start().await;
    let sid = create(&server, "2026-03-10", "2026-03-10").await["sid"].as_str().unwrap().to_owned();
    let sid_path = path(&server).replace(".json", &format!("/{sid}.json"));
    let delete = |user: &str, token: &str| server.request(Method::DELETE, &sid_path).basic_auth(user, Some(token));
    assert_eq!(json_of(delete(&server.subaccount.to_string(), SUBACCOUNT_TOKEN)).await.0, 404);
    let token = crate::support::AUTH_TOKEN;
    let response = delete(&server.account.to_string(), token).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.bytes().await.unwrap().len(), 0);
    assert_eq!(json_of(delete(&server.account.to_string(), token)).await.0, 404);
    assert_eq!(json_of(server.get(&sid_path)).await.0, 404);
}

#[tokio::test]
async fn ranges_that_are_refused() {
    let server = Server::start().await;
    for (form, message) in [
        (&[][..], "Parameter StartDate is required and must be a date that exists, written YYYY-MM-DD"),
        (
            &[("StartDate", "2014-02-31")],
            "Parameter StartDate must be a date that exists, written YYYY-MM-DD; got '2014-02-31'",
        ),
        (
            &[("StartDate", "2014-02-03")],
            "Parameter EndDate is required and must be a date that exists, written YYYY-MM-DD",
        ),
        (
            &[("StartDate", "2014-02-03"), ("EndDate", "2014-02-02")],
            "Parameter EndDate must not be before StartDate 2014-02-03; got '2014-02-02'",
        ),
        (
            &[("StartDate", "2014-02-03"), ("EndDate", "2014-02-03"), ("IncludeSubaccounts", "maybe")],
            "Parameter IncludeSubaccounts must be true or false; got 'maybe'",
        ),
    ] {
        let (status, body) = json_of(server.post(&path(&server)).form(form)).await;
        assert_eq!((status, &body["code"], &body["message"]), (400, &json!(20001), &json!(message)));
    }
    // Not a call whose sid is "FeedbackSummary".
    let not_a_call = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary/Feedback.json", server.account);
    assert_eq!(json_of(server.get(&not_a_call)).await.0, 404);
    // The longest range there is.
    assert_eq!(create(&server, "0000-01-01", "9999-12-31").await["call_count"], 0);
}
