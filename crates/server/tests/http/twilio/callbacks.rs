use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use ringback_server::app::App;
use ringback_server::jobs::{callback_delivery, summaries};
use ringback_server::outbound::{AddressPolicy, Outbound};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::receiver::{ReceivedRequest, Receiver, Reply};
use crate::support::{AUTH_TOKEN, SUBACCOUNT_TOKEN, Server, json_of};

/// Longer than any reply takes, except those that are meant to time out.
const LONG_TIMEOUT: Duration = Duration::from_secs(20);
const SHORT_TIMEOUT: Duration = Duration::from_millis(300);

fn path(account: impl std::fmt::Display) -> String {
    format!("/2010-04-01/Accounts/{account}/Calls/FeedbackSummary.json")
}

/// Queues a summary with a callback and returns its sid.
async fn queue(server: &Server, url: &str, method: Option<&str>) -> String {
    let mut form = vec![("StartDate", "2026-03-10"), ("EndDate", "2026-03-10"), ("StatusCallback", url)];
    form.extend(method.map(|method| ("StatusCallbackMethod", method)));
    let (status, body) = json_of(server.post(&path(server.account)).form(&form)).await;
    assert_eq!(status, 201, "{body}");
    body["sid"].as_str().unwrap().to_owned()
}

/// Queues a summary, runs both jobs and returns its sid.
async fn queue_and_run(server: &Server, url: &str, method: Option<&str>) -> String {
    let sid = queue(server, url, method).await;
    run(&server.app).await;
    sid
}

async fn run(app: &App) {
    summaries::run_due(app).await.unwrap();
    callback_delivery::run_due(app).await.unwrap();
}

/// Lists the callbacks of the account.
async fn listed(server: &Server) -> Vec<Value> {
    let (status, body) = json_of(server.get(&format!("/v1/accounts/{}/callbacks", server.account))).await;
    assert_eq!((status, &body["next"]), (200, &json!(null)));
    body["callbacks"].as_array().unwrap().clone()
}

/// The only callback of the account.
async fn only_callback(server: &Server) -> Value {
    let [callback] = listed(server).await.try_into().unwrap();
    callback
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// Advances the clock to the next attempt of the only callback.
async fn advance_to_next_try(server: &Server) {
    let next = time(&only_callback(server).await["next_try_at"]);
    let wait = next.duration_since(server.app.clock.now());
    server.clock.advance(SignedDuration::from_secs(wait.as_secs() + i64::from(wait.subsec_nanos() > 0)));
}

/// HMAC-SHA1, written out from RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha1::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha1::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

/// The expected signature of a request.
fn signature(request: &ReceivedRequest, auth_token: &str) -> String {
    let mut text = request.url.clone();
    let pairs: BTreeSet<_> = form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    for (name, value) in pairs {
        text += &name;
        text += &value;
    }
    BASE64_STANDARD.encode(hmac(auth_token.as_bytes(), text.as_bytes()))
}

fn parameters(account: impl std::fmt::Display, sid: &str, status: &str) -> String {
    format!(
        "AccountSid={account}&FeedbackSummarySid={sid}&Status={status}\
         &ResourceUri=%2F2010-04-01%2FAccounts%2F{account}%2FCalls%2FFeedbackSummary%2F{sid}.json"
    )
}

#[tokio::test]
async fn a_post_is_signed_and_names_the_summary() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let receiver = Receiver::start([]).await;
    let url = format!("{}/ended?shop=7&b=%2f", receiver.url);
    let sid = queue_and_run(&server, &url, None).await;
    let [request] = receiver.requests().try_into().unwrap();
    assert_eq!((request.method.as_str(), &request.url), ("POST", &url));
    assert_eq!(request.body, parameters(server.account, &sid, "completed"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(request.headers["x-twilio-signature"], signature(&request, AUTH_TOKEN));
    assert_eq!(request.headers["content-length"], request.body.len().to_string());

    let expected = json!({
        "summary_sid": sid, "summary_status": "completed", "url": url, "method": "POST", "state": "delivered",
        "tries": 1, "last_status": 200, "last_error": null, "next_try_at": null,
        "created_at": "2026-03-15T12:00:00Z", "updated_at": "2026-03-15T12:00:00Z",
    });
    assert_eq!(listed(&server).await, [expected]);
    // It is sent once.
    run(&server.app).await;
    assert_eq!(receiver.requests().len(), 1);
    // The summary exists.
    assert_eq!(json_of(server.get(&path(server.account).replace(".json", &format!("/{sid}.json")))).await.0, 200);
}

#[tokio::test]
async fn a_get_has_its_parameters_in_the_query_and_is_signed() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let receiver = Receiver::start([]).await;
    for (path, requested) in [("/ended", "/ended?"), ("/?shop=7&b=%2f#top", "/?shop=7&b=%2f&")] {
        let sid = queue_and_run(&server, &format!("{}{path}", receiver.url), Some("GET")).await;
        let request = receiver.requests().pop().unwrap();
        let query = parameters(server.account, &sid, "completed");
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("GET", &*format!("{}{requested}{query}", receiver.url))
        );
        assert_eq!((request.body.as_str(), request.headers.get("content-type")), ("", None));
        assert_eq!(request.headers["x-twilio-signature"], signature(&request, AUTH_TOKEN));
    }
    assert_eq!(listed(&server).await[1]["url"], format!("{}/ended", receiver.url), "without the added parameters");
}

