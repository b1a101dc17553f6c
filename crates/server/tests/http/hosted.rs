//! The hosted pages of the widget: behind a link, and in a frame.

use jiff::SignedDuration;
use reqwest::{Method, Response};
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

/// Opens a page as a browser with this `Accept-Language`.
async fn open(server: &Server, path: &str, languages: &str) -> Response {
    server.request(Method::GET, path).header("accept-language", languages).send().await.unwrap()
}

#[tokio::test]
async fn pages_speak_the_language_of_the_visitor() {
    let server = Server::start().await;
    let minted = format!("/v1/accounts/{}/rating-tokens", server.account);
    let (_, minted) = json_of(server.post(&minted).json(&json!({ "call": "x", "link": true }))).await;
    let link = minted["link"].as_str().unwrap().strip_prefix(&server.url).unwrap().to_owned();
    let frame = format!("/frame/{}", server.account);
    let unknown = format!("/frame/AC{}", "f".repeat(32));
    for (path, languages, status, lang, dir, words) in [
        (&*link, "de-CH, en;q=0.8", 200, "de", "ltr", "<title>Wie war Ihr Anruf?</title>"),
        (&format!("{link}?lang=fr"), "de", 200, "fr", "ltr", "<title>Comment s’est passé votre appel\u{a0}?</title>"),
        (&frame, "ar-EG", 200, "ar", "rtl", "<title>كيف كانت مكالمتك؟</title>"),
        (&format!("{frame}?lang=zh_TW"), "", 200, "zh-Hant", "ltr", "<title>您覺得這次通話如何？</title>"),
        ("/r/x", "pl", 410, "pl", "ltr", "<h1>Ten link już nie działa</h1><p>Link wygasł"),
        ("/r/x?lang=xx", "fi", 410, "en", "ltr", "<h1>This link no longer works</h1>"),
        (&unknown, "nl", 404, "nl", "ltr", "<h1>Account niet gevonden</h1>"),
    ] {
        let response = open(&server, path, languages).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-language")), (status, lang), "{path}");
        assert_eq!(header(&response, "vary"), "accept-language");
        let page = response.text().await.unwrap();
        assert!(page.contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\">")) && page.contains(words), "{page}");
    }
    server.app.store.close().await;
    for path in [&link, &frame] {
        let response = open(&server, path, "ja").await;
        assert_eq!((response.status().as_u16(), header(&response, "content-language")), (500, "ja"));
        assert!(response.text().await.unwrap().contains("<h1>問題が発生しました</h1>"));
    }
}

#[tokio::test]
async fn pages_are_light_or_dark_as_their_address_says() {
    let server = Server::start().await;
    for (query, schemes, sheet) in [
        ("", "light dark", "../pages.css"),
        ("?theme=dark", "dark", "../pages-dark.css"),
        ("?theme=light&theme=dark", "light", "../pages-light.css"),
        ("?theme=blue", "light dark", "../pages.css"),
    ] {
        for path in [format!("/frame/{}", server.account), "/r/x".to_owned()] {
            let page = open(&server, &(path + query), "").await.text().await.unwrap();
            let meta = format!("<meta name=\"color-scheme\" content=\"{schemes}\">");
            assert!(page.contains(&meta) && page.contains(&format!("href=\"{sheet}\"")), "{query}: {page}");
        }
        let style = open(&server, sheet.trim_start_matches(".."), "").await;
        assert_eq!((style.status().as_u16(), header(&style, "content-type")), (200, "text/css; charset=utf-8"));
    }
}

#[tokio::test]
async fn isolated_pages_of_other_sites_may_load_the_frame_and_its_files() {
    let server = Server::start().await;
    let frame = format!("/frame/{}", server.account);
    let frames = [(&*frame, 200), ("/frame/x", 404)];
    for (path, status) in frames {
        let response = open(&server, path, "").await;
        assert_eq!(
            (response.status().as_u16(), header(&response, "cross-origin-embedder-policy")),
            (status, "require-corp")
        );
        assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin", "{path}");
    }
    let files = ["/frame.js", "/colors.js", "/pages.css", "/pages-light.css", "/pages-dark.css"];
    for path in files.into_iter().chain(["/embed/ringback.js", "/embed/ringback-00000000.wasm", "/embed/"]) {
        let response = open(&server, path, "").await;
        assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin", "{path}");
        // The page in a sandboxed frame has no origin.
        assert_eq!(header(&response, "access-control-allow-origin"), "*", "{path}");
    }
    let link = open(&server, "/r/x", "").await;
    assert_eq!(header(&link, "cross-origin-resource-policy"), "", "a link cannot be framed");
    server.app.store.close().await;
    assert_eq!(header(&open(&server, &frame, "").await, "cross-origin-embedder-policy"), "require-corp");
}

#[tokio::test]
async fn pages_refer_to_their_files_by_relative_addresses() {
    let server = Server::start().await;
    for path in [format!("/frame/{}", server.account), "/r/x".to_owned(), "/sign-in/x".to_owned()] {
        let page = open(&server, &path, "").await.text().await.unwrap();
        assert!(page.contains("href=\"../") && !page.contains("=\"/"), "{page}");
    }
}
