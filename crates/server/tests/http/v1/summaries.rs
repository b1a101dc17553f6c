use ringback_server::jobs::summaries;
use serde_json::{Value, json};

use crate::support::{Server, json_of};

/// Queues a summary of one day in March 2026 and returns its sid.
async fn queue(server: &Server, day: usize, parameters: &[(&str, &str)]) -> Value {
    let path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    let day = format!("2026-03-{day:02}");
    let form = [&[("StartDate", day.as_str()), ("EndDate", day.as_str())], parameters].concat();
    json_of(server.post(&path).form(&form)).await.1["sid"].clone()
}

fn sids(page: &Value) -> Vec<Value> {
    page["summaries"].as_array().unwrap().iter().map(|summary| summary["sid"].clone()).collect()
}

#[tokio::test]
async fn paging_is_stable_while_summaries_are_added() {
    let server = Server::start().await;
    let mut expected = Vec::new();
    for day in 1..=5 {
        expected.insert(0, queue(&server, day, &[]).await);
    }
    let path = format!("/v1/accounts/{}/summaries", server.account);
    let page = async |query: &str| json_of(server.get(&format!("{path}?{query}"))).await;
    let (_, first) = page("limit=2").await;
    queue(&server, 6, &[]).await;
    let (_, second) = page(&format!("limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    let (_, third) = page(&format!("limit=2&cursor={}", second["next"].as_str().unwrap())).await;
    assert_eq!([sids(&first), sids(&second), sids(&third)].concat(), expected);
    assert_eq!(third["next"], json!(null));
    // An exactly full page has no next page.
    assert_eq!(page("limit=6").await.1["next"], json!(null));
    let other = format!("/v1/accounts/{}/summaries", server.subaccount);
    assert_eq!(json_of(server.get(&other)).await, (200, json!({ "summaries": [], "next": null })));
}

#[tokio::test]
async fn a_summary_shows_its_counts_and_its_callback_in_every_status() {
    let server = Server::start().await;
    let account = server.account;
    for (call, score, issue) in [
        ("a", "1", "dropped-call"),
        ("b", "3", "dropped-call"),
        ("c", "1", "audio-latency"),
        ("d", "3", "one-way-audio"),
    ] {
        let report = json!({ "call": call, "started_at": "2026-03-10T08:00:00Z" });
        json_of(server.post(&format!("/v1/accounts/{account}/calls")).json(&report)).await;
        let rating = [("QualityScore", score), ("Issue", issue)];
        assert_eq!(json_of(server.post(&server.feedback(call)).form(&rating)).await.0, 201);
    }
    let callback = [("StatusCallback", "https://example.com/x"), ("StatusCallbackMethod", "GET")];
    let counted = queue(&server, 10, &callback).await;
    let path = format!("/v1/accounts/{account}/summaries/{}", counted.as_str().unwrap());
    let mut expected = json!({
        "sid": counted, "account_sid": account, "start_date": "2026-03-10", "end_date": "2026-03-10",
        "include_subaccounts": false, "status": "queued", "counted": null,
        "status_callback": { "url": "https://example.com/x", "method": "GET" }, "delivery": null,
        "created_at": "2026-03-15T12:00:00Z", "updated_at": "2026-03-15T12:00:00Z",
    });
    assert_eq!(json_of(server.get(&path)).await, (200, expected.clone()));
    assert!(server.app.store.claim_summary(server.app.clock.now()).await.unwrap().is_some());
    expected["status"] = json!("in-progress");
    assert_eq!(json_of(server.get(&path)).await.1, expected);
    summaries::run_due(&server.app).await.unwrap();
    expected["status"] = json!("completed");
    expected["counted"] = json!({
        "calls": 4, "scores": [2, 0, 2, 0, 0], "average": 2.0, "median": 2.0, "standard_deviation": 1.0,
        "issues": [
            { "issue": "dropped-call", "scores": [1, 0, 1, 0, 0] },
            { "issue": "audio-latency", "scores": [1, 0, 0, 0, 0] },
            { "issue": "one-way-audio", "scores": [0, 0, 1, 0, 0] },
        ],
    });
    expected["delivery"] = json!({
        "summary_sid": counted, "summary_status": "completed", "url": "https://example.com/x", "method": "GET",
        "state": "pending", "tries": 0, "last_status": null, "last_error": null,
        "next_try_at": "2026-03-15T12:00:00Z", "created_at": "2026-03-15T12:00:00Z",
        "updated_at": "2026-03-15T12:00:00Z",
    });
    assert_eq!(json_of(server.get(&path)).await.1, expected);
    let list = format!("/v1/accounts/{account}/summaries");
    assert_eq!(json_of(server.get(&list)).await.1, json!({ "summaries": [expected], "next": null }));
}

#[tokio::test]
async fn unknown_summaries_are_404_and_bad_parameters_are_400() {
    let server = Server::start().await;
    let sid = queue(&server, 1, &[]).await;
    let sid = sid.as_str().unwrap();
    let path = format!("/v1/accounts/{}/summaries", server.account);
    let unknown = "FS00000000000000000000000000000000";
    for path in [
        format!("{path}/{unknown}"),
        format!("{path}/x"),
        format!("/v1/accounts/{}/summaries/{sid}", server.subaccount),
    ] {
        assert_eq!(json_of(server.get(&path)).await.0, 404, "{path}");
    }
    for (query, detail) in [
        ("limit=0", "Parameter limit must be an integer from 1 to 200; got '0'"),
        ("cursor=-1", "Parameter cursor must be the next of a previous page; got '-1'"),
        ("status=queued", "Parameter 'status' is unknown; this route takes limit, cursor"),
    ] {
        let problem = json!({ "type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail });
        assert_eq!(json_of(server.get(&format!("{path}?{query}"))).await, (400, problem));
    }
}