#[tokio::test]
async fn the_account_in_the_path_signs_and_failures_are_reported() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let receiver = Receiver::start([]).await;
    server.call(1, "2026-03-10T09:00:00Z").await;
    server.sql("UPDATE buckets SET calls = -1").await;
    let form = [
        ("StartDate", "2026-03-10"),
        ("EndDate", "2026-03-10"),
        ("IncludeSubaccounts", "true"),
        ("StatusCallback", &receiver.url),
    ];
    // The parent requests a summary of its subaccount.
    let (_, of_subaccount) = json_of(server.post(&path(server.subaccount)).form(&form)).await;
    let (_, own) = json_of(server.post(&path(server.account)).form(&form)).await;
    run(&server.app).await;
    let mut requests = receiver.requests();
    requests.sort_by_key(|request| request.body.contains("failed"));
    let sid = |summary: &Value| summary["sid"].as_str().unwrap().to_owned();
    assert_eq!(requests[0].body, parameters(server.subaccount, &sid(&of_subaccount), "completed"));
    assert_eq!(requests[0].headers["x-twilio-signature"], signature(&requests[0], SUBACCOUNT_TOKEN));
    assert_eq!(requests[1].body, parameters(server.account, &sid(&own), "failed"));
    assert_eq!(requests[1].headers["x-twilio-signature"], signature(&requests[1], AUTH_TOKEN));
    // Each account lists its own callbacks.
    assert_eq!(only_callback(&server).await["summary_status"], "failed");
}

#[tokio::test]
async fn a_failed_delivery_is_retried_with_growing_delays() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let receiver = Receiver::start([500, 503, 429].map(Reply::Status)).await;
    let sid = queue_and_run(&server, &receiver.url, None).await;
    for (tries, status) in [(1, 500), (2, 503), (3, 429)] {
        let callback = only_callback(&server).await;
        assert_eq!(
            (&callback["state"], &callback["tries"], &callback["last_status"], &callback["last_error"]),
            (&json!("pending"), &json!(tries), &json!(status), &json!(null))
        );
        // The delays are from half to all of 10, 20 and 40 seconds, and no attempt comes early.
        let delay = time(&callback["next_try_at"]).duration_since(server.app.clock.now()).as_secs();
        let full = 5 << tries;
        assert!((full / 2..=full).contains(&delay), "after {tries} tries: {delay} s");
        server.clock.advance(SignedDuration::from_secs(delay - 1));
        run(&server.app).await;
        assert_eq!(receiver.requests().len(), tries);
        advance_to_next_try(&server).await;
        run(&server.app).await;
        assert_eq!(receiver.requests().len(), tries + 1);
    }
    let callback = only_callback(&server).await;
    assert_eq!((&callback["state"], &callback["tries"]), (&json!("delivered"), &json!(4)));
    assert_eq!(callback["updated_at"], json!(server.app.clock.now()));
    // Every attempt has the same body.
    let bodies: BTreeSet<_> = receiver.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, BTreeSet::from([parameters(server.account, &sid, "completed")]));
}

