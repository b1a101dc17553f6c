//! The permissions of rating tokens, and tokens that are refused.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use ringback_api::CallSid;
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, Server, WRONG_TOKEN, json_of};

const START: &str = "2026-03-15T11:50:00Z";

/// Signs a token with a common JWT library, as a customer's backend does.
fn sign(header: &Value, claims: &Value, secret: &str) -> String {
    let header: Header = serde_json::from_value(header.clone()).unwrap();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

fn good_header() -> Value {
    json!({ "typ": "ringback-rating+jwt", "alg": "HS256" })
}

/// The claims of a valid token that `issuer` issues now.
fn good_claims(server: &Server, issuer: impl std::fmt::Display) -> Value {
    let now = server.app.clock.now().as_second();
    json!({
        "iss": issuer.to_string(), "sub": server.account, "aud": "ringback", "iat": now, "exp": now + 3600,
        "jti": "1", "call": CallSid::from_bytes([1; 16]),
    })
}

async fn rate(server: &Server, path: &str, token: &str) -> u16 {
    json_of(server.request(Method::POST, path).bearer_auth(token).form(&[("QualityScore", "4")])).await.0
}

#[tokio::test]
async fn a_token_rates_and_reads_its_own_leg() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let token = server.mint(json!({ "call": CallSid::from_bytes([1; 16]) })).await;
    assert_eq!(rate(&server, &path, &token).await, 201);
    assert_eq!(json_of(server.request(Method::GET, &path).bearer_auth(&token)).await.0, 200);
    // A form or a beacon sends the token in the body.
    let form = [("QualityScore", "1"), ("Token", &token)];
    assert_eq!(json_of(server.request(Method::POST, &path).form(&form)).await.0, 200);
    assert_eq!(server.ratings().await, 1);
}

#[tokio::test]
async fn a_token_creates_a_call_that_no_feed_reported() {
    let server = Server::start().await;
    let (key, secret) = server.key("mint").await;
    let mut claims = good_claims(&server, key);
    claims["call"] = json!("a/b@host");
    claims["party"] = json!("alice");
    claims["started_at"] = json!("2026-03-14T23:10:00Z");
    claims["direction"] = json!("inbound");
    claims["labels"] = json!({ "queue": "sales" });
    let token = sign(&good_header(), &claims, &secret);
    assert_eq!(rate(&server, &server.feedback("a%2Fb%40host"), &token).await, 201);
    let stats = format!("/v1/accounts/{}/stats?from=2026-03-14&to=2026-03-15", server.account);
    let (_, stats) = json_of(server.get(&stats)).await;
    let counted: Vec<_> = stats["series"].as_array().unwrap().iter().map(|day| &day["calls"]).collect();
    assert_eq!(counted, [&json!(1), &json!(0)]);

    // Both sides of a call rate separately.
    claims["party"] = json!("bob");
    let token = sign(&good_header(), &claims, &secret);
    assert_eq!(rate(&server, &server.feedback("a%2Fb%40host"), &token).await, 201);
    assert_eq!(server.ratings().await, 2);
}

#[tokio::test]
async fn a_token_reaches_nothing_but_its_leg() {
    let server = Server::start().await;
    server.call(1, START).await;
    let other = server.call(2, START).await;
    let token = server.mint(json!({ "call": CallSid::from_bytes([1; 16]) })).await;
    let own = server.feedback(CallSid::from_bytes([1; 16]));
    let of_stranger = own.replace(&server.account.to_string(), &server.stranger.to_string());
    for path in [&server.feedback(other), &server.feedback("x"), &of_stranger] {
        assert_eq!(rate(&server, path, &token).await, 404, "{path}");
    }
    let account = format!("/v1/accounts/{}", server.account);
    for (method, path, body) in [
        (Method::GET, format!("{account}/stats?from=2026-03-01&to=2026-03-02"), json!(null)),
        (Method::POST, format!("{account}/calls"), json!({ "call": "x", "started_at": START })),
        (Method::POST, format!("{account}/rating-tokens"), json!({ "call": "x" })),
    ] {
        assert_eq!(json_of(server.request(method, &path).bearer_auth(&token).json(&body)).await.0, 404, "{path}");
    }
    let summaries = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-02")];
    assert_eq!(json_of(server.request(Method::POST, &summaries).bearer_auth(&token).form(&form)).await.0, 404);
    assert_eq!(server.ratings().await, 0);
}

