//! Behaviour that official clients rely on: HEAD, OPTIONS, and when a connection stays open.

use crate::raw::{Connection, Reply, credentials};
use crate::support::Server;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const RATING: &str = "QualityScore=4&Issue=dropped-call";

struct Paths {
    feedback: String,
    summaries: String,
    summary: String,
}

/// Creates a rated call and a summary.
async fn paths(server: &Server) -> Paths {
    let feedback = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    server.post(&feedback).form(&[("QualityScore", "4")]).send().await.unwrap();
    let summaries = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary.json", server.account);
    let form = [("StartDate", "2026-03-01"), ("EndDate", "2026-03-02")];
    let summary: serde_json::Value = server.post(&summaries).form(&form).send().await.unwrap().json().await.unwrap();
    let summary = summaries.replace(".json", &format!("/{}.json", summary["sid"].as_str().unwrap()));
    Paths { feedback, summaries, summary }
}

fn without_date(mut reply: Reply) -> (u16, Vec<(String, String)>) {
    reply.headers.retain(|(name, _)| name != "date");
    (reply.status, reply.headers)
}

#[tokio::test]
async fn head_equals_get_without_the_body() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let mut connection = Connection::open(&server).await;
    let good = credentials(&server);
    let v1 = format!("/v1/accounts/{}", server.account);
    let stats = format!("{v1}/stats?from=2026-03-01&to=2026-03-02");
    for (path, headers, status) in [
        (paths.feedback.as_str(), &[good.as_str()][..], 200),
        (&paths.feedback.replace(".json", ".xml"), &[&good], 200),
        (&paths.feedback.replace(".json", ""), &[&good], 200),
        (&paths.summary, &[&good], 200),
        (&paths.summary.replace(".json", ".xml"), &[&good], 200),
        (&paths.feedback, &[], 401),
        (&paths.feedback.replace("Calls/CA01", "Calls/CA02"), &[&good], 404),
        (&stats, &[&good], 200),
        (&format!("{v1}/stats"), &[&good], 400),
        (&format!("{v1}/nothing"), &[&good], 404),
        ("/2010-04-01/Nothing.json", &[&good], 404),
        ("/openapi.json", &[], 200),
    ] {
        connection.request(&format!("GET {path}"), headers, "").await;
        let get = connection.reply().await;
        assert!(get.status == status && !get.body.is_empty(), "{path}: {get:?}");
        connection.request(&format!("HEAD {path}"), headers, "").await;
        let head = connection.head_of_reply().await;
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
        assert_eq!(without_date(head), without_date(get), "{path}");
    }
}

#[tokio::test]
async fn options_answers_preflights_on_browser_routes_and_is_405_elsewhere() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let mut connection = Connection::open(&server).await;
    let asked = paths
        .feedback
        .replace("/2010-04-01/Accounts", "/v1/accounts")
        .replace("Calls", "calls")
        .replace("Feedback.json", "asked");
    for path in [paths.feedback.as_str(), &paths.feedback.replace(".json", ""), &asked] {
        let preflight = [
            "Origin: https://softphone.example",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization",
        ];
        connection.request(&format!("OPTIONS {path}"), &preflight, "").await;
        let reply = connection.reply().await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("*")), "{path}");
        assert!(reply.header("access-control-allow-methods").unwrap().contains("POST"));
        assert_eq!(reply.header("access-control-allow-headers"), Some("authorization"));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
    let v1 = format!("/v1/accounts/{}", server.account);
    for (path, allow) in [
        (paths.summaries.as_str(), "POST"),
        (&paths.summary, "GET,HEAD,DELETE"),
        (&format!("{v1}/calls"), "POST"),
        (&format!("{v1}/rating-tokens"), "POST"),
        (&format!("{v1}/stats"), "GET,HEAD"),
        ("/v1/session", "GET,HEAD,POST,DELETE"),
    ] {
        connection.request(&format!("OPTIONS {path}"), &["Origin: https://softphone.example"], "").await;
        let reply = connection.reply().await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)), "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
        assert!(!reply.body.is_empty());
    }
}

#[tokio::test]
async fn connection_close_is_echoed_and_the_connection_is_closed() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let good = credentials(&server);
    for (line, headers, body) in [
        (format!("GET {}", paths.feedback), &[good.as_str()][..], ""),
        (format!("POST {}", paths.feedback), &[&good, FORM], RATING),
        (format!("POST {}", paths.feedback), &[FORM], RATING),
        (format!("DELETE {}", paths.summary), &[&good, "Content-Length: 0"], ""),
        (format!("PUT {}", paths.feedback), &[&good], ""),
        ("GET /2010-04-01/Nothing".to_owned(), &[&good], ""),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.request(&line, &[headers, &["Connection: close"]].concat(), body).await;
        let reply = connection.reply().await;
        assert!(reply.closes(), "{line}: {reply:?}");
        assert!(connection.is_closed().await, "{line}");
    }
}

