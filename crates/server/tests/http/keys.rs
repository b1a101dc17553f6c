//! A revoked API key opens nothing.

use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, header, json_of};

#[tokio::test]
async fn a_revoked_key_its_tokens_and_its_sessions_are_refused() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    let (sid, secret) = server.key("admin").await;

    let now = server.app.clock.now().as_second();
    let claims = json!({
        "iss": sid, "sub": server.account, "aud": "ringback", "iat": now, "exp": now + 60, "jti": "1",
        "call": format!("CA{}", "01".repeat(16)),
    });
    let jwt_header = Header { typ: Some("ringback-rating+jwt".into()), ..Header::default() };
    let token = jsonwebtoken::encode(&jwt_header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
    let credentials = json!({ "username": sid, "password": secret });
    let sign_in = || server.request(Method::POST, "/v1/session").json(&credentials);
    let response = sign_in().send().await.unwrap();
    let cookie = header(&response, "set-cookie").split(';').next().unwrap().to_owned();

    let rate = || server.request(Method::POST, &path).form(&[("QualityScore", "5")]);
    let requests = || {
        let session = server.request(Method::GET, "/v1/session").header("cookie", &cookie);
        [rate().basic_auth(sid, Some(&secret)), rate().bearer_auth(&token), session, sign_in()]
    };
    for request in requests() {
        assert!(request.send().await.unwrap().status().is_success());
    }
    assert!(server.app.store.revoke_api_key(sid, server.app.clock.now()).await.unwrap());
    for request in requests() {
        assert_eq!(json_of(request).await.0, 401);
    }

    assert!(!server.app.store.revoke_api_key(sid, server.app.clock.now()).await.unwrap(), "the key is revoked already");
    let account = server.app.store.account(server.account).await.unwrap().unwrap();
    let listed = server.app.store.api_keys(account.id).await.unwrap();
    assert_eq!(
        listed.iter().map(|key| (key.sid, key.revoked_at)).collect::<Vec<_>>(),
        [(sid, Some(server.app.clock.now()))]
    );
}
