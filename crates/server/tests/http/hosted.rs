//! The hosted pages of the widget: behind a link, and in a frame.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::support::{AUTH_TOKEN, Server, header, json_of};

#[tokio::test]
async fn a_link_opens_the_form_until_its_token_expires() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/rating-tokens", server.account);
    let request = json!({ "call": "x", "expires_in": 3600, "link": true });
    let (status, minted) = json_of(server.post(&path).json(&request)).await;
    assert_eq!(status, 201);
    let link = minted["link"].as_str().unwrap();
    let code = link.strip_prefix(&format!("{}/r/", server.url)).unwrap();
    assert!(code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{code}");

    let open = |code: &str| server.request(Method::GET, &format!("/r/{code}")).send();
    for _ in 0..2 {
        let page = open(code).await.unwrap();
        assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (200, "no-store"));
        assert_eq!(header(&page, "referrer-policy"), "no-referrer");
        assert!(header(&page, "content-security-policy").ends_with("frame-ancestors 'none'"));
        let token = minted["token"].as_str().unwrap();
        assert!(page.text().await.unwrap().contains(&format!("<ringback-rating token=\"{token}\">")));
    }
    for bad in ["%00", "AAAAAAAAAAAA", &code[1..], "<script>"] {
        let page = open(bad).await.unwrap();
        assert_eq!(page.status(), 410, "{bad}");
        assert!(!page.text().await.unwrap().contains("<script>"));
    }
    server.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(open(code).await.unwrap().status(), 410);
}

#[tokio::test]
async fn a_token_has_no_link_by_default() {
    let server = Server::start().await;
    let path = format!("/v1/accounts/{}/rating-tokens", server.account);
    assert_eq!(json_of(server.post(&path).json(&json!({ "call": "x" }))).await.1["link"], json!(null));
}

#[tokio::test]
async fn only_allowed_origins_may_embed_the_frame() {
    let server = Server::start().await;
    let open = || server.request(Method::GET, &format!("/frame/{}", server.account)).send();
    let page = open().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(header(&page, "content-security-policy").ends_with("frame-ancestors *"));
    let origins = ["https://phone.example", "http://[::1]:8080"];
    let patch = server.request(Method::PATCH, &format!("/v1/accounts/{}", server.account));
    let patch = patch.basic_auth(server.account, Some(AUTH_TOKEN)).json(&json!({ "allowed_origins": origins }));
    assert_eq!(patch.send().await.unwrap().status(), 200);
    let page = open().await.unwrap();
    let policy = header(&page, "content-security-policy");
    assert!(policy.ends_with("; frame-ancestors https://phone.example http://[::1]:8080"), "{policy}");
    let unknown = server.request(Method::GET, &format!("/frame/AC{}", "f".repeat(32))).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}
