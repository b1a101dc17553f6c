//! The stream of ratings as server-sent events, over real connections.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::{Method, RequestBuilder, Response};
use ringback_api::{AccountSid, CallSid};
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, STRANGER_TOKEN, SUBACCOUNT_TOKEN, Server, header, json_of};

/// A reader of server-sent events.
struct Events {
    response: Response,
    read: String,
}

/// An event as a browser parses it.
#[derive(Debug, PartialEq)]
struct Event {
    id: u64,
    name: String,
    data: Value,
}

impl Events {
    /// Opens the stream; also returns the event number that it starts from.
    async fn follow(request: RequestBuilder) -> (Self, u64) {
        let response = request.send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, "text/event-stream"));
        assert_eq!(header(&response, "cache-control"), "no-cache");
        let mut events = Self { response, read: String::new() };
        let begin = events.block().await.unwrap();
        assert!(begin.contains("retry: 2000") && !begin.contains("data"), "{begin}");
        let id = begin.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().parse().unwrap();
        (events, id)
    }

    /// The next block of the stream; `None` at its end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let rest = self.read.split_off(end + 2);
                return Some(std::mem::replace(&mut self.read, rest));
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk()).await;
            let Ok(chunk) = chunk else { panic!("no event and no end of the stream within 30 s") };
            let chunk = chunk.unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn next(&mut self) -> Option<Event> {
        let block = self.block().await?;
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let data = serde_json::from_str(field("data: ")).unwrap_or_else(|_| panic!("{block}"));
        Some(Event { id: field("id: ").parse().unwrap(), name: field("event: ").to_owned(), data })
    }

    /// The number of the next event's call, and its score.
    async fn next_rating(&mut self) -> (u8, u64) {
        let event = self.next().await.unwrap();
        let sid: CallSid = event.data["sid"].as_str().unwrap().parse().unwrap();
        (sid.as_bytes()[0], event.data["feedback"]["score"].as_u64().unwrap())
    }
}

fn path(account: AccountSid) -> String {
    format!("/v1/accounts/{account}/events")
}

/// Reports and rates a call of this account.
async fn rate(server: &Server, account: AccountSid, secret: &str, n: u8, score: &str) {
    let post = |path: &str| server.request(Method::POST, path).basic_auth(account, Some(secret));
    let call = json!({ "sid": CallSid::from_bytes([n; 16]), "started_at": "2026-03-10T09:00:00Z" });
    assert_eq!(json_of(post(&format!("/v1/accounts/{account}/calls")).json(&call)).await.0, 200);
    let sid = CallSid::from_bytes([n; 16]);
    let feedback = post(&format!("/2010-04-01/Accounts/{account}/Calls/{sid}/Feedback.json"));
    assert!([200, 201].contains(&json_of(feedback.form(&[("QualityScore", score)])).await.0));
}

async fn rate_own(server: &Server, n: u8, score: &str) {
    rate(server, server.account, AUTH_TOKEN, n, score).await;
}

#[tokio::test]
async fn each_new_or_changed_rating_arrives_once_as_a_row_of_the_list() {
    let server = Server::start().await;
    rate_own(&server, 1, "1").await;
    let (mut events, begin) = Events::follow(server.get(&path(server.account))).await;
    rate_own(&server, 2, "4").await;
    let event = events.next().await.unwrap();
    let list = format!("/v1/accounts/{}/feedback?score=4", server.account);
    let row = json_of(server.get(&list)).await.1["calls"][0].clone();
    assert_eq!(event, Event { id: begin + 1, name: "rating".to_owned(), data: row });
    // An identical rating sends no event; a changed one does.
    rate_own(&server, 2, "4").await;
    rate_own(&server, 1, "5").await;
    assert_eq!(events.next_rating().await, (1, 5));
    rate_own(&server, 2, "3").await;
    assert_eq!(events.next_rating().await, (2, 3));
}