#[tokio::test]
async fn a_parent_may_sign_for_its_subaccount_but_not_the_other_way_round() {
    let server = Server::start().await;
    let mut claims = good_claims(&server, server.account);
    claims["sub"] = json!(server.subaccount);
    let path = server.feedback(CallSid::from_bytes([1; 16]));
    let path = path.replace(&server.account.to_string(), &server.subaccount.to_string());
    assert_eq!(rate(&server, &path, &sign(&good_header(), &claims, AUTH_TOKEN)).await, 201);
    let claims = good_claims(&server, server.subaccount);
    let token = sign(&good_header(), &claims, crate::support::SUBACCOUNT_TOKEN);
    assert_eq!(rate(&server, &server.feedback(CallSid::from_bytes([1; 16])), &token).await, 401);
}

#[tokio::test]
async fn bad_tokens_are_refused() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let (key, secret) = server.key("mint").await;
    let (reader, reader_secret) = server.key("read").await;
    let claims = good_claims(&server, key);
    let now = server.app.clock.now().as_second();
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        sign(&good_header(), &claims, &secret)
    };
    let without = |name: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        sign(&good_header(), &claims, &secret)
    };
    let good = sign(&good_header(), &claims, &secret);
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let typ = good_header()["typ"].clone();
    let none = part(&json!({ "typ": typ, "alg": "none" }));
    for (flaw, token) in [
        ("expired", with("exp", json!(now))),
        ("issued in the future", with("iat", json!(now + 120))),
        ("not valid yet", with("nbf", json!(now + 120))),
        ("an expiry that is not after iat", with("iat", json!(now + 3600))),
        ("two audiences", with("aud", json!(["ringback"]))),
        ("longer than 30 days", with("exp", json!(now + 30 * 24 * 3600 + 1))),
        ("another audience", with("aud", json!("somebody"))),
        ("an unknown issuer", with("iss", json!("SKffffffffffffffffffffffffffffffff"))),
        ("an issuer of another account", with("iss", json!(server.stranger))),
        ("an issuer that is not a sid", with("iss", json!("me"))),
        ("somebody else's account", with("sub", json!(server.stranger))),
        ("an empty call", with("call", json!(""))),
        ("a party of a CallSid", with("party", json!("alice"))),
        ("no call", without("call")),
        ("no expiry", without("exp")),
        ("no audience", without("aud")),
        ("a key without the scope", sign(&good_header(), &good_claims(&server, reader), &reader_secret)),
        ("a wrong key", sign(&good_header(), &claims, WRONG_TOKEN)),
        ("another type", sign(&json!({ "typ": "JWT", "alg": "HS256" }), &claims, &secret)),
        ("an extension that must be understood", {
            let head = part(&json!({ "typ": typ, "alg": "HS256", "crit": ["b64"], "b64": false }));
            format!("{head}.{payload}.{signature}")
        }),
        ("another algorithm", {
            let mut header = Header::new(Algorithm::HS512);
            header.typ = Some("ringback-rating+jwt".into());
            sign(&serde_json::to_value(header).unwrap(), &claims, &secret)
        }),
        ("alg: none, no signature", format!("{none}.{payload}.")),
        ("alg: none, a signature", format!("{none}.{payload}.{signature}")),
        ("no signature", format!("{head}.{payload}.")),
        ("two parts", format!("{head}.{payload}")),
        ("four parts", format!("{good}.x")),
        ("another payload", format!("{head}.{}.{signature}", part(&good_claims(&server, server.account)))),
        ("not base64", "a.b.c".to_owned()),
        ("an empty token", String::new()),
    ] {
        assert_eq!(rate(&server, &path, &token).await, 401, "{flaw}");
    }
    assert_eq!(server.ratings().await, 0);
    assert_eq!(rate(&server, &path, &good).await, 201);
    server.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(rate(&server, &path, &good).await, 401, "the token has expired");
}

