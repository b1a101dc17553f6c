//! Bad input gets the documented status and body, and stores nothing.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{AUTH_TOKEN, Server, WRONG_TOKEN, header, json_of};

const START: &str = "2026-03-15T11:50:00Z";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn bad_parameters_and_bodies_are_refused() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let long_comment = format!("QualityScore=5&Comment={}", "x".repeat(1001));
    let too_large = format!("QualityScore=5&Unknown={}", "x".repeat(64 * 1024));
    for (content_type, body, status, message) in [
        (FORM, &b""[..], 400, "Parameter QualityScore is required and must be an integer from 1 to 5"),
        (FORM, b"Issue=dropped-call", 400, "Parameter QualityScore is required and must be an integer from 1 to 5"),
        (FORM, b"QualityScore=0", 400, "Parameter QualityScore must be an integer from 1 to 5; got '0'"),
        (FORM, b"QualityScore=6", 400, "Parameter QualityScore must be an integer from 1 to 5; got '6'"),
        (FORM, b"QualityScore=4.5", 400, "Parameter QualityScore must be an integer from 1 to 5; got '4.5'"),
        (FORM, b"QualityScore=five", 400, "Parameter QualityScore must be an integer from 1 to 5; got 'five'"),
        (
            FORM,
            b"QualityScore=5&Issue=noise",
            400,
            "Parameter Issue must be one of imperfect-audio, dropped-call, \
            incorrect-caller-id, post-dial-delay, digits-not-captured, unsolicited-call, audio-latency, one-way-audio; got 'noise'",
        ),
        (
            FORM,
            long_comment.as_bytes(),
            400,
            &format!("Parameter Comment must be at most 1000 characters long; got '{}…'", "x".repeat(100)),
        ),
        (
            FORM,
            b"QualityScore=5&Revision=x",
            400,
            "Parameter Revision must be an integer from 0 to 4294967295; got 'x'",
        ),
        (FORM, b"QualityScore=5&Comment=%FF", 400, "The body must be UTF-8"),
        (FORM, b"QualityScore=5\xff", 400, "The body must be UTF-8"),
        (FORM, too_large.as_bytes(), 413, "The body is larger than 65536 bytes"),
        (
            "application/json",
            b"{\"QualityScore\":5}",
            400,
            "The body must be application/x-www-form-urlencoded; got 'application/json'",
        ),
    ] {
        let request = server.post(&path).header("content-type", content_type).body(body.to_vec());
        let more_info = "https://www.twilio.com/docs/errors/20001";
        let expected = json!({ "code": 20001, "message": message, "more_info": more_info, "status": status });
        assert_eq!(json_of(request).await, (status, expected));
    }
    assert_eq!(server.ratings().await, 0);
}

#[tokio::test]
async fn an_error_has_the_requested_format() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await).replace(".json", "");
    let response = server.post(&path).body("x").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        response.text().await.unwrap(),
        "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20001</Code>\
         <Message>The body must be application/x-www-form-urlencoded; got &apos;&apos;</Message>\
         <MoreInfo>https://www.twilio.com/docs/errors/20001</MoreInfo><Status>400</Status></RestException></TwilioResponse>"
    );
    let unknown = server.get("/2010-04-01/Nothing").send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    let text = unknown.text().await.unwrap();
    assert!(text.contains("<Message>The requested resource /2010-04-01/Nothing was not found</Message>"), "{text}");
    let slash = server.get("/2010-04-01/").send().await.unwrap().text().await.unwrap();
    assert!(slash.contains("<Message>The requested resource /2010-04-01/ was not found</Message>"), "{slash}");
    for path in [
        "/2010-04-01/Nothing.json",
        "/2010-04-01/Accounts/AC1/Calls/CA1/Feedback/more.json",
        "/2010-04-01/Accounts/%FF/Calls/CA1/Feedback.json",
        "/2010-04-01/Accounts/AC1/Calls/%FF/Feedback.json",
        "/2010-04-01/Accounts/AC1/Calls/FeedbackSummary/%FF.json",
    ] {
        let (status, body) = json_of(server.get(path)).await;
        assert_eq!((status, &body["message"]), (404, &json!(format!("The requested resource {path} was not found"))));
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_with_the_allowed_ones() {
    let server = Server::start().await;
    let feedback = server.feedback(server.call(1, START).await);
    let summaries = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    let summary = summaries.replace(".json", &format!("/FS{}.json", "0".repeat(32)));
    for (path, method, allow) in [
        (&feedback, Method::PUT, "GET,HEAD,POST"),
        (&feedback, Method::DELETE, "GET,HEAD,POST"),
        (&summaries, Method::GET, "POST"),
        (&summary, Method::POST, "GET,HEAD,DELETE"),
    ] {
        let response = server.request(method, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&response, "allow"), allow);
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!((&body["code"], &body["status"]), (&json!(20004), &json!(405)));
    }
}

#[tokio::test]
async fn bad_credentials_are_refused() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, START).await);
    let rate = || server.request(Method::POST, &path).form(&[("QualityScore", "5")]);
    for (request, challenge) in [
        (rate(), "Basic realm=\"Twilio API\""),
        (rate().basic_auth(server.account, Some(WRONG_TOKEN)), "Basic realm=\"Twilio API\""),
        (rate().basic_auth(server.account, Some("")), "Basic realm=\"Twilio API\""),
        (rate().basic_auth("ACffffffffffffffffffffffffffffffff", Some(AUTH_TOKEN)), "Basic realm=\"Twilio API\""),
        (rate().basic_auth("SKffffffffffffffffffffffffffffffff", Some(AUTH_TOKEN)), "Basic realm=\"Twilio API\""),
        (rate().basic_auth("admin", Some("admin")), "Basic realm=\"Twilio API\""),
        (rate().header("authorization", "Basic !!!"), "Basic realm=\"Twilio API\""),
        (rate().header("authorization", "Basic"), "Basic realm=\"Twilio API\""),
        (rate().header("authorization", "Digest x"), "Basic realm=\"Twilio API\""),
        // A Basic challenge would open the browser's login dialog.
        (rate().header("sec-fetch-mode", "cors"), "Bearer"),
        (rate().bearer_auth("nonsense"), "Bearer"),
        (rate().header("cookie", "ringback-session=1234").header("origin", &server.url), "Bearer"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(header(&response, "www-authenticate"), challenge);
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!((&body["code"], &body["status"]), (&json!(20003), &json!(401)));
    }
    assert_eq!(server.ratings().await, 0);
}
