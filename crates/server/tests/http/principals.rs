//! The status of every route for every kind of principal.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::{Method, RequestBuilder};
use ringback_api::{AccountSid, CallSid};
use ringback_server::jobs::summaries;
use ringback_server::store::{AccountId, NewAccount};
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, STRANGER_TOKEN, SUBACCOUNT_TOKEN, Server, WRONG_TOKEN, header, json_of};

const CALL: [u8; 16] = [1; 16];
const SIBLING_TOKEN: &str = "dddddddddddddddddddddddddddddddd";
const SUSPENDED_TOKEN: &str = "cccccccccccccccccccccccccccccccc";
/// The statuses for the account itself, in the order of the routes in `statuses`.
const ALL: &str =
    "200 200 201 200 204 200 201 204 204 204 200 200 200 200 200 200 200 200 200 200 200 200 200 200 201 200 201 204";
/// The statuses for a subaccount, which cannot have subaccounts.
const SUB: &str =
    "200 200 201 200 204 200 201 204 204 204 200 200 200 200 200 200 200 200 200 200 200 200 200 200 409 200 201 204";

/// The credentials of a request.
enum Credentials {
    None,
    Basic(String, String),
    Bearer(String),
    /// The cookie and `Sec-Fetch-Site`.
    Session(String, &'static str),
}

impl Credentials {
    fn add_to(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => request,
            Self::Basic(user, secret) => request.basic_auth(user, Some(secret)),
            Self::Bearer(token) => request.bearer_auth(token),
            Self::Session(cookie, site) => request.header("cookie", cookie).header("sec-fetch-site", *site),
        }
    }
}

fn basic(user: impl ToString, secret: &str) -> Credentials {
    Credentials::Basic(user.to_string(), secret.to_owned())
}

/// Requests every route of the account and returns the statuses.
async fn statuses(server: &Server, account: AccountSid, credentials: &Credentials) -> Vec<(&'static str, u16)> {
    let call = CallSid::from_bytes(CALL);
    let twilio = format!("/2010-04-01/Accounts/{account}/Calls");
    let v1 = format!("/v1/accounts/{account}");
    let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-02")];
    let summaries = format!("{twilio}/FeedbackSummary.json");
    let (_, summary) = json_of(server.post(&summaries).form(&form)).await;
    summaries::run_due(&server.app).await.unwrap();
    let summary = format!("{twilio}/FeedbackSummary/{}.json", summary["sid"].as_str().unwrap());
    let (_, kept) = json_of(server.post(&summaries).form(&form)).await;
    let feedback = format!("{twilio}/{call}/Feedback.json");
    let keys = format!("{v1}/api-keys");
    let (_, key) = json_of(server.post(&keys).json(&json!({ "scopes": ["mint"] }))).await;
    let key = format!("{keys}/{}", key["sid"].as_str().unwrap());
    let request = |method, path: &str| credentials.add_to(server.request(method, path));
    let post = |path: &str, body: Value| request(Method::POST, &format!("{v1}{path}")).json(&body);
    let mut answers = Vec::new();
    for (route, request) in [
        ("GET feedback", request(Method::GET, &feedback)),
        ("POST feedback", request(Method::POST, &feedback).form(&[("QualityScore", "4")])),
        ("POST summary", request(Method::POST, &summaries).form(&form)),
        ("GET summary", request(Method::GET, &summary)),
        ("DELETE summary", request(Method::DELETE, &summary)),
        ("POST calls", post("/calls", json!({ "sid": call, "started_at": "2026-03-15T08:00:00Z" }))),
        ("POST rating-tokens", post("/rating-tokens", json!({ "call": call }))),
        ("POST revocations", post("/rating-tokens/revocations", json!({ "jti": "unknown" }))),
        ("POST asked", request(Method::POST, &format!("{v1}/calls/{call}/asked"))),
        ("POST dismissed", request(Method::POST, &format!("{v1}/calls/{call}/dismissed"))),
        ("GET stats", request(Method::GET, &format!("{v1}/stats?from=2026-03-01&to=2026-03-02"))),
        ("GET events", request(Method::GET, &format!("{v1}/events"))),
        ("GET stats.csv", request(Method::GET, &format!("{v1}/stats.csv?from=2026-03-01&to=2026-03-02"))),
        ("GET list", request(Method::GET, &format!("{v1}/feedback"))),
        ("GET list.csv", request(Method::GET, &format!("{v1}/feedback.csv"))),
        ("GET call", request(Method::GET, &format!("{v1}/calls/{call}"))),
        ("GET callbacks", request(Method::GET, &format!("{v1}/callbacks"))),
        ("GET summaries", request(Method::GET, &format!("{v1}/summaries"))),
        ("GET summary in v1", request(Method::GET, &format!("{v1}/summaries/{}", kept["sid"].as_str().unwrap()))),
        ("GET labels", request(Method::GET, &format!("{v1}/labels"))),
        ("GET account", request(Method::GET, &v1)),
        ("PATCH account", request(Method::PATCH, &v1).json(&json!({}))),
        ("POST erasures", post("/erasures", json!({ "caller": "nobody" }))),
        ("GET subaccounts", request(Method::GET, &format!("{v1}/subaccounts"))),
        ("POST subaccounts", post("/subaccounts", json!({ "name": "x" }))),
        ("GET api-keys", request(Method::GET, &keys)),
        ("POST api-keys", post("/api-keys", json!({ "scopes": ["mint"] }))),
        ("DELETE api-key", request(Method::DELETE, &key)),
    ] {
        answers.push((route, request.send().await.unwrap().status().as_u16()));
    }
    answers
}