/// The status, code and message for a rating with this token.
async fn refusal(server: &Server, token: &str) -> (u16, Value, String) {
    let path = server.feedback(CallSid::from_bytes([1; 16]));
    let (status, body) = json_of(server.request(Method::POST, &path).form(&[("Token", token)])).await;
    (status, body["code"].clone(), body["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_error_names_the_bad_claim() {
    let server = Server::start().await;
    let now = server.app.clock.now().as_second();
    let with = |name: &str, value: Value| {
        let mut claims = good_claims(&server, server.account);
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = good_claims(&server, server.account);
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    for (claims, expected) in [
        (with("aud", json!("me")), "aud must be 'ringback'; got 'me'"),
        (with("aud", json!(["ringback"])), "aud: invalid type: sequence, expected a string"),
        (with("exp", json!(now + 31 * 86_400)), "exp must be at most 2592000 s (30 days) after iat; got 2678400 s"),
        (with("exp", json!(now)), "exp must be after iat; exp is 1773576000 and iat is 1773576000"),
        (with("labels", json!({ "a b": "c" })), "labels: a label's key must be"),
        (with("iat", json!(1.5)), "iat: invalid type: floating point `1.5`, expected a whole number"),
        (with("iat", json!(now * 1000)), "iat must be in seconds since 1970, not in milliseconds; got 1773576000000"),
        (
            with("exp", json!((now + 60) * 1000)),
            "exp must be in seconds since 1970, not in milliseconds; got 1773576060000",
        ),
        (with("nbf", json!(now * 1000)), "nbf must be in seconds since 1970, not in milliseconds; got 1773576000000"),
        (
            with("iat", json!(now + 61)),
            "iat must be at most 60 s ahead of this server's clock; it is 61 s ahead, so the signer's clock is ahead",
        ),
        (with("nbf", json!(now + 90)), "nbf must be at most 60 s ahead of this server's clock; it is 90 s ahead"),
        (
            with("direction", json!("incoming")),
            "direction: unknown variant `incoming`, expected `inbound` or `outbound`",
        ),
        (with("party", json!("alice")), "party must be omitted for a CallSid, which already names one leg"),
        (without("jti"), "missing field `jti`"),
        (without("exp"), "missing field `exp`"),
        (
            with("sub", json!(server.stranger)),
            &format!("sub must be the account of iss or one of its subaccounts; got {}", server.stranger),
        ),
    ] {
        let (status, code, message) = refusal(&server, &sign(&good_header(), &claims, AUTH_TOKEN)).await;
        assert_eq!((status, code), (401, json!(20003)), "{message}");
        let (_, mistake) = message.split_once("The rating token has invalid claims: ").unwrap();
        assert!(mistake.starts_with(expected), "{mistake}");
    }
    let (reader, secret) = server.key("read").await;
    let (_, _, message) = refusal(&server, &sign(&good_header(), &good_claims(&server, reader), &secret)).await;
    assert_eq!(message, "The rating token has invalid claims: iss is an API key that lacks the scope mint");
    // A bad token in a form must not open the browser's login dialog.
    let path = server.feedback(CallSid::from_bytes([1; 16]));
    let response = server.request(Method::POST, &path).form(&[("Token", "x")]).send().await.unwrap();
    assert_eq!(crate::support::header(&response, "www-authenticate"), "Bearer");
}

#[tokio::test]
async fn an_error_names_the_bad_header() {
    let server = Server::start().await;
    let good = sign(&good_header(), &good_claims(&server, server.account), AUTH_TOKEN);
    let (_, rest) = good.split_once('.').unwrap();
    let with = |header: &Value| format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()));
    let typ = "ringback-rating+jwt";
    for (token, expected) in [
        (with(&json!({ "alg": "HS256" })), "typ in its header must be \"ringback-rating+jwt\"; it is missing"),
        (
            with(&json!({ "typ": "JWT", "alg": "HS256" })),
            "typ in its header must be \"ringback-rating+jwt\"; got \"JWT\"",
        ),
        (
            with(&json!({ "typ": "\u{7}<script>", "alg": "HS256" })),
            "typ in its header must be \"ringback-rating+jwt\"; got \"\\u0007<script>\"",
        ),
        (
            with(&json!({ "typ": "x".repeat(5000), "alg": "HS256" })),
            &format!("typ in its header must be \"ringback-rating+jwt\"; got \"{}…", "x".repeat(99)),
        ),
        (with(&json!({ "typ": typ })), "alg in its header must be \"HS256\"; it is missing"),
        (with(&json!({ "typ": typ, "alg": "HS512" })), "alg in its header must be \"HS256\"; got \"HS512\""),
        (with(&json!({ "typ": typ, "alg": 5 })), "alg in its header must be \"HS256\"; got 5"),
        (with(&json!({ "typ": typ, "alg": "HS256", "crit": ["b64"] })), "crit in its header is not supported"),
        (with(&json!([])), "its header must be a JSON object in base64url without padding"),
        ("a.b.c".to_owned(), "its header must be a JSON object in base64url without padding"),
        (
            format!("{}.e30=.x", good.split_once('.').unwrap().0),
            "its payload must be a JSON object in base64url without padding",
        ),
        ("a.b".to_owned(), "it must have three parts with dots between them"),
        (format!("{good}.x"), "it must have three parts with dots between them"),
        (String::new(), "it must have three parts with dots between them"),
    ] {
        let (status, code, message) = refusal(&server, &token).await;
        let whole = format!("The rating token is malformed: {expected}");
        assert_eq!((status, code, message), (401, json!(20003), whole));
    }
}

#[tokio::test]
async fn an_unknown_issuer_and_a_wrong_secret_look_the_same_and_no_claim_is_repeated() {
    let server = Server::start().await;
    let (key, secret) = server.key("mint").await;
    let mut unknown = good_claims(&server, "SKffffffffffffffffffffffffffffffff");
    let mut wrong = good_claims(&server, key);
    // These mistakes show only after the signature.
    for claims in [&mut unknown, &mut wrong] {
        claims["direction"] = json!("incoming");
    }
    let mut answers = Vec::new();
    for (claims, secret) in [
        (&unknown, &*secret),
        (&wrong, WRONG_TOKEN),
        (&good_claims(&server, "ACffffffffffffffffffffffffffffffff"), AUTH_TOKEN),
        (&good_claims(&server, server.stranger), AUTH_TOKEN),
    ] {
        answers.push(refusal(&server, &sign(&good_header(), claims, secret)).await);
    }
    let message = "The rating token is not signed with the secret of its iss, or its iss is unknown or revoked";
    assert_eq!(answers, vec![(401, json!(20003), message.to_owned()); 4]);
    let (_, _, message) = refusal(&server, &sign(&good_header(), &good_claims(&server, "me&you"), AUTH_TOKEN)).await;
    assert_eq!(
        message,
        "The rating token has invalid claims: \
         iss must be the AccountSid (AC…) or the sid of the API key (SK…) whose secret signs the token"
    );
}

#[tokio::test]
async fn an_expired_token_has_a_code_and_a_type_of_its_own() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x", "expires_in": 60 })).await;
    let v1 = format!("/v1/accounts/{}/calls/x/asked", server.account);
    let twilio = server.feedback("x");
    let post = |path: &str, token: &str| json_of(server.request(Method::POST, path).bearer_auth(token));
    server.clock.advance(SignedDuration::from_secs(60));
    let (status, body) = post(&twilio, &token).await;
    let expected = json!({
        "code": 20104, "message": "The rating token has expired",
        "more_info": "https://www.twilio.com/docs/errors/20104", "status": 401,
    });
    assert_eq!((status, body), (401, expected));
    let (status, body) = post(&v1, &token).await;
    let expected = json!({
        "type": "/problems/expired-token", "title": "Unauthorized", "status": 401,
        "detail": "The rating token has expired",
    });
    assert_eq!((status, body), (401, expected));
    // A new token does not help with any other mistake.
    let revocations = format!("/v1/accounts/{}/rating-tokens/revocations", server.account);
    let revoked = server.mint(json!({ "call": "x" })).await;
    assert_eq!(server.post(&revocations).json(&json!({ "call": "x" })).send().await.unwrap().status(), 204);
    for token in [&*revoked, "x"] {
        assert_eq!(post(&twilio, token).await.1["code"], json!(20003));
        assert_eq!(post(&v1, token).await.1["type"], json!("about:blank"));
    }
}
