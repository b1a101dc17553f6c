use jiff::SignedDuration;
use reqwest::Method;
use ringback_server::store::WidgetFile;
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, Server, header, json_of};

#[tokio::test]
async fn readyz_fails_once_the_store_is_closed_but_healthz_does_not() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.request(Method::GET, path).send().await.unwrap().status(), 200);
    }
    server.app.store.close().await;
    assert_eq!(server.request(Method::GET, "/healthz").send().await.unwrap().status(), 200);
    assert_eq!(server.request(Method::GET, "/readyz").send().await.unwrap().status(), 503);
    let path = server.feedback("x");
    let rate = server.request(Method::POST, &path).basic_auth(server.account, Some(AUTH_TOKEN));
    let response = rate.form(&[("QualityScore", "5")]).send().await.unwrap();
    assert_eq!(response.status(), 500);
    assert!(response.text().await.unwrap().contains("\"code\":20500"));
}

#[tokio::test]
async fn a_sign_in_link_works_once() {
    let server = Server::start().await;
    let account = server.app.store.account(server.account).await.unwrap().unwrap();
    let code = ringback_server::auth::session::create_code(&server.app, &account).await.unwrap();
    let open = || server.request(Method::GET, &format!("/sign-in/{code}")).send();
    let head = server.request(Method::HEAD, &format!("/sign-in/{code}")).send().await.unwrap();
    assert_eq!((head.status().as_u16(), header(&head, "set-cookie")), (200, ""));
    let first = open().await.unwrap();
    assert_eq!((first.status().as_u16(), header(&first, "location")), (303, "/"));
    let cookie = header(&first, "set-cookie").split(';').next().unwrap().to_owned();
    let session = server.request(Method::GET, "/v1/session").header("cookie", cookie).send().await.unwrap();
    assert_eq!(session.status(), 200);
    assert_eq!(open().await.unwrap().status(), 410);
    assert_eq!(server.request(Method::GET, "/sign-in/x").send().await.unwrap().status(), 410);
}

#[tokio::test]
async fn a_demo_call_can_be_rated() {
    let server = Server::with_demo(true).await;
    let start_call = |body: Value| server.request(Method::POST, "/demo/calls").json(&body);
    let (status, call) = json_of(start_call(json!({ "duration": 90, "direction": "outbound" }))).await;
    assert_eq!((status, &call["account_sid"]), (200, &json!(server.account)));
    let path = server.feedback(call["call"].as_str().unwrap());
    let rate = server.request(Method::POST, &path).bearer_auth(call["token"].as_str().unwrap());
    let (status, rated) = json_of(rate.form(&[("QualityScore", "4")])).await;
    assert_eq!((status, &rated["sid"]), (201, &call["call_sid"]));
    assert_eq!(server.ratings().await, 1);
    for bad in [json!({ "duration": -1 }), json!({ "direction": "up" }), json!([])] {
        assert!(start_call(bad).send().await.unwrap().status().is_client_error());
    }
    let demo = server.request(Method::GET, "/demo").send().await.unwrap();
    assert_eq!((demo.status().as_u16(), header(&demo, "location")), (308, "/demo/"));
}

#[tokio::test]
async fn the_demo_is_404_unless_it_is_enabled() {
    let server = Server::start().await;
    for (method, path) in [(Method::GET, "/demo"), (Method::GET, "/demo/"), (Method::POST, "/demo/calls")] {
        let response = server.request(method, path).send().await.unwrap();
        assert_eq!(response.status(), 404);
        assert_eq!(response.text().await.unwrap(), "The demo is off; start the server with --demo.\n");
    }
}

#[tokio::test]
async fn widget_files_of_an_earlier_release_are_served_for_thirty_days() {
    let server = Server::start().await;
    let keep = async |names: &[&str]| {
        let file = |name: &&str| WidgetFile { name: (*name).to_owned(), body: b"\0asm".to_vec() };
        let files = names.iter().map(file).collect();
        server.app.store.keep_widget_files(files, server.app.clock.now()).await.unwrap();
    };
    let get = |name: &str| server.request(Method::GET, &format!("/embed/{name}")).send();
    let (old, new) = ("ringback-0123456789abcdef.wasm", "ringback-fedcba9876543210.wasm");
    keep(&[old]).await;
    keep(&[new]).await;
    let response = get(old).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/wasm");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(response.bytes().await.unwrap(), &b"\0asm"[..]);

    server.clock.advance(SignedDuration::from_hours(30 * 24));
    keep(&[new]).await;
    assert_eq!(get(old).await.unwrap().status(), 200);
    server.clock.advance(SignedDuration::from_secs(1));
    keep(&[new]).await;
    assert_ne!(get(old).await.unwrap().status(), 200);
    assert_eq!(get(new).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_page_whose_fetch_adds_headers_may_read_the_files_of_the_widget() {
    let server = Server::start().await;
    let preflight = server
        .request(Method::OPTIONS, "/embed/ringback.js")
        .header("origin", "https://softphone.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "traceparent, sw8");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "access-control-allow-methods"), "GET,HEAD");
    assert_eq!(header(&response, "access-control-allow-headers"), "traceparent,sw8");
    assert_eq!(header(&response, "cross-origin-resource-policy"), "");

    let read = server.request(Method::GET, "/embed/none.js").header("origin", "https://softphone.example");
    let response = read.send().await.unwrap();
    let allowed: Vec<_> = response.headers().get_all("access-control-allow-origin").iter().collect();
    assert_eq!(allowed, ["*"]);
    assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
    let response = server.request(Method::POST, "/embed/none.js").send().await.unwrap();
    assert_eq!(response.status(), 405);
}