fn encode(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

fn sign(typ: &str, claims: &Value, secret: &str) -> Credentials {
    let header = jsonwebtoken::Header { typ: Some(typ.into()), ..Default::default() };
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    Credentials::Bearer(jsonwebtoken::encode(&header, claims, &key).unwrap())
}

/// Creates a subaccount.
async fn subaccount(server: &Server, n: u8, token: &str) -> (AccountSid, AccountId) {
    let auth_token = server.app.vault.seal(token, &*server.app.entropy).unwrap();
    let parent = server.app.store.account(server.account).await.unwrap().map(|account| account.id);
    let new = NewAccount { sid: AccountSid::from_bytes([n; 16]), parent, name: "A".into(), auth_token, is_demo: false };
    let account = server.app.store.create_account(new, server.app.clock.now()).await.unwrap().unwrap();
    (account.sid, account.id)
}

/// Reports the call to the account, and rates it.
async fn report_and_rate(server: &Server, account: AccountSid) {
    let call = CallSid::from_bytes(CALL);
    let report = json!({ "sid": call, "started_at": "2026-03-15T08:00:00Z" });
    json_of(server.post(&format!("/v1/accounts/{account}/calls")).json(&report)).await;
    let path = format!("/2010-04-01/Accounts/{account}/Calls/{call}/Feedback.json");
    assert_eq!(json_of(server.post(&path).form(&[("QualityScore", "4")])).await.0, 201);
}

/// The cookie of a new session.
async fn sign_in(server: &Server, account: AccountSid, secret: &str) -> String {
    let credentials = json!({ "username": account, "password": secret });
    let response = server.request(Method::POST, "/v1/session").json(&credentials).send().await.unwrap();
    header(&response, "set-cookie").split(';').next().unwrap().to_owned()
}

/// The number of documented operations below an account; each operation of Twilio's API counts once, as `.json`.
fn documented_operations() -> usize {
    let document = serde_json::to_value(ringback_server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let below_accounts = paths.filter(|(path, _)| path.starts_with("/v1/accounts") || path.contains(".json"));
    below_accounts
        .map(|(_, verbs)| verbs.as_object().unwrap().keys().filter(|verb| *verb != "parameters").count())
        .sum()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table with a row per principal")]
async fn every_principal_gets_the_expected_status_on_every_route() {
    let server = Server::start().await;
    let (own, sub) = (server.account, server.subaccount);
    let (sibling, _) = subaccount(&server, 4, SIBLING_TOKEN).await;
    let (suspended, suspended_id) = subaccount(&server, 5, SUSPENDED_TOKEN).await;
    for account in [own, sub, suspended] {
        report_and_rate(&server, account).await;
    }
    server.app.store.suspend(suspended_id, Some(server.app.clock.now())).await.unwrap();

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
    let revoked_by_jti = server.mint(json!({ "call": CallSid::from_bytes(CALL) })).await;
    let claims_of = |token: &str| {
        let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        serde_json::from_slice::<Value>(&payload).unwrap()
    };
    let revoked_by_leg = server.mint(json!({ "call": CallSid::from_bytes([9; 16]) })).await;
    for which in [json!({ "jti": claims_of(&revoked_by_jti)["jti"] }), json!({ "call": CallSid::from_bytes([9; 16]) })]
    {
        let path = format!("/v1/accounts/{own}/rating-tokens/revocations");
        assert_eq!(server.post(&path).json(&which).send().await.unwrap().status(), 204);
    }
    let other_leg = server.mint(json!({ "call": CallSid::from_bytes([2; 16]) })).await;
    let [_, payload, signature]: [&str; 3] = this_leg.split('.').collect::<Vec<_>>().try_into().unwrap();
    let now = server.app.clock.now().as_second();
    let claims = |account: AccountSid, exp: i64| {
        json!({
            "iss": account, "sub": account, "aud": "ringback", "iat": now - 60, "exp": exp, "jti": "1",
            "call": CallSid::from_bytes(CALL),
        })
    };
    let typ = "ringback-rating+jwt";
    let expired = sign(typ, &claims(own, now), AUTH_TOKEN);
    let of_suspended = sign(typ, &claims(suspended, now + 60), SUSPENDED_TOKEN);
    let wrong_signature = sign(typ, &claims(own, now + 60), WRONG_TOKEN);
    let wrong_typ = sign("JWT", &claims(own, now + 60), AUTH_TOKEN);
    let none = format!("{}.{payload}.{signature}", encode(&json!({ "typ": typ, "alg": "none" })));

    let cookie = sign_in(&server, own, AUTH_TOKEN).await;

    let mut columns = 0;
    for (name, account, credentials, expected) in [
        ("no credentials", own, Credentials::None, "401"),
        ("a wrong secret", own, basic(own, WRONG_TOKEN), "401"),
        ("the account", own, basic(own, AUTH_TOKEN), ALL),
        ("its parent", sub, basic(own, AUTH_TOKEN), SUB),
        ("itself, a subaccount", sub, basic(sub, SUBACCOUNT_TOKEN), SUB),
        ("its child", own, basic(sub, SUBACCOUNT_TOKEN), "404"),
        ("its sibling", sub, basic(sibling, SIBLING_TOKEN), "404"),
        ("a stranger", own, basic(server.stranger, STRANGER_TOKEN), "404"),
        ("a stranger to the subaccount", sub, basic(server.stranger, STRANGER_TOKEN), "404"),
        (
            "a mint key",
            own,
            mint,
            "403 403 403 403 403 403 201 204 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403",
        ),
        (
            "an ingest key",
            own,
            ingest,
            "403 200 403 403 403 200 403 403 204 204 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403",
        ),
        (
            "a read key",
            own,
            read,
            "200 403 201 200 204 403 403 403 403 403 200 200 200 200 200 200 200 200 200 200 200 403 403 200 403 403 403 403",
        ),
        ("an admin key", own, admin, ALL),
        ("a revoked key", own, revoked, "401"),
        (
            "this leg's token",
            own,
            Credentials::Bearer(this_leg),
            "200 200 404 404 404 404 404 404 204 204 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404",
        ),
        ("another leg's token", own, Credentials::Bearer(other_leg), "404"),
        ("an expired token", own, expired, "401"),
        ("a wrong signature", own, wrong_signature, "401"),
        ("a wrong typ", own, wrong_typ, "401"),
        ("alg: none", own, Credentials::Bearer(none), "401"),
        ("a token revoked by its jti", own, Credentials::Bearer(revoked_by_jti), "401"),
        ("a token revoked with its leg", own, Credentials::Bearer(revoked_by_leg), "401"),
        ("a suspended account", suspended, basic(suspended, SUSPENDED_TOKEN), "403"),
        ("its token", suspended, of_suspended, "403"),
        (
            "its parent",
            suspended,
            basic(own, AUTH_TOKEN),
            "200 403 201 200 204 403 403 403 403 403 200 200 200 200 200 200 200 200 200 200 200 200 200 200 409 200 201 204",
        ),
        ("a session", own, Credentials::Session(cookie.clone(), "same-origin"), ALL),
        (
            "a session from a sibling origin",
            own,
            Credentials::Session(cookie, "same-site"),
            "200 403 403 200 403 403 403 403 403 403 200 200 200 200 200 200 200 200 200 200 200 403 403 200 403 200 403 403",
        ),
    ] {
        let expected: Vec<u16> = expected.split(' ').map(|status| status.parse().unwrap()).collect();
        let answers = statuses(&server, account, &credentials).await;
        columns = answers.len();
        assert!(expected.len() == 1 || expected.len() == answers.len(), "{name}: {expected:?}");
        for ((route, status), expected) in answers.into_iter().zip(expected.into_iter().cycle()) {
            assert_eq!(status, expected, "{name}: {route}");
        }
    }
    assert_eq!(columns, documented_operations(), "every operation below an account has its column");
    assert_eq!(server.ratings().await, 3);
}
