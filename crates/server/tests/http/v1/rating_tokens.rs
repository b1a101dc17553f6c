use reqwest::Method;
use serde_json::json;

use crate::support::{Server, json_of};

#[tokio::test]
async fn a_token_lasts_a_day_unless_told() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/rating-tokens", server.account);
    for (request, expires_at) in [
        (json!({ "call": "x" }), "2026-03-16T12:00:00Z"),
        (json!({ "call": "x", "expires_in": 60 }), "2026-03-15T12:01:00Z"),
        (json!({ "call": "x", "expires_in": 2_592_000 }), "2026-04-14T12:00:00Z"),
    ] {
        let (status, body) = json_of(server.post(&path).json(&request)).await;
        assert_eq!((status, &body["expires_at"]), (201, &json!(expires_at)));
    }
}

#[tokio::test]
async fn what_is_refused_names_the_field() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/rating-tokens", server.account);
    let sid = format!("CA{}", "0".repeat(32));
    for (request, detail) in [
        (json!({}), "missing field `call`"),
        (json!({ "call": "" }), "call: must be 1 to 255 characters"),
        (json!({ "call": 5 }), "call: invalid type: integer `5`, expected a string"),
        (json!({ "call": "x", "calls": 1 }), "unknown field `calls`"),
        (json!({ "call": "x", "expires_in": 0 }), "expires_in must be from 1 to 2592000 seconds"),
        (json!({ "call": "x", "expires_in": 2_592_001 }), "expires_in must be from 1 to 2592000 seconds"),
        (json!({ "call": "x", "started_at": "soon" }), "started_at: must be a time as RFC 3339 writes it"),
        (json!({ "call": "x", "started_at": "2026-03-15T13:00:00Z" }), "started_at must be within the last 30 days"),
        (json!({ "call": "x", "started_at": "2026-02-01T00:00:00Z" }), "started_at must be within the last 30 days"),
        (json!({ "call": sid, "party": "alice" }), "party must be left out for a CallSid"),
        (json!({ "call": "x", "direction": "up" }), "direction: unknown variant `up`"),
    ] {
        let (status, body) = json_of(server.post(&path).json(&request)).await;
        let answer = body["detail"].as_str().unwrap();
        assert!(status == 400 && answer.contains(detail), "{request}: {answer}");
    }
    let (read, secret) = server.key("read").await;
    let request = server.request(Method::POST, &path).basic_auth(read, Some(secret)).json(&json!({ "call": "x" }));
    assert_eq!(json_of(request).await.0, 403);
}
