//! Every route × everybody who may knock, and what each is answered.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::{Method, RequestBuilder};
use ringback_api::{AccountSid, CallSid};
use ringback_server::store::NewAccount;
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, STRANGER_TOKEN, SUBACCOUNT_TOKEN, Server, WRONG_TOKEN, header, json_of};

const CALL: [u8; 16] = [1; 16];
const SIBLING_TOKEN: &str = "dddddddddddddddddddddddddddddddd";
/// The routes, in the order of the columns below.
const ROUTES: [&str; 10] = [
    "GET feedback",
    "POST feedback",
    "POST summary",
    "GET summary",
    "DELETE summary",
    "POST calls",
    "POST tokens",
    "POST asked",
    "POST dismissed",
    "GET stats",
];
const ALL: [u16; 10] = [200, 200, 201, 200, 204, 200, 201, 204, 204, 200];

/// Who knocks.
enum Who {
    Nobody,
    Basic(String, String),
    Bearer(String),
    /// With the headers that a browser adds.
    Session(String, &'static str),
}

impl Who {
    fn identify(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Nobody => request,
            Self::Basic(user, secret) => request.basic_auth(user, Some(secret)),
            Self::Bearer(token) => request.bearer_auth(token),
            Self::Session(cookie, site) => request.header("cookie", cookie).header("sec-fetch-site", *site),
        }
    }
}

fn basic(user: impl ToString, secret: &str) -> Who {
    Who::Basic(user.to_string(), secret.to_owned())
}

/// Knocks at every route of the account; the statuses.
async fn knock(server: &Server, account: AccountSid, who: &Who) -> [u16; 10] {
    let call = CallSid::from_bytes(CALL);
    let twilio = format!("/2010-04-01/Accounts/{account}/Calls");
    let v1 = format!("/v1/accounts/{account}");
    let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-02")];
    let summaries = format!("{twilio}/FeedbackSummary.json");
    let (_, summary) = json_of(server.post(&summaries).form(&form)).await;
    let summary = format!("{twilio}/FeedbackSummary/{}.json", summary["sid"].as_str().unwrap());
    let feedback = format!("{twilio}/{call}/Feedback.json");
    let request = |method, path: &str| who.identify(server.request(method, path));
    let requests = [
        request(Method::GET, &feedback),
        request(Method::POST, &feedback).form(&[("QualityScore", "4")]),
        request(Method::POST, &summaries).form(&form),
        request(Method::GET, &summary),
        request(Method::DELETE, &summary),
        request(Method::POST, &format!("{v1}/calls"))
            .json(&json!({ "sid": call, "started_at": "2026-03-15T08:00:00Z" })),
        request(Method::POST, &format!("{v1}/rating-tokens")).json(&json!({ "call": call })),
        request(Method::POST, &format!("{v1}/calls/{call}/asked")),
        request(Method::POST, &format!("{v1}/calls/{call}/dismissed")),
        request(Method::GET, &format!("{v1}/stats?from=2026-03-01&to=2026-03-02")),
    ];
    let mut statuses = [0; 10];
    for (status, request) in statuses.iter_mut().zip(requests) {
        *status = request.send().await.unwrap().status().as_u16();
    }
    statuses
}

