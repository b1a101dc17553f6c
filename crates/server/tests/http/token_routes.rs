//! The routes that a widget on any site calls with a rating token: CORS, and what every response has.

use jiff::SignedDuration;
use reqwest::{Method, RequestBuilder, Response};
use ringback_api::CallSid;
use serde_json::{Value, json};

use crate::raw::Connection;
use crate::support::{AUTH_TOKEN, Server, header};

/// The paths that take rating tokens, for the call `x`.
fn paths(server: &Server) -> [String; 3] {
    let v1 = format!("/v1/accounts/{}/calls/x", server.account);
    [server.feedback("x"), format!("{v1}/asked"), format!("{v1}/dismissed")]
}

async fn preflight(server: &Server, path: &str, headers: impl AsRef<[u8]>) -> Response {
    server
        .request(Method::OPTIONS, path)
        .header("origin", "null")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers.as_ref())
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_preflight_allows_the_headers_of_tracers() {
    let server = Server::start().await;
    let traced = "authorization,baggage,content-type,sentry-trace,sw8,traceparent,tracestate,x-datadog-trace-id";
    let long = format!("authorization,{}", "x".repeat(2048));
    for path in paths(&server) {
        for (requested, allowed) in [
            (traced.as_bytes(), traced),
            (b"authorization, a b, x\xff,content-type", "authorization,content-type"),
            (long.as_bytes(), "authorization"),
            (b"a b", ""),
        ] {
            let response = preflight(&server, &path, requested).await;
            assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-headers")), (200, allowed));
            assert_eq!(header(&response, "access-control-allow-origin"), "*");
            assert_eq!(header(&response, "access-control-allow-credentials"), "");
        }
    }
    for path in ["/v1/session", &format!("/v1/accounts/{}/rating-tokens", server.account)] {
        let response = preflight(&server, path, traced).await;
        assert_eq!(
            (response.status().as_u16(), header(&response, "access-control-allow-headers")),
            (405, ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_without_an_origin_can_rate_and_read_the_clock() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x" })).await;
    for path in paths(&server) {
        let request = server.request(Method::POST, &path).bearer_auth(&token).header("origin", "null");
        let response = request.form(&[("QualityScore", "5")]).send().await.unwrap();
        assert!(response.status().is_success(), "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "access-control-allow-credentials"), "");
        let exposed: Vec<_> = header(&response, "access-control-expose-headers").split(',').collect();
        assert_eq!(exposed, ["date", "retry-after", "ringback-revision"]);
    }
}

#[tokio::test]
async fn every_response_has_a_date() {
    let server = Server::start().await;
    let [feedback, asked, _] = paths(&server);
    for version in ["1.0", "1.1"] {
        for (line, status) in [
            ("GET /healthz", 200),
            (&*format!("OPTIONS {feedback}"), 200),
            (&format!("POST {feedback}"), 401),
            (&format!("POST {asked}"), 401),
            (&format!("PUT {asked}"), 405),
            ("GET /embed/nothing.js", 404),
        ] {
            let mut connection = Connection::open(&server).await;
            connection.send(format!("{line} HTTP/{version}\r\nHost: ringback\r\n\r\n")).await;
            let reply = connection.head_of_reply().await;
            assert_eq!(reply.status, status, "{line}");
            assert!(
                reply.header("date").is_some_and(|date| date.ends_with(" GMT")),
                "{line} HTTP/{version}: {reply:?}"
            );
        }
    }
}

#[tokio::test]
async fn every_success_of_a_rating_names_its_account_and_revision() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x" })).await;
    let with_token = || server.request(Method::POST, &server.feedback("x")).bearer_auth(&token);
    let reported = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    let five = &[("QualityScore", "5")][..];
    for (request, form, status, revision) in [
        (with_token(), five, 201, "0"),
        (with_token(), five, 200, "0"),
        (with_token(), &[("QualityScore", "4"), ("Revision", "7")], 200, "7"),
        (with_token(), &[("QualityScore", "3"), ("Revision", "6")], 200, "7"),
        (with_token(), five, 200, "7"),
        (server.post(&reported), five, 201, "0"),
        (server.post(&reported), five, 200, "0"),
    ] {
        let response = request.form(form).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), header(&response, "ringback-revision")),
            (status, revision),
            "{form:?}"
        );
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["account_sid"], json!(server.account));
    }
}