#[tokio::test]
async fn ratings_of_other_accounts_do_not_arrive() {
    let server = Server::start().await;
    let (mut own, _) = Events::follow(server.get(&path(server.account))).await;
    let with_subaccounts = format!("{}?subaccounts=true", path(server.account));
    let (mut all, _) = Events::follow(server.get(&with_subaccounts)).await;
    rate(&server, server.stranger, STRANGER_TOKEN, 1, "1").await;
    rate(&server, server.subaccount, SUBACCOUNT_TOKEN, 2, "2").await;
    rate_own(&server, 3, "3").await;
    assert_eq!(own.next_rating().await, (3, 3));
    assert_eq!((all.next_rating().await, all.next_rating().await), ((2, 2), (3, 3)));
}

#[tokio::test]
async fn a_reconnecting_client_gets_every_missed_rating_once() {
    let server = Server::start().await;
    let (mut events, begin) = Events::follow(server.get(&path(server.account))).await;
    rate_own(&server, 1, "1").await;
    let first = events.next().await.unwrap();
    drop(events);
    for n in 2..=150 {
        rate_own(&server, n, "2").await;
    }
    rate_own(&server, 2, "5").await;
    for request in [
        server.get(&path(server.account)).header("last-event-id", first.id),
        server.get(&format!("{}?since={}", path(server.account), first.id)),
        server.get(&format!("{}?since={begin}", path(server.account))).header("last-event-id", first.id),
    ] {
        let (mut events, since) = Events::follow(request).await;
        assert_eq!(since, first.id);
        for n in 3..=150 {
            assert_eq!(events.next_rating().await, (n, 2));
        }
        assert_eq!(events.next_rating().await, (2, 5));
    }
    // New events also follow a number that was never assigned, as from a database that was replaced.
    let (mut events, since) = Events::follow(server.get(&path(server.account)).header("last-event-id", "99999")).await;
    assert_eq!(since, first.id + 150);
    rate_own(&server, 1, "4").await;
    assert_eq!(events.next_rating().await, (1, 4));
}

#[tokio::test]
async fn the_stream_ends_with_its_credentials_before_the_next_event() {
    let server = Server::start().await;
    let (key, secret) = server.key("read").await;
    let by_key = server.request(Method::GET, &path(server.account)).basic_auth(key, Some(&secret));
    let (mut by_key, _) = Events::follow(by_key).await;
    let credentials = json!({ "username": server.account, "password": AUTH_TOKEN });
    let response = server.request(Method::POST, "/v1/session").json(&credentials).send().await.unwrap();
    let cookie = header(&response, "set-cookie").split(';').next().unwrap().to_owned();
    let by_session = server.request(Method::GET, &path(server.account)).header("cookie", &cookie);
    let (mut by_session, _) = Events::follow(by_session).await;
    rate_own(&server, 1, "1").await;
    assert_eq!((by_key.next_rating().await, by_session.next_rating().await), ((1, 1), (1, 1)));

    assert!(server.app.store.revoke_api_key(key, server.app.clock.now()).await.unwrap());
    server.clock.advance(SignedDuration::from_hours(13));
    rate_own(&server, 2, "2").await;
    assert_eq!((by_key.next().await, by_session.next().await), (None, None));
}

#[tokio::test]
async fn the_stream_ends_when_the_server_stops() {
    let server = Server::start().await;
    let (mut events, _) = Events::follow(server.get(&path(server.account))).await;
    server.stop();
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn bad_parameters_are_refused() {
    let server = Server::start().await;
    let path = path(server.account);
    for (request, detail) in [
        (
            server.get(&path).header("last-event-id", "-1"),
            "Parameter Last-Event-ID must be the id of an event; got '-1'",
        ),
        (server.get(&format!("{path}?since=+1")), "Parameter since must be the id of an event; got ' 1'"),
        (server.get(&format!("{path}?since=")), "Parameter since must be the id of an event; got ''"),
        (server.get(&format!("{path}?score=1")), "Parameter 'score' is unknown; this route takes subaccounts, since"),
    ] {
        let (status, problem) = json_of(request).await;
        assert_eq!((status, &problem["detail"]), (400, &json!(detail)));
    }
}