fn encode(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

#[tokio::test]
async fn the_table() {
    let server = Server::start().await;
    let (own, sub) = (server.account, server.subaccount);
    for account in [own, sub] {
        let call = json!({ "sid": CallSid::from_bytes(CALL), "started_at": "2026-03-15T08:00:00Z" });
        json_of(server.post(&format!("/v1/accounts/{account}/calls")).json(&call)).await;
        let path = format!("/2010-04-01/Accounts/{account}/Calls/{}/Feedback.json", CallSid::from_bytes(CALL));
        assert_eq!(json_of(server.post(&path).form(&[("QualityScore", "4")])).await.0, 201);
    }

    let auth_token = server.app.vault.seal(SIBLING_TOKEN, &*server.app.entropy).unwrap();
    let parent = server.app.store.account(own).await.unwrap().map(|account| account.id);
    let sibling = AccountSid::from_bytes([4; 16]);
    let new = NewAccount { sid: sibling, parent, name: "Sibling".into(), auth_token, is_demo: false };
    server.app.store.create_account(new, server.app.clock.now()).await.unwrap().unwrap();

    let mut keys = Vec::new();
    for scopes in ["mint", "ingest", "read", "admin", "read,admin"] {
        let (sid, secret) = server.key(scopes).await;
        keys.push(basic(sid, &secret));
        if scopes == "read,admin" {
            assert!(server.app.store.revoke_api_key(sid, server.app.clock.now()).await.unwrap());
        }
    }
    let [mint, ingest, read, admin, revoked] = keys.try_into().ok().unwrap();

    let this_leg = server.mint(json!({ "call": CallSid::from_bytes(CALL) })).await;
    let other_leg = server.mint(json!({ "call": CallSid::from_bytes([2; 16]) })).await;
    let [_, payload, signature]: [&str; 3] = this_leg.split('.').collect::<Vec<_>>().try_into().unwrap();
    let now = server.app.clock.now().as_second();
    let claims = |exp: i64| {
        json!({
            "iss": own, "sub": own, "aud": "ringback", "iat": now - 60, "exp": exp, "jti": "1", "call": CallSid::from_bytes(CALL),
        })
    };
    let sign = |typ: &str, claims: &Value, secret: &str| {
        let header = jsonwebtoken::Header { typ: Some(typ.into()), ..Default::default() };
        jsonwebtoken::encode(&header, claims, &jsonwebtoken::EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    let typ = "ringback-rating+jwt";
    let expired = sign(typ, &claims(now), AUTH_TOKEN);
    let wrong_signature = sign(typ, &claims(now + 60), WRONG_TOKEN);
    let wrong_typ = sign("JWT", &claims(now + 60), AUTH_TOKEN);
    let none = format!("{}.{payload}.{signature}", encode(&json!({ "typ": typ, "alg": "none" })));

    let credentials = json!({ "username": own, "password": AUTH_TOKEN });
    let response = server.request(Method::POST, "/v1/session").json(&credentials).send().await.unwrap();
    let cookie = header(&response, "set-cookie").split(';').next().unwrap().to_owned();

    for (what, account, who, expected) in [
        ("nobody", own, Who::Nobody, [401; 10]),
        ("a wrong secret", own, basic(own, WRONG_TOKEN), [401; 10]),
        ("the account", own, basic(own, AUTH_TOKEN), ALL),
        ("its parent", sub, basic(own, AUTH_TOKEN), ALL),
        ("itself, a subaccount", sub, basic(sub, SUBACCOUNT_TOKEN), ALL),
        ("its child", own, basic(sub, SUBACCOUNT_TOKEN), [404; 10]),
        ("its sibling", sub, basic(sibling, SIBLING_TOKEN), [404; 10]),
        ("a stranger", own, basic(server.stranger, STRANGER_TOKEN), [404; 10]),
        ("a stranger to the subaccount", sub, basic(server.stranger, STRANGER_TOKEN), [404; 10]),
        ("a key to mint", own, mint, [403, 403, 403, 403, 403, 403, 201, 403, 403, 403]),
        ("a key to ingest", own, ingest, [403, 200, 403, 403, 403, 200, 403, 204, 204, 403]),
        ("a key to read", own, read, [200, 403, 201, 200, 204, 403, 403, 403, 403, 200]),
        ("a key for all", own, admin, ALL),
        ("a revoked key", own, revoked, [401; 10]),
        ("this leg's token", own, Who::Bearer(this_leg), [200, 200, 404, 404, 404, 404, 404, 204, 204, 404]),
        ("another leg's token", own, Who::Bearer(other_leg), [404; 10]),
        ("an expired token", own, Who::Bearer(expired), [401; 10]),
        ("a wrong signature", own, Who::Bearer(wrong_signature), [401; 10]),
        ("a wrong typ", own, Who::Bearer(wrong_typ), [401; 10]),
        ("alg: none", own, Who::Bearer(none), [401; 10]),
        ("a session", own, Who::Session(cookie.clone(), "same-origin"), ALL),
        (
            "a session from a sibling origin",
            own,
            Who::Session(cookie, "same-site"),
            [200, 403, 403, 200, 403, 403, 403, 403, 403, 200],
        ),
    ] {
        let statuses = knock(&server, account, &who).await;
        for ((route, status), expected) in ROUTES.iter().zip(statuses).zip(expected) {
            assert_eq!(status, expected, "{what}: {route}");
        }
    }
    assert_eq!(server.ratings().await, 2);
}