#[tokio::test]
async fn a_connection_survives_every_error() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let good = credentials(&server);
    let too_large = format!("QualityScore=5&Unknown={}", "x".repeat(100_000));
    let calls = format!("POST /v1/accounts/{}/calls", server.account);
    let rate = format!("POST {}", paths.feedback);
    let mut connection = Connection::open(&server).await;
    for (line, headers, body, status) in [
        (rate.as_str(), &[FORM][..], RATING, 401),
        (&rate, &[&good, FORM], "QualityScore=6", 400),
        (&rate, &[&good, FORM], "QualityScore=5&Comment=%FF", 400),
        (&rate, &[&good, "Content-Type: text/plain"], RATING, 400),
        (&rate, &[&good, FORM], &too_large, 413),
        (&rate.replace("Calls/CA01", "Calls/CA02"), &[&good, FORM], RATING, 404),
        ("POST /2010-04-01/Nothing.json", &[FORM], &too_large, 404),
        (&format!("PUT {}", paths.feedback), &[FORM], RATING, 405),
        (&format!("DELETE {}", paths.summary), &[&good], "", 409),
        // Refused on the head alone; the body stays unread.
        (&calls, &["Content-Type: application/json"], &too_large, 401),
        (&calls, &["Content-Type: application/x-ndjson"], &too_large, 401),
        (&calls, &[&good, "Content-Type: text/csv"], &too_large, 415),
        (&calls, &[&good, "Content-Type: application/json"], &too_large, 413),
        (&rate, &[&good, FORM], RATING, 200),
    ] {
        // Python's client writes head and body separately, so the response may be ready before the body arrives.
        let head = Connection::head(line, headers);
        connection.send(format!("{head}Content-Length: {}\r\n\r\n", body.len())).await;
        let (early, late) = body.split_at(body.len() / 2);
        for part in [early, late] {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            connection.send(part).await;
        }
        let reply = connection.reply().await;
        assert_eq!(reply.status, status, "{line} {headers:?}: {reply:?}");
        assert!(!reply.closes(), "{line} {headers:?} {status}");
    }
}

#[tokio::test]
async fn a_body_far_too_large_gets_413_and_ends_the_connection() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let mut connection = Connection::open(&server).await;
    let head = Connection::head(&format!("POST {}", paths.feedback), &[&credentials(&server), FORM]);
    connection.send(format!("{head}Content-Length: 1000000000\r\n\r\nQualityScore=5")).await;
    let reply = connection.reply().await;
    assert!(reply.status == 413 && reply.closes(), "{reply:?}");
    assert!(reply.body.contains("\"code\":20001"), "{reply:?}");
    assert!(connection.is_closed().await);
}

#[tokio::test]
async fn expect_100_continue_gets_100_or_the_error() {
    let server = Server::start().await;
    let paths = paths(&server).await;
    let good = credentials(&server);
    let line = format!("POST {}", paths.feedback);
    let length = format!("Content-Length: {}", RATING.len());
    let expect = "Expect: 100-continue";

    let mut connection = Connection::open(&server).await;
    for _ in 0..2 {
        connection.request(&line, &[&good, FORM, expect, &length], "").await;
        assert_eq!(connection.reply().await.status, 100);
        connection.send(RATING).await;
        assert_eq!(connection.reply().await.status, 200);
    }

    // Refused on the head alone: the error replaces the 100, and the client does not send the body. Further bytes could
    // be the body or a new request, so the connection ends.
    let calls = format!("POST /v1/accounts/{}/calls", server.account);
    let json = "Content-Type: application/json";
    for (line, headers, status) in [
        (calls.as_str(), &[json, expect, &length][..], 401),
        (&calls, &[&good, "Content-Type: text/csv", expect, &length], 415),
        (&line, &[&good, FORM, expect, "Content-Length: 65537"], 413),
        (&line, &[&good, json, expect, &length], 400),
        ("POST /2010-04-01/Nothing", &[FORM, expect, &length], 404),
        (&line.replace("POST", "PUT"), &[FORM, expect, &length], 405),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.request(line, headers, "").await;
        let reply = connection.reply().await;
        assert_eq!(reply.status, status, "{line}: {reply:?}");
        assert!(reply.closes(), "{line}: {reply:?}");
        assert!(connection.is_closed().await, "{line}");
    }
}
