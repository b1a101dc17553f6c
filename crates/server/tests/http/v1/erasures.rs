use jiff::SignedDuration;
use reqwest::Method;
use ringback_api::{CallSid, Leg};
use serde_json::{Value, json};

use crate::support::{Server, json_of};

const ALICE: &str = "+49301234567";

fn call(sid: CallSid, from: &str, started_at: &str) -> Value {
    json!({ "sid": sid, "from": from, "to": "+4989765432", "started_at": started_at })
}

async fn report(server: &Server, call: Value) {
    let path = format!("/v1/accounts/{}/calls", server.account);
    assert_eq!(json_of(server.post(&path).json(&call)).await.0, 200);
}

async fn rate(server: &Server, sid: CallSid, score: &str, comment: &str) {
    let form = [("QualityScore", score), ("Comment", comment)];
    assert!(matches!(json_of(server.post(&server.feedback(sid)).form(&form)).await.0, 200 | 201));
}

async fn erase(server: &Server, caller: &str) -> Value {
    let path = format!("/v1/accounts/{}/erasures", server.account);
    let (status, body) = json_of(server.post(&path).json(&json!({ "caller": caller }))).await;
    assert_eq!(status, 200);
    body
}

/// Whether any file of the database contains `text`.
fn on_disk(server: &Server, text: &str) -> bool {
    std::fs::read_dir(server.folder()).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn erasing_a_caller_removes_them_from_disk_and_keeps_the_scores() {
    let server = Server::start().await;
    let [by, to, other] = [1, 2, 3].map(|n| CallSid::from_bytes([n; 16]));
    report(&server, call(by, ALICE, "2026-03-15T08:00:00Z")).await;
    report(&server, json!({ "sid": to, "to": ALICE, "started_at": "2026-03-15T08:00:00Z" })).await;
    report(&server, call(other, "+4940111", "2026-03-15T08:00:00Z")).await;
    rate(&server, by, "1", "this is alice speaking").await;
    rate(&server, other, "5", "this is bob speaking").await;
    let token = server.mint(json!({ "call": "x", "party": ALICE })).await;
    let link = async |party: &str| {
        let path = format!("/v1/accounts/{}/rating-tokens", server.account);
        let request = json!({ "call": "y", "party": party, "link": true });
        json_of(server.post(&path).json(&request)).await.1["link"].as_str().unwrap().to_owned()
    };
    let open = async |link: &str| {
        server.request(Method::GET, link.strip_prefix(&server.url).unwrap()).send().await.unwrap().status().as_u16()
    };
    let (of_alice, of_bob) = (link(ALICE).await, link("bob").await);
    let asked = format!("/v1/accounts/{}/calls/x/asked", server.account);
    assert_eq!(server.request(Method::POST, &asked).bearer_auth(&token).send().await.unwrap().status(), 204);
    // Enough calls to fill several database pages, which the erasure shrinks.
    for n in 10..60 {
        let sid = CallSid::from_bytes([n; 16]);
        report(&server, call(sid, ALICE, "2026-03-15T08:00:00Z")).await;
        rate(&server, sid, "3", &"this is alice speaking, ".repeat(30)).await;
    }
    server.clock.advance(SignedDuration::from_secs(60));

    assert_eq!(erase(&server, ALICE).await, json!({ "legs": 53 }));
    assert_eq!((open(&of_alice).await, open(&of_bob).await), (410, 200));
    assert_eq!(erase(&server, ALICE).await, json!({ "legs": 0 }));
    assert_eq!(server.ratings().await, 52);
    assert_eq!(json_of(server.get(&server.feedback(by))).await.1["quality_score"], 1);

    // Neither a repeated report nor a late comment brings personal data back.
    report(&server, call(by, ALICE, "2026-03-15T08:00:00Z")).await;
    report(&server, call(CallSid::from_bytes([4; 16]), ALICE, "2026-03-14T08:00:00Z")).await;
    rate(&server, by, "2", "this is alice speaking").await;
    let rate = server.request(Method::POST, &server.feedback("x")).bearer_auth(&token);
    let rate = rate.form(&[("QualityScore", "2"), ("Comment", "this is alice speaking")]);
    assert_eq!(json_of(rate).await.0, 201);
    server.app.store.close().await;
    assert!(on_disk(&server, "+4940111") && on_disk(&server, "this is bob speaking"));
    assert!(!on_disk(&server, ALICE) && !on_disk(&server, "this is alice speaking"));
}

#[tokio::test]
async fn a_leg_whose_caller_is_reported_after_the_erasure_is_erased_whole() {
    let server = Server::start().await;
    // The leg is reported without numbers and rated; its caller is reported only after the erasure.
    let without_numbers = json!({ "call": "abc@pbx", "started_at": "2026-03-15T08:00:00Z" });
    report(&server, without_numbers).await;
    let sid = Leg::new("abc@pbx".parse().unwrap(), None).unwrap().sid(&server.account);
    rate(&server, sid, "1", "this is alice speaking").await;
    server.clock.advance(SignedDuration::from_secs(60));
    erase(&server, ALICE).await;
    report(&server, json!({ "call": "abc@pbx", "from": ALICE, "started_at": "2026-03-15T08:00:00Z" })).await;
    assert_eq!(json_of(server.get(&server.feedback("abc%40pbx"))).await.1["quality_score"], 1);
    server.app.store.close().await;
    assert!(!on_disk(&server, ALICE) && !on_disk(&server, "this is alice speaking"));
}

#[tokio::test]
async fn a_call_after_the_erasure_is_recorded_with_its_caller() {
    let server = Server::start().await;
    erase(&server, ALICE).await;
    server.clock.advance(SignedDuration::from_secs(60));
    report(&server, call(CallSid::from_bytes([1; 16]), ALICE, "2026-03-15T12:00:30Z")).await;
    assert_eq!(erase(&server, ALICE).await, json!({ "legs": 1 }));
}
