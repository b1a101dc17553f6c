use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use ringback_api::{CallSid, Leg};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{AUTH_TOKEN, Server, json_of};

const START: &str = "2026-03-15T08:00:00Z";

fn path(server: &Server) -> String {
    format!("/v1/accounts/{}/calls", server.account)
}

async fn calls_on(server: &Server, date: &str) -> Value {
    let stats = format!("/v1/accounts/{}/stats?from={date}&to={date}", server.account);
    json_of(server.get(&stats)).await.1["totals"]["calls"].clone()
}

#[tokio::test]
async fn a_call_is_recorded_and_corrected() {
    let server = Server::start().await;
    let call = json!({
        "call": "a@b", "party": "alice", "started_at": START, "duration": 61, "direction": "inbound",
        "from": "+4930123", "to": "sip:x@y", "status": "completed", "labels": { "queue": "sales" },
    });
    let leg = Leg::new("a@b".parse().unwrap(), Some("alice".parse().unwrap())).unwrap();
    let sid = leg.sid(&server.account);
    assert_eq!(json_of(server.post(&path(&server)).json(&call)).await, (200, json!({ "sid": sid })));

    // A correction moves the call together with its rating.
    json_of(server.post(&server.feedback(sid)).form(&[("QualityScore", "2"), ("Issue", "one-way-audio")])).await;
    let correction = json!({ "call": "a@b", "party": "alice", "started_at": "2026-03-12T08:00:00Z" });
    assert_eq!(json_of(server.post(&path(&server)).json(&correction)).await.0, 200);
    assert_eq!(calls_on(&server, "2026-03-15").await, 0);
    assert_eq!(calls_on(&server, "2026-03-12").await, 1);
    assert_eq!(server.ratings().await, 1);
}

#[tokio::test]
async fn ndjson_records_good_lines_and_reports_an_error_for_each_bad_line() {
    let server = Server::start().await;
    let long = format!(r#"{{"call":"{}"}}"#, "x".repeat(64 * 1024));
    let lines = [
        r#"{"call":"1","started_at":"2026-03-15T08:00:00Z"}"#,
        "",
        "nonsense",
        &long,
        r#"{"call":"2","started_at":"2026-03-15T08:00:00Z","duration":-1}"#,
        r#"{"call":"3"}"#,
        r#"{"call":"4","started_at":"2026-03-17T08:00:00Z"}"#,
        r#"{"call":"5","started_at":"1999-12-31T23:59:59Z"}"#,
        "{\"call\":\"6\",\"started_at\":\"2026-03-15T08:00:00Z\"}\r",
        "\u{0}\u{1}",
        r#"{"call":"7","started_at":"2026-03-15T08:00:00Z"} {"call":"8"}"#,
        r#"{"call":"9","started_at":"2026-03-15T08:00:00Z","labels":{"a b":"c"}}"#,
    ];
    let request = server.post(&path(&server)).header("content-type", "application/x-ndjson").body(lines.join("\n"));
    let (status, report) = json_of(request).await;
    assert_eq!((status, &report["recorded"], &report["refused"]), (200, &json!(2), &json!(9)));
    let errors: Vec<_> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["line"].as_u64().unwrap(), e["error"].as_str().unwrap()))
        .collect();
    let expected = [
        (3, "expected a JSON object"),
        (4, "the line is longer than 65536 bytes"),
        (5, "duration: invalid value: integer `-1`, expected a whole number from 0 to 4294967295"),
        (6, "started_at is required"),
        (7, "started_at: must be from 2000-01-01T00:00:00Z to 2026-03-16T12:00:00Z, got 2026-03-17T08:00:00Z"),
        (8, "started_at: must be from 2000-01-01T00:00:00Z"),
        (10, "expected a JSON object"),
        (11, "invalid JSON: trailing characters"),
        (12, "labels: a label's key must be"),
    ];
    assert_eq!(errors.len(), expected.len());
    for ((line, error), (expected_line, expected)) in errors.iter().zip(expected) {
        assert_eq!(*line, expected_line);
        assert!(error.starts_with(expected), "{line}: {error}");
    }
    assert_eq!(calls_on(&server, "2026-03-15").await, 2);
}

#[tokio::test]
async fn a_long_stream_is_stored_in_batches() {
    let server = Server::start().await;
    let lines = (0..1234).map(|n| format!("{{\"call\":\"{n}\",\"started_at\":\"{START}\"}}\n"));
    // Chunks do not end where lines end.
    let bytes: Vec<u8> = lines.collect::<String>().into_bytes();
    let chunks: Vec<_> = bytes.chunks(1000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    let request = server.post(&path(&server)).header("content-type", "application/x-ndjson").body(body);
    assert_eq!(json_of(request).await, (200, json!({ "recorded": 1234, "refused": 0, "errors": [] })));
    assert_eq!(calls_on(&server, "2026-03-15").await, 1234);
    server.ratings().await;
}

#[tokio::test]
async fn bad_requests_are_refused_as_a_whole() {
    let server = Server::start().await;
    let good = json!({ "sid": CallSid::from_bytes([1; 16]), "started_at": START });
    let (ingest, ingest_secret) = server.key("ingest").await;
    let (read, read_secret) = server.key("read").await;
    let path = path(&server);
    let post = || server.request(Method::POST, &path);
    for (request, status) in [
        (post().json(&good), 401),
        (post().basic_auth(read, Some(&read_secret)).json(&good), 403),
        (post().basic_auth(ingest, Some(&ingest_secret)).json(&good), 200),
        (server.post(&path).body("x"), 415),
        (server.post(&path).json(&json!([null, "x", null, START, null, null, null, null, null, {}])), 400),
        (server.post(&path).header("content-type", "application/json").body("x".repeat(65 * 1024)), 413),
        (server.post(&path.replace(&server.account.to_string(), &server.stranger.to_string())).json(&good), 404),
        (server.post("/v1/accounts/AC1/calls").json(&good), 404),
        (server.get(&path), 405),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        if status != 200 {
            assert_eq!(crate::support::header(&response, "content-type"), "application/problem+json");
            let problem: Value = response.json().await.unwrap();
            assert_eq!(problem["status"], status);
            assert!(!problem["detail"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(calls_on(&server, "2026-03-15").await, 1);
}

#[tokio::test]
async fn an_error_quotes_only_part_of_a_long_value() {
    let server = Server::start().await;
    let call = json!({ "call": "x", "started_at": START, "direction": "x".repeat(60_000) });
    let (status, problem) = json_of(server.post(&path(&server)).json(&call)).await;
    let detail = problem["detail"].as_str().unwrap();
    assert!(status == 400 && detail.starts_with("direction: unknown variant `xxx") && detail.len() < 400, "{detail}");
}

#[tokio::test]
async fn an_unreadable_body_is_not_reported_as_too_large() {
    let server = Server::start().await;
    let credentials = BASE64_STANDARD.encode(format!("{}:{AUTH_TOKEN}", server.account));
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\nnot a length\r\n",
        path(&server)
    );
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("The body could not be read"), "{answer}");
}