#[tokio::test]
async fn retry_after_is_obeyed_up_to_six_hours() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let date = "Sun, 15 Mar 2026 12:10:00 GMT".to_owned();
    let receiver = Receiver::start([
        Reply::WithHeader(429, "retry-after", "120".to_owned()),
        Reply::WithHeader(503, "retry-after", date),
        Reply::WithHeader(503, "retry-after", "999999999".to_owned()),
    ])
    .await;
    queue_and_run(&server, &receiver.url, None).await;
    for at in ["2026-03-15T12:02:00Z", "2026-03-15T12:10:00Z", "2026-03-15T18:10:00Z"] {
        assert_eq!(only_callback(&server).await["next_try_at"], at);
        advance_to_next_try(&server).await;
        run(&server.app).await;
    }
    assert_eq!(only_callback(&server).await["state"], "delivered");
}

#[tokio::test]
async fn delivery_is_given_up_after_a_day() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let receiver = Receiver::start(std::iter::repeat_n(Reply::Status(500), 200)).await;
    queue_and_run(&server, &receiver.url, None).await;
    while only_callback(&server).await["state"] == "pending" {
        advance_to_next_try(&server).await;
        callback_delivery::run_due(&server.app).await.unwrap();
    }
    let callback = only_callback(&server).await;
    let tries = receiver.requests().len();
    assert_eq!((&callback["state"], &callback["last_status"]), (&json!("given-up"), &json!(500)));
    assert_eq!((&callback["tries"], &callback["next_try_at"]), (&json!(tries), &json!(null)));
    assert!((30..=60).contains(&tries), "{tries}");
    let lasted = time(&callback["updated_at"]).duration_since(time(&callback["created_at"])).as_hours();
    assert_eq!(lasted, 23, "the last attempt was in the last of 24 hours");
    server.clock.advance(SignedDuration::from_hours(48));
    run(&server.app).await;
    assert_eq!(receiver.requests().len(), tries);
}

#[tokio::test]
async fn a_refusal_is_final_and_redirects_are_not_followed() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let target = Receiver::start([]).await;
    for status in [400, 401, 404, 410, 422, 301, 302, 303, 307, 308] {
        let receiver = Receiver::start([Reply::WithHeader(status, "location", target.url.clone())]).await;
        queue_and_run(&server, &receiver.url, None).await;
        let callback = listed(&server).await.remove(0);
        assert_eq!(
            (&callback["state"], &callback["tries"], &callback["last_status"], &callback["next_try_at"]),
            (&json!("given-up"), &json!(1), &json!(status), &json!(null))
        );
        server.clock.advance(SignedDuration::from_hours(1));
        run(&server.app).await;
        assert_eq!(receiver.requests().len(), 1);
    }
    assert_eq!(target.requests().len(), 0);
}

#[tokio::test]
async fn an_unreachable_receiver_is_retried() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    queue_and_run(&server, &format!("http://{address}/"), None).await;
    // Longer than any DNS label.
    queue_and_run(&server, &format!("http://{}/", "x".repeat(64)), None).await;
    for (callback, error) in
        listed(&server).await.iter().rev().zip(["no connection: ", "the host's name cannot be resolved: "])
    {
        assert_eq!(
            (&callback["state"], &callback["tries"], &callback["last_status"]),
            (&json!("pending"), &json!(1), &json!(null))
        );
        assert!(callback["last_error"].as_str().unwrap().starts_with(error), "{callback}");
    }
}

#[tokio::test]
async fn a_silent_receiver_times_out_and_is_retried() {
    let server = Server::with_receivers(SHORT_TIMEOUT).await;
    let receiver = Receiver::start([Reply::Silence]).await;
    queue_and_run(&server, &receiver.url, None).await;
    let callback = only_callback(&server).await;
    assert_eq!((&callback["state"], &callback["last_error"]), (&json!("pending"), &json!("no response within 0.3 s")));
    advance_to_next_try(&server).await;
    run(&server.app).await;
    assert_eq!(only_callback(&server).await["state"], "delivered");
}

/// Starts a server that sends these bytes over and over to every client.
async fn endless_server(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
                while stream.write_all(bytes).await.is_ok() {}
            });
        }
    });
    url
}

#[tokio::test]
async fn endless_responses_are_cut_off() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    let began = std::time::Instant::now();
    for reply in [Reply::Endless, Reply::Stalled] {
        let receiver = Receiver::start([reply]).await;
        queue_and_run(&server, &receiver.url, None).await;
        assert_eq!(listed(&server).await[0]["state"], "delivered", "only the status counts");
    }
    for bytes in [
        &b"HTTP/1.1 200 OK\r\nX: y\r\n"[..],
        b"HTTP/1.1 200 OK\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
        b"SSH-2.0-x",
    ] {
        queue_and_run(&server, &endless_server(bytes).await, None).await;
        let callback = listed(&server).await.remove(0);
        assert_eq!(callback["state"], "pending", "{callback}");
        let error = callback["last_error"].as_str().unwrap();
        assert!(error.starts_with("the HTTP exchange failed: "), "{error}");
    }
    assert!(began.elapsed() < LONG_TIMEOUT, "it did not wait for the end of a response");
}

