//! Rate limits.

use jiff::SignedDuration;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, Server, header, json_of};

async fn statuses(requests: impl IntoIterator<Item = RequestBuilder>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    statuses
}

async fn refused(request: RequestBuilder) -> (String, Value) {
    let response: Response = request.send().await.unwrap();
    assert_eq!(response.status(), 429);
    (header(&response, "retry-after").to_owned(), response.json().await.unwrap())
}

#[tokio::test]
async fn all_tokens_of_a_leg_share_sixty_requests_a_minute() {
    let server = Server::start().await;
    let token = server.mint(json!({ "call": "x" })).await;
    let again = server.mint(json!({ "call": "x" })).await;
    let other = server.mint(json!({ "call": "y" })).await;
    let rate = |call, token: &str| {
        let request = server.request(Method::POST, &server.feedback(call)).bearer_auth(token);
        request.form(&[("QualityScore", "5")])
    };
    let sixty = statuses((0..60).map(|_| rate("x", &token))).await;
    assert_eq!((sixty[0], &sixty[1..]), (201, &[200; 59][..]));
    let (retry_after, body) = refused(rate("x", &again)).await;
    assert_eq!(retry_after, "1");
    assert_eq!(
        body,
        json!({
            "code": 20429, "message": "Too many requests for this call; please try again after 1 s",
            "more_info": "https://www.twilio.com/docs/errors/20429", "status": 429,
        })
    );
    let path = format!("/v1/accounts/{}/calls/x/asked", server.account);
    let (retry_after, problem) = refused(server.request(Method::POST, &path).bearer_auth(&token)).await;
    assert_eq!((retry_after.as_str(), &problem["title"]), ("1", &json!("Too Many Requests")));

    assert_eq!(json_of(rate("y", &other)).await.0, 201, "another leg has its own limit");
    let own = server.post(&server.feedback("x")).form(&[("QualityScore", "5")]);
    assert_eq!(json_of(own).await.0, 200, "the account's own credentials have no limit");
    server.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(statuses([rate("x", &token), rate("x", &token)]).await, [200, 429]);
    server.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(statuses((0..61).map(|_| rate("x", &token))).await, [vec![200; 60], vec![429]].concat());
}

#[tokio::test]
async fn each_user_has_ten_attempts_to_sign_in_a_minute() {
    let server = Server::start().await;
    let sign_in = |user: &str, password: &str| {
        let credentials = json!({ "username": user, "password": password });
        server.request(Method::POST, "/v1/session").json(&credentials)
    };
    let user = server.account.to_string();
    assert_eq!(statuses((0..10).map(|n| sign_in(&user, &n.to_string()))).await, [401; 10]);
    // Another spelling is the same user, and even the right password has to wait.
    let (retry_after, problem) = refused(sign_in(&user.to_uppercase(), AUTH_TOKEN)).await;
    assert_eq!(retry_after, "6");
    assert_eq!(problem["detail"], "Too many sign-in attempts; please try again after 6 s");
    let (key, secret) = server.key("read").await;
    assert_eq!(statuses([sign_in(&key.to_string(), &secret)]).await, [200], "another user has their own limit");
    assert_eq!(
        json_of(server.get(&format!("/v1/accounts/{user}"))).await.0,
        200,
        "the limit does not apply to the API"
    );
    server.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(statuses([sign_in(&user, AUTH_TOKEN)]).await, [200]);
    // All unknown users share one limit, which does not affect existing users.
    let unknown = |n: usize| match n % 3 {
        0 => format!("AC{n:032x}"),
        1 => format!("SK{n:032x}"),
        _ => format!("{n}{}", "x".repeat(1000)),
    };
    let attempts = (0..11).map(|n| sign_in(&unknown(n), "x"));
    assert_eq!(statuses(attempts).await, [vec![401; 10], vec![429]].concat());
    server.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(statuses([sign_in(&user, AUTH_TOKEN), sign_in(&unknown(11), "x")]).await, [200, 401]);
}
