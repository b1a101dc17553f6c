//! A suspended account opens nothing until it is resumed.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{AUTH_TOKEN, SUBACCOUNT_TOKEN, Server, header, json_of};

#[tokio::test]
async fn suspension_blocks_an_account_its_subaccounts_keys_sessions_and_tokens_until_it_is_resumed() {
    let server = Server::start().await;
    let call = server.call(1, "2026-03-15T11:50:00Z").await;
    let (key, secret) = server.key("admin").await;
    let token = server.mint(json!({ "call": call })).await;
    let credentials = json!({ "username": server.account, "password": AUTH_TOKEN });
    let sign_in = || server.request(Method::POST, "/v1/session").json(&credentials);
    let response = sign_in().send().await.unwrap();
    let cookie = header(&response, "set-cookie").split(';').next().unwrap().to_owned();

    let rate = |request: RequestBuilder| request.form(&[("QualityScore", "5")]);
    let path = server.feedback(call);
    let of_subaccount = format!("/v1/accounts/{}/stats?from=2026-03-15&to=2026-03-15", server.subaccount);
    let requests = || {
        [
            rate(server.post(&path)),
            rate(server.request(Method::POST, &path).basic_auth(key, Some(&secret))),
            rate(server.request(Method::POST, &path).bearer_auth(&token)),
            server.request(Method::GET, "/v1/session").header("cookie", &cookie),
            sign_in(),
            server.request(Method::GET, &of_subaccount).basic_auth(server.subaccount, Some(SUBACCOUNT_TOKEN)),
        ]
    };
    for request in requests() {
        assert!(request.send().await.unwrap().status().is_success());
    }

    let account = server.app.store.account(server.account).await.unwrap().unwrap();
    server.app.store.suspend(account.id, Some(server.app.clock.now())).await.unwrap();
    let message = format!("The account {} is suspended", server.account);
    for (request, detail) in requests().into_iter().zip([true, true, true, true, true, false]) {
        let (status, body) = json_of(request).await;
        assert_eq!(status, 403);
        assert!(!detail || body["message"] == *message || body["detail"] == *message, "{body}");
    }
    let (_, body) = json_of(server.get(&path)).await;
    assert_eq!(body["code"], 20005);
    // The secret is checked first, so that outsiders cannot learn which accounts are suspended.
    let wrong = server.request(Method::GET, &path).basic_auth(server.account, Some("wrong"));
    assert_eq!(json_of(wrong).await.0, 401);

    server.app.store.suspend(account.id, None).await.unwrap();
    for request in requests() {
        assert!(request.send().await.unwrap().status().is_success());
    }
}
