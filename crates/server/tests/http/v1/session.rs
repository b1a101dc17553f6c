use jiff::SignedDuration;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, Server, WRONG_TOKEN, header, json_of};

async fn sign_in(server: &Server, username: &str, password: &str) -> (u16, String) {
    let body = json!({ "username": username, "password": password });
    let response = server.request(Method::POST, "/v1/session").json(&body).send().await.unwrap();
    (response.status().as_u16(), header(&response, "set-cookie").to_owned())
}

fn with_cookie(cookie: &str, request: RequestBuilder) -> RequestBuilder {
    request.header("cookie", format!("other=1; {}", cookie.split(';').next().unwrap()))
}

#[tokio::test]
async fn a_session_reads_until_it_is_signed_out() {
    let server = Server::start().await;
    let (status, cookie) = sign_in(&server, &server.account.to_string(), AUTH_TOKEN).await;
    assert_eq!(status, 200);
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200"), "{cookie}");
    let session = json!({
        "account_sid": server.account, "account_name": "Account 1", "scopes": ["admin"], "time_zone": "UTC",
        "today": "2026-03-15",
    });
    let show = || with_cookie(&cookie, server.request(Method::GET, "/v1/session"));
    assert_eq!(json_of(show()).await, (200, session));
    let first = show().send().await.unwrap();
    assert_eq!((header(&first, "cache-control"), header(&first, "x-content-type-options")), ("no-store", "nosniff"));
    let figures = format!("/v1/accounts/{}/stats?from=2026-03-15&to=2026-03-15", server.account);
    assert_eq!(json_of(with_cookie(&cookie, server.request(Method::GET, &figures))).await.0, 200);

    let out = with_cookie(&cookie, server.request(Method::DELETE, "/v1/session")).send().await.unwrap();
    assert_eq!(
        (out.status().as_u16(), header(&out, "set-cookie")),
        (204, "ringback-session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0")
    );
    assert_eq!(json_of(show()).await.0, 401);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let server = Server::start().await;
    let (_, cookie) = sign_in(&server, &server.account.to_string(), AUTH_TOKEN).await;
    server.clock.advance(SignedDuration::from_hours(12));
    assert_eq!(json_of(with_cookie(&cookie, server.request(Method::GET, "/v1/session"))).await.0, 401);
}

#[tokio::test]
async fn only_credentials_that_may_read_sign_in() {
    let server = Server::start().await;
    let (read, read_secret) = server.key("read").await;
    let (mint, mint_secret) = server.key("mint").await;
    let account = server.account.to_string();
    for (username, password, status) in [
        (account.as_str(), AUTH_TOKEN, 200),
        (&account, WRONG_TOKEN, 401),
        ("somebody", AUTH_TOKEN, 401),
        ("", "", 401),
        (&read.to_string(), &read_secret, 200),
        (&mint.to_string(), &mint_secret, 403),
    ] {
        let (got, cookie) = sign_in(&server, username, password).await;
        assert_eq!((got, cookie.is_empty()), (status, status != 200), "{username}");
    }
    let credentials = json!({ "username": read, "password": read_secret });
    let (_, session) = json_of(server.request(Method::POST, "/v1/session").json(&credentials)).await;
    assert_eq!(session["scopes"], json!(["read"]), "the session has the scopes of the key");
    let none: (u16, Value) = json_of(server.request(Method::GET, "/v1/session")).await;
    assert_eq!(none.0, 401);
}

#[tokio::test]
async fn another_origin_cannot_write_with_the_cookie() {
    let server = Server::start().await;
    let sid = server.call(1, "2026-03-15T08:00:00Z").await;
    let (_, cookie) = sign_in(&server, &server.account.to_string(), AUTH_TOKEN).await;
    let path = server.feedback(sid);
    let rate = || with_cookie(&cookie, server.request(Method::POST, &path)).form(&[("QualityScore", "1")]);
    assert_eq!(json_of(rate()).await.0, 403, "every browser sends the origin");
    assert_eq!(json_of(rate().header("origin", "http://sibling.example")).await.0, 403);
    assert_eq!(json_of(rate().header("sec-fetch-site", "same-site")).await.0, 403);
    assert_eq!(server.ratings().await, 0);
    assert_eq!(json_of(rate().header("sec-fetch-site", "same-origin")).await.0, 201);
    assert_eq!(json_of(rate().header("origin", &server.url)).await.0, 200);
}
