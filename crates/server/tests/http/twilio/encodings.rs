//! The encodings that known clients use for the same values.

use ringback_server::jobs::summaries;
use serde_json::json;

use crate::support::{Server, json_of};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn issues_may_be_repeated_comma_joined_or_under_their_old_name() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    for (body, issues) in [
        ("QualityScore=3&Issue=audio-latency&Issue=dropped-call", &["dropped-call", "audio-latency"][..]),
        ("QualityScore=3&Issue=audio-latency%2Cdropped-call", &["dropped-call", "audio-latency"]),
        ("QualityScore=3&Issue=audio-latency,dropped-call", &["dropped-call", "audio-latency"]),
        ("QualityScore=3&Issue=audio-latency%2C+dropped-call%2C", &["dropped-call", "audio-latency"]),
        ("Issues=audio-latency&QualityScore=3&Issues=dropped-call", &["dropped-call", "audio-latency"]),
        ("QualityScore=3&Issues=audio-latency&Issue=dropped-call", &["dropped-call", "audio-latency"]),
        ("QualityScore=3&Issue=dropped-call&Issue=dropped-call%2Cdropped-call", &["dropped-call"]),
        ("QualityScore=3&Issue=", &[]),
        ("QualityScore=3&Unknown=1&issue=nonsense", &[]),
        ("%51uality%53core=3&Is%73ue=one%2Dway-audio", &["one-way-audio"]),
    ] {
        let (status, answer) = json_of(server.post(&path).header("content-type", FORM).body(body)).await;
        assert!(matches!(status, 200 | 201), "{body}: {answer}");
        assert_eq!(answer["issues"], json!(issues), "{body}");
    }
}

#[tokio::test]
async fn the_content_type_may_have_a_charset_and_capitals() {
    let server = Server::start().await;
    let path = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    for content_type in [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-URLEncoded ; charset=\"utf-8\"",
    ] {
        let request = server.post(&path).header("content-type", content_type).body("QualityScore=3");
        assert!(json_of(request).await.0 < 300, "{content_type}");
    }
}

#[tokio::test]
async fn booleans_may_be_written_as_in_node_python_and_php() {
    let server = Server::start().await;
    let path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    for (text, expected) in [
        ("true", true),
        ("True", true),
        ("TRUE", true),
        ("1", true),
        ("false", false),
        ("False", false),
        ("FALSE", false),
        ("0", false),
    ] {
        let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-01"), ("IncludeSubaccounts", text)];
        let (status, queued) = json_of(server.post(&path).form(&form)).await;
        assert_eq!((status, &queued["include_subaccounts"]), (201, &json!(expected)), "{text}");
    }
    summaries::run_due(&server.app).await.unwrap();
    let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-01"), ("IncludeSubaccounts", "yes")];
    let (status, refused) = json_of(server.post(&path).form(&form)).await;
    assert_eq!(
        (status, &refused["message"]),
        (400, &json!("Parameter IncludeSubaccounts must be true or false; got 'yes'"))
    );
}
