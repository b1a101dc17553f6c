//! Ratings as they come, over real connections.

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

/// One event, as a browser understands it.
#[derive(Debug, PartialEq)]
struct Event {
    id: u64,
    name: String,
    data: Value,
}

impl Events {
    /// Follows; the number that the stream begins with comes first.
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

    /// The next block of lines; `None` at the end of the stream.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let rest = self.read.split_off(end + 2);
                return Some(std::mem::replace(&mut self.read, rest));
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk()).await;
            let Ok(chunk) = chunk else { panic!("neither an event nor the end") };
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

    /// The next event's call and score.
    async fn rated(&mut self) -> (u8, u64) {
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
async fn new_and_changed_ratings_arrive_once_as_the_list_shows_them() {
    let server = Server::start().await;
    rate_own(&server, 1, "1").await;
    let (mut events, begin) = Events::follow(server.get(&path(server.account))).await;
    rate_own(&server, 2, "4").await;
    let event = events.next().await.unwrap();
    let list = format!("/v1/accounts/{}/feedback?score=4", server.account);
    let row = json_of(server.get(&list)).await.1["calls"][0].clone();
    assert_eq!(event, Event { id: begin + 1, name: "rating".to_owned(), data: row });
    // The same again is no news; a change is.
    rate_own(&server, 2, "4").await;
    rate_own(&server, 1, "5").await;
    assert_eq!(events.rated().await, (1, 5));
    rate_own(&server, 2, "3").await;
    assert_eq!(events.rated().await, (2, 3));
}

#[tokio::test]
async fn other_accounts_are_not_heard() {
    let server = Server::start().await;
    let (mut own, _) = Events::follow(server.get(&path(server.account))).await;
    let with_subaccounts = format!("{}?subaccounts=true", path(server.account));
    let (mut all, _) = Events::follow(server.get(&with_subaccounts)).await;
    rate(&server, server.stranger, STRANGER_TOKEN, 1, "1").await;
    rate(&server, server.subaccount, SUBACCOUNT_TOKEN, 2, "2").await;
    rate_own(&server, 3, "3").await;
    assert_eq!(own.rated().await, (3, 3));
    assert_eq!((all.rated().await, all.rated().await), ((2, 2), (3, 3)));
}

#[tokio::test]
async fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
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
            assert_eq!(events.rated().await, (n, 2));
        }
        assert_eq!(events.rated().await, (2, 5));
    }
    // A number that was never given, of a database that is gone, is no reason to be silent.
    let (mut events, since) = Events::follow(server.get(&path(server.account)).header("last-event-id", "99999")).await;
    assert_eq!(since, first.id + 150);
    rate_own(&server, 1, "4").await;
    assert_eq!(events.rated().await, (1, 4));
}

#[tokio::test]
async fn it_ends_with_the_credentials_before_anything_more_is_told() {
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
    assert_eq!((by_key.rated().await, by_session.rated().await), ((1, 1), (1, 1)));

    assert!(server.app.store.revoke_api_key(key, server.app.clock.now()).await.unwrap());
    server.clock.advance(SignedDuration::from_hours(13));
    rate_own(&server, 2, "2").await;
    assert_eq!((by_key.next().await, by_session.next().await), (None, None));
}

#[tokio::test]
async fn it_ends_when_the_server_is_to_stop() {
    let server = Server::start().await;
    let (mut events, _) = Events::follow(server.get(&path(server.account))).await;
    server.stop();
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn what_is_refused() {
    let server = Server::start().await;
    let path = path(server.account);
    for (request, detail) in [
        (
            server.get(&path).header("last-event-id", "-1"),
            "Parameter Last-Event-ID must be the id of an event; got '-1'",
        ),
        (server.get(&format!("{path}?since=+1")), "Parameter since must be the id of an event; got ' 1'"),
        (server.get(&format!("{path}?since=")), "Parameter since must be the id of an event; got ''"),
        (server.get(&format!("{path}?score=1")), "Parameter 'score' is not known here; there are subaccounts, since"),
    ] {
        let (status, problem) = json_of(request).await;
        assert_eq!((status, &problem["detail"]), (400, &json!(detail)));
    }
}
