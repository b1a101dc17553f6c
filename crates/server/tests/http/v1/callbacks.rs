use ringback_server::jobs::summaries;
use serde_json::{Value, json};

use crate::support::{Server, json_of};

/// Queues `count` callbacks and returns the sids of their summaries, newest first.
async fn queue(server: &Server, count: usize) -> Vec<Value> {
    let path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    let mut sids = Vec::new();
    for n in 0..count {
        let url = format!("https://example.com/{n}");
        let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10"), ("StatusCallback", &url)];
        sids.insert(0, json_of(server.post(&path).form(&form)).await.1["sid"].clone());
    }
    summaries::run_due(&server.app).await.unwrap();
    sids
}

fn sids(page: &Value) -> Vec<Value> {
    page["callbacks"].as_array().unwrap().iter().map(|callback| callback["summary_sid"].clone()).collect()
}

#[tokio::test]
async fn paging_is_stable_while_callbacks_are_added() {
    let server = Server::start().await;
    let expected = queue(&server, 5).await;
    let path = format!("/v1/accounts/{}/callbacks", server.account);
    let page = async |query: &str| json_of(server.get(&format!("{path}?{query}"))).await;
    let (_, first) = page("limit=2").await;
    queue(&server, 1).await;
    let (_, second) = page(&format!("limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    let (_, third) = page(&format!("limit=2&cursor={}", second["next"].as_str().unwrap())).await;
    assert_eq!([sids(&first), sids(&second), sids(&third)].concat(), expected);
    assert_eq!(third["next"], json!(null));
    // An exactly full page has no next page.
    assert_eq!(page("limit=6").await.1["next"], json!(null));
    assert_eq!(
        first["callbacks"][0],
        json!({
            "summary_sid": expected[0], "summary_status": "completed", "url": "https://example.com/4", "method": "POST",
            "state": "pending", "tries": 0, "last_status": null, "last_error": null,
            "next_try_at": "2026-03-15T12:00:00Z", "created_at": "2026-03-15T12:00:00Z",
            "updated_at": "2026-03-15T12:00:00Z",
        })
    );
    let other = format!("/v1/accounts/{}/callbacks", server.subaccount);
    assert_eq!(json_of(server.get(&other)).await, (200, json!({ "callbacks": [], "next": null })));
}

#[tokio::test]
async fn a_page_has_fifty_callbacks_by_default_and_two_hundred_at_most() {
    let server = Server::start().await;
    queue(&server, 51).await;
    let path = format!("/v1/accounts/{}/callbacks", server.account);
    assert_eq!(sids(&json_of(server.get(&path)).await.1).len(), 50);
    assert_eq!(sids(&json_of(server.get(&format!("{path}?limit=200"))).await.1).len(), 51);
    for (query, detail) in [
        ("limit=0", "Parameter limit must be an integer from 1 to 200; got '0'"),
        ("limit=201", "Parameter limit must be an integer from 1 to 200; got '201'"),
        ("limit=%2B5", "Parameter limit must be an integer from 1 to 200; got '+5'"),
        ("limit=", "Parameter limit must be an integer from 1 to 200; got ''"),
        ("page=2", "Parameter 'page' is unknown; this route takes limit, cursor"),
        ("cursor=x", "Parameter cursor must be the next of a previous page; got 'x'"),
        ("cursor=-1", "Parameter cursor must be the next of a previous page; got '-1'"),
        (
            "cursor=99999999999999999999",
            "Parameter cursor must be the next of a previous page; got '99999999999999999999'",
        ),
    ] {
        let problem = json!({ "type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail });
        assert_eq!(json_of(server.get(&format!("{path}?{query}"))).await, (400, problem));
    }
}
