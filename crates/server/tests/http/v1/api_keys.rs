use reqwest::Method;
use serde_json::json;

use crate::support::{AUTH_TOKEN, STRANGER_TOKEN, Server, json_of};

#[tokio::test]
async fn a_key_is_created_used_and_revoked() {
    let server = Server::start().await;
    let keys = format!("/v1/accounts/{}/api-keys", server.account);
    let request = json!({ "name": "Backend", "scopes": ["read", "mint"] });
    let (status, made) = json_of(server.post(&keys).json(&request)).await;
    let key = json!({
        "sid": made["sid"], "name": "Backend", "scopes": ["mint", "read"],
        "created_at": "2026-03-15T12:00:00Z", "revoked_at": null, "secret": made["secret"],
    });
    assert_eq!((status, &made), (201, &key));
    let (_, listed) = json_of(server.get(&keys)).await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["secret"]), (1, &json!(null)));

    let (sid, secret) = (made["sid"].as_str().unwrap(), made["secret"].as_str());
    let account = format!("/v1/accounts/{}", server.account);
    let used = || server.request(Method::GET, &account).basic_auth(sid, secret);
    assert_eq!(json_of(used()).await.0, 200);
    let delete = |account, user, secret| {
        server.request(Method::DELETE, &format!("/v1/accounts/{account}/api-keys/{sid}")).basic_auth(user, Some(secret))
    };
    let strangers = delete(server.stranger, server.stranger, STRANGER_TOKEN);
    assert_eq!(json_of(strangers).await.0, 404, "the key belongs to another account");
    assert_eq!(json_of(used()).await.0, 200);
    for _ in 0..2 {
        let own = delete(server.account, server.account, AUTH_TOKEN);
        assert_eq!(own.send().await.unwrap().status(), 204);
    }
    assert_eq!(json_of(used()).await.0, 401);
    assert_eq!(json_of(server.get(&keys)).await.1[0]["revoked_at"], "2026-03-15T12:00:00Z");
}

#[tokio::test]
async fn a_key_needs_known_scopes() {
    let server = Server::start().await;
    let keys = format!("/v1/accounts/{}/api-keys", server.account);
    for (body, detail) in [
        (json!({}), "missing field `scopes`"),
        (json!({ "scopes": [] }), "scopes: must name at least one of mint, ingest, read, admin"),
        (
            json!({ "scopes": ["write"] }),
            "scopes[0]: unknown variant `write`, expected one of `mint`, `ingest`, `read`, `admin`",
        ),
    ] {
        let (status, problem) = json_of(server.post(&keys).json(&body)).await;
        assert_eq!((status, problem["detail"].as_str().unwrap()), (400, detail));
    }
}