/// Sends a request that fails, and checks that its body has the status and says what is wrong.
async fn assert_told(request: RequestBuilder, expected: u16) {
    let response = request.send().await.unwrap();
    let (status, url) = (response.status().as_u16(), response.url().clone());
    assert_eq!(header(&response, "access-control-allow-origin"), "*", "{url} {status}");
    let body: Value = response.json().await.unwrap();
    assert_eq!((status, &body["status"]), (expected, &json!(expected)), "{url} {body}");
    let message = if url.path().starts_with("/v1") { &body["detail"] } else { &body["message"] };
    assert!(message.as_str().is_some_and(|text| !text.is_empty()), "{url} {body}");
}

#[tokio::test]
async fn every_error_has_the_status_and_says_what_is_wrong() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x" })).await;
    let other = server.mint(json!({ "call": "y" })).await;
    let expired = server.mint(json!({ "call": "x", "expires_in": 1 })).await;
    server.clock.advance(SignedDuration::from_secs(1));
    let (read, secret) = server.key("read").await;
    let form = "application/x-www-form-urlencoded";
    let five = [("QualityScore", "5")];
    for path in paths(&server) {
        let post = || server.request(Method::POST, &path);
        let not_a_form = if path.starts_with("/v1") { 415 } else { 400 };
        assert_told(post().form(&five), 401).await;
        assert_told(post().form(&five).bearer_auth("x"), 401).await;
        assert_told(post().form(&five).bearer_auth(&expired), 401).await;
        assert_told(post().form(&five).header("authorization", "Digest x"), 401).await;
        assert_told(post().form(&five).bearer_auth(&other), 404).await;
        assert_told(post().form(&five).basic_auth(read, Some(&secret)), 403).await;
        assert_told(post().form(&five).header("cookie", "ringback-session=1"), 403).await;
        assert_told(post().header("content-type", form).body("QualityScore=%FF").bearer_auth(&token), 400).await;
        assert_told(post().json(&json!({})).bearer_auth(&token), not_a_form).await;
        assert_told(post().header("content-type", form).body("x".repeat(65_537)).bearer_auth(&token), 413).await;
        assert_told(server.request(Method::PUT, &path), 405).await;
    }
    let [feedback, asked, dismissed] = paths(&server);
    let post = |path: &str| server.request(Method::POST, path).bearer_auth(&token);
    assert_told(post(&feedback).form(&[("QualityScore", "6")]), 400).await;
    assert_told(server.get(&server.feedback(CallSid::from_bytes([9; 16]))), 404).await;
    assert_told(server.post(&asked.replace("/x/", "/z/")), 404).await;

    let patch = server.request(Method::PATCH, &format!("/v1/accounts/{}", server.account));
    let patch = patch.basic_auth(server.account, Some(AUTH_TOKEN));
    let origins = json!({ "allowed_origins": ["https://phone.example"] });
    assert_eq!(patch.json(&origins).send().await.unwrap().status(), 200);
    assert_told(post(&feedback).form(&five).header("origin", "null"), 403).await;
    assert_told(post(&asked).header("origin", "https://other.example"), 403).await;

    let full = async || post(&asked).send().await.unwrap().status() == 429;
    while !full().await {}
    for path in paths(&server) {
        assert_told(post(&path).form(&five), 429).await;
    }
    server.app.store.close().await;
    for path in [feedback, asked, dismissed] {
        assert_told(server.post(&path).form(&five), 500).await;
    }
}
