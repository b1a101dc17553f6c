use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, json_of};

#[tokio::test]
async fn a_token_lasts_one_day_by_default() {
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
async fn an_error_names_the_bad_field() {
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
        (json!({ "call": "x", "started_at": "soon" }), "started_at: must be an RFC 3339 time"),
        (json!({ "call": "x", "started_at": "2026-03-15T13:00:00Z" }), "started_at must be within the last 30 days"),
        (json!({ "call": "x", "started_at": "2026-02-01T00:00:00Z" }), "started_at must be within the last 30 days"),
        (json!({ "call": sid, "party": "alice" }), "party must be omitted for a CallSid"),
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

#[tokio::test]
async fn revoking_a_leg_revokes_its_existing_tokens_but_not_new_ones() {
    let server = Server::start().await;
    let path = server.feedback("x%2Fy");
    let revocations = format!("/v1/accounts/{}/rating-tokens/revocations", server.account);
    let rate = |token: &str| server.request(Method::POST, &path).bearer_auth(token).form(&[("QualityScore", "5")]);
    let old = server.mint(json!({ "call": "x/y", "party": "alice" })).await;
    assert_eq!(json_of(rate(&old)).await.0, 201);
    for (body, status) in [(json!({ "call": "x/y" }), 204), (json!({ "call": "x/y", "party": "bob" }), 204)] {
        assert_eq!(server.post(&revocations).json(&body).send().await.unwrap().status(), status);
        assert_eq!(json_of(rate(&old)).await.0, 200, "the revocation was of another leg");
    }
    let body = json!({ "call": "x/y", "party": "alice" });
    assert_eq!(server.post(&revocations).json(&body).send().await.unwrap().status(), 204);
    let (status, body) = json_of(rate(&old)).await;
    assert_eq!((status, &body["message"]), (401, &json!("The rating token was revoked")));
    server.clock.advance(SignedDuration::from_secs(1));
    let new = server.mint(json!({ "call": "x/y", "party": "alice" })).await;
    assert_eq!(json_of(rate(&new)).await.0, 200);
}

#[tokio::test]
async fn a_revocation_names_exactly_one_token_or_leg() {
    let server = Server::start().await;
    let revocations = format!("/v1/accounts/{}/rating-tokens/revocations", server.account);
    let which = "give either jti, for one token, or call, for every token of a leg";
    for (body, detail) in [
        (json!({}), which),
        (json!({ "jti": "1", "call": "2" }), which),
        (json!({ "jti": "1", "party": "2" }), which),
        (json!({ "party": "2" }), which),
        (json!({ "jti": "" }), "jti: must be 1 to 255 characters without control characters"),
        (
            json!({ "call": format!("CA{}", "0".repeat(32)), "party": "2" }),
            "party must be omitted for a CallSid, which already names one leg",
        ),
    ] {
        let (status, problem) = json_of(server.post(&revocations).json(&body)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (400, detail), "{body}");
    }
}
