use reqwest::Method;
use ringback_api::CallSid;
use serde_json::{Value, json};

use crate::support::{Server, header, json_of};

async fn totals(server: &Server) -> Value {
    let stats = format!("/v1/accounts/{}/stats?from=2026-03-15&to=2026-03-15", server.account);
    json_of(server.get(&stats)).await.1["totals"].clone()
}

async fn asked(server: &Server) -> Value {
    totals(server).await["asked"].clone()
}

#[tokio::test]
async fn asking_counts_once_and_a_rating_implies_it() {
    let server = Server::start().await;
    let sid = server.call(1, "2026-03-15T08:00:00Z").await;
    let token = server.mint(json!({ "call": sid })).await;
    let path = format!("/v1/accounts/{}/calls/{sid}/asked", server.account);
    for _ in 0..2 {
        let response = server.request(Method::POST, &path).bearer_auth(&token).send().await.unwrap();
        assert_eq!(response.status(), 204);
        assert_eq!(asked(&server).await, 1);
    }
    let unasked = server.call(2, "2026-03-15T08:00:00Z").await;
    json_of(server.post(&server.feedback(unasked)).form(&[("QualityScore", "5")])).await;
    assert_eq!(asked(&server).await, 2);
    server.ratings().await;
}

#[tokio::test]
async fn a_dismissal_implies_asking_and_a_later_rating_replaces_it() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x/y" })).await;
    let path = format!("/v1/accounts/{}/calls/x%2Fy/dismissed", server.account);
    for _ in 0..2 {
        let beacon = server.request(Method::POST, &path).form(&[("Token", &token)]);
        assert_eq!(beacon.send().await.unwrap().status(), 204);
        let totals = totals(&server).await;
        assert_eq!((&totals["calls"], &totals["asked"], &totals["dismissed"]), (&json!(1), &json!(1), &json!(1)));
    }
    let rate = server.request(Method::POST, &server.feedback("x%2Fy")).bearer_auth(&token);
    assert_eq!(json_of(rate.form(&[("QualityScore", "4")])).await.0, 201);
    let totals = totals(&server).await;
    assert_eq!((&totals["asked"], &totals["dismissed"]), (&json!(1), &json!(0)));
    server.ratings().await;
    assert_eq!(server.post(&path.replace("x%2Fy", "z")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_token_creates_an_unknown_call_but_credentials_do_not() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/calls/x%2Fy/asked", server.account);
    assert_eq!(server.post(&path).send().await.unwrap().status(), 404);
    assert_eq!(asked(&server).await, 0);
    let token = server.mint(json!({ "call": "x/y" })).await;
    // A beacon sends the token in a form.
    let beacon = server.request(Method::POST, &path).form(&[("Token", token)]);
    assert_eq!(beacon.send().await.unwrap().status(), 204);
    assert_eq!(asked(&server).await, 1);
}

#[tokio::test]
async fn cors_allows_asked_from_any_origin_but_not_sessions() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/calls/x/asked", server.account);
    let preflight = server
        .request(Method::OPTIONS, &path)
        .header("origin", "https://phone.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
        .send()
        .await
        .unwrap();
    assert_eq!((preflight.status().as_u16(), header(&preflight, "access-control-allow-origin")), (200, "*"));
    let session = server.request(Method::OPTIONS, "/v1/session").send().await.unwrap();
    assert_eq!((session.status().as_u16(), header(&session, "access-control-allow-origin")), (405, ""));
}

#[tokio::test]
async fn asked_is_refused_without_the_right_credentials() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": CallSid::from_bytes([2; 16]) })).await;
    let sid = server.call(1, "2026-03-15T08:00:00Z").await;
    let path = format!("/v1/accounts/{}/calls/{sid}/asked", server.account);
    let post = || server.request(Method::POST, &path);
    let (read, secret) = server.key("read").await;
    assert_eq!(post().send().await.unwrap().status(), 401);
    assert_eq!(post().bearer_auth(&token).send().await.unwrap().status(), 404);
    assert_eq!(post().basic_auth(read, Some(secret)).send().await.unwrap().status(), 403);
    assert_eq!(asked(&server).await, 0);
}