#[tokio::test]
async fn a_slow_receiver_does_not_delay_others() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    // It answers none of its hundred callbacks.
    let slow = Receiver::start(std::iter::repeat_n(Reply::Silence, 100)).await;
    let quick = Receiver::start([]).await;
    for n in 0..100 {
        queue(&server, &format!("{}/{n}", slow.url), None).await;
    }
    queue(&server, &quick.url, None).await;
    summaries::run_due(&server.app).await.unwrap();
    let app = server.app.clone();
    let job = tokio::spawn(async move { callback_delivery::run_due(&app).await });
    let delivered = async {
        while quick.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG_TIMEOUT, delivered).await.unwrap();
    assert!(slow.requests().len() <= 4, "a receiver gets a few requests at a time");
    job.abort();
}

#[tokio::test]
async fn private_addresses_are_refused_when_a_summary_is_created() {
    let server = Server::start().await;
    for url in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/x?y",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:192.168.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://[64:ff9b::a00:1]/",
    ] {
        let form = [("StartDate", "2026-03-10"), ("EndDate", "2026-03-10"), ("StatusCallback", url)];
        let (status, body) = json_of(server.post(&path(server.account)).form(&form)).await;
        let message = body["message"].as_str().unwrap();
        assert_eq!((status, &body["code"]), (400, &json!(20001)), "{url}");
        let rule = "must be the URL of a public server, not of a private or reserved address; got '";
        assert!(message.starts_with(&format!("Parameter StatusCallback {rule}")), "{message}");
    }
    summaries::run_due(&server.app).await.unwrap();
    assert_eq!(listed(&server).await, [json!(null); 0], "nothing was stored");
}

#[tokio::test]
async fn bad_callback_parameters_are_refused() {
    let server = Server::start().await;
    for (callback, method, message) in [
        (
            "ftp://example.com/",
            "POST",
            "StatusCallback must be a URL that begins with http:// or https://; got 'ftp://example.com/'",
        ),
        ("example.com", "POST", "StatusCallback must be a URL that begins with http:// or https://; got 'example.com'"),
        (
            "https://a:b@example.com/",
            "POST",
            "StatusCallback must be a URL without a user name and password; got 'https://a:b@example.com/'",
        ),
        ("https://example.com/", "DELETE", "StatusCallbackMethod must be GET or POST; got 'DELETE'"),
    ] {
        let form = [
            ("StartDate", "2026-03-10"),
            ("EndDate", "2026-03-10"),
            ("StatusCallback", callback),
            ("StatusCallbackMethod", method),
        ];
        let (status, body) = json_of(server.post(&path(server.account)).form(&form)).await;
        let expected = json!(format!("Parameter {message}"));
        assert_eq!((status, &body["code"], &body["message"]), (400, &json!(20001), &expected));
    }
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_given_up() {
    let server = Server::start().await;
    let receiver = Receiver::start([]).await;
    queue_and_run(&server, &receiver.url.replace("127.0.0.1", "localhost"), None).await;
    let callback = only_callback(&server).await;
    let error = json!("refused: the host leads to a private or reserved address");
    assert_eq!(
        (&callback["state"], &callback["tries"], &callback["last_status"], &callback["last_error"]),
        (&json!("given-up"), &json!(1), &json!(null), &error)
    );
    // A callback that was queued while private addresses were allowed is not sent once they are not.
    let allowed = Server::with_receivers(LONG_TIMEOUT).await;
    queue(&allowed, &receiver.url, None).await;
    let outbound = std::sync::Arc::new(Outbound::new(AddressPolicy::PublicOnly, LONG_TIMEOUT));
    run(&App { outbound, ..allowed.app.clone() }).await;
    assert_eq!(only_callback(&allowed).await["state"], "given-up");
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn an_empty_callback_url_sends_nothing() {
    let server = Server::with_receivers(LONG_TIMEOUT).await;
    queue_and_run(&server, "", Some("GET")).await;
    assert_eq!(listed(&server).await, [json!(null); 0]);
}
