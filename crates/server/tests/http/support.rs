//! A server of its own for each test: in this process, on a free port, with a clock that the test sets.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use ringback_api::{AccountSid, CallSid, KeySid};
use ringback_server::app::App;
use ringback_server::auth::{Limits, Scopes};
use ringback_server::clock::{Clock, Entropy, EntropyError};
use ringback_server::listen::{self, Patience};
use ringback_server::outbound::{Outbound, Reachable, TIME_LIMIT};
use ringback_server::store::sqlite::{SqliteStore, Use};
use ringback_server::store::{AccountId, NewAccount, NewApiKey, Store};
use ringback_server::vault::Vault;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const SUBACCOUNT_TOKEN: &str = "fedcba9876543210fedcba9876543210";
pub(crate) const STRANGER_TOKEN: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
/// Nobody's.
pub(crate) const WRONG_TOKEN: &str = "ffffffffffffffffffffffffffffffff";

pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) url: String,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) account: AccountSid,
    pub(crate) subaccount: AccountSid,
    pub(crate) stranger: AccountSid,
    account_id: AccountId,
    client: Client,
    folder: TempDir,
    /// Taken when the server is told to stop.
    stop: Mutex<Option<watch::Sender<()>>>,
}

pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Bytes that differ each time and are the same in each run.
struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Ok([n.to_be_bytes(); 4].concat().try_into().unwrap())
    }
}

impl Server {
    /// An account with a subaccount, another account, and nothing else; it is noon on 15 March 2026.
    pub(crate) async fn start() -> Self {
        Self::with_demo(false).await
    }

    /// The same, with or without the page that makes calls up.
    pub(crate) async fn with_demo(demo: bool) -> Self {
        Self::with(demo, Outbound::new(Reachable::Public, TIME_LIMIT)).await
    }

    /// The same, which reaches receivers of callbacks on this machine too, if they answer within this time.
    pub(crate) async fn with_receivers(time_limit: Duration) -> Self {
        Self::with(false, Outbound::new(Reachable::All, time_limit)).await
    }

    async fn with(demo: bool, outbound: Outbound) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("test.db"), Use::Server).await.unwrap();
        let clock =
            Arc::new(TestClock(AtomicI64::new("2026-03-15T12:00:00Z".parse::<Timestamp>().unwrap().as_second())));
        let vault = Vault::new(&[7; 32]);
        let entropy = TestEntropy(AtomicU64::new(1));
        let mut accounts = Vec::new();
        for (n, token) in [(1, AUTH_TOKEN), (2, SUBACCOUNT_TOKEN), (3, STRANGER_TOKEN)] {
            let parent = if n == 2 { accounts.first().copied() } else { None };
            let new = NewAccount {
                sid: AccountSid::from_bytes([n; 16]),
                parent,
                name: format!("Account {n}"),
                auth_token: vault.seal(token, &entropy).unwrap(),
                is_demo: demo,
            };
            accounts.push(store.create_account(new, clock.now()).await.unwrap().unwrap().id);
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(());
        let app = App {
            store: Arc::new(store),
            vault: Arc::new(vault),
            limits: Arc::new(Limits::new(&(clock.clone() as Arc<dyn Clock>))),
            clock: clock.clone(),
            entropy: Arc::new(entropy),
            outbound: Arc::new(outbound),
            wake: Arc::default(),
            stop: stopped,
            public_url: Arc::new(url.parse().unwrap()),
            demo,
        };
        let router = app.clone().router();
        tokio::spawn(listen::serve(listener, router, Patience::default(), std::future::pending()));
        Self {
            app,
            url,
            clock,
            account: AccountSid::from_bytes([1; 16]),
            subaccount: AccountSid::from_bytes([2; 16]),
            stranger: AccountSid::from_bytes([3; 16]),
            account_id: accounts[0],
            client: Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
            folder,
            stop: Mutex::new(Some(stop)),
        }
    }

    /// Where the database is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Tells the server that it is to stop.
    pub(crate) fn stop(&self) {
        self.stop.lock().unwrap().take();
    }

    /// A request without credentials.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A GET with the account's credentials.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path).basic_auth(self.account, Some(AUTH_TOKEN))
    }

    /// A POST with the account's credentials.
    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path).basic_auth(self.account, Some(AUTH_TOKEN))
    }

    /// Reports a call that started at this time; its sid.
    pub(crate) async fn call(&self, n: u8, started_at: &str) -> CallSid {
        let sid = CallSid::from_bytes([n; 16]);
        let response = self
            .post(&format!("/v1/accounts/{}/calls", self.account))
            .json(&json!({ "sid": sid, "started_at": started_at }))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        sid
    }

    /// The path of a call's feedback.
    pub(crate) fn feedback(&self, call: impl std::fmt::Display) -> String {
        format!("/2010-04-01/Accounts/{}/Calls/{call}/Feedback.json", self.account)
    }

    /// Makes a rating token; `request` is the body.
    pub(crate) async fn mint(&self, request: Value) -> String {
        let path = format!("/v1/accounts/{}/rating-tokens", self.account);
        let response = self.post(&path).json(&request).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json::<Value>().await.unwrap()["token"].as_str().unwrap().to_owned()
    }

    /// Makes an API key of the account; its sid and secret.
    pub(crate) async fn key(&self, scopes: &str) -> (KeySid, String) {
        let sid = KeySid::from_bytes(self.app.entropy.sid_bytes().unwrap());
        let secret = format!("secret of {scopes}");
        let new = NewApiKey {
            sid,
            account: self.account_id,
            name: String::new(),
            scopes: scopes.parse::<Scopes>().unwrap(),
            secret: self.app.vault.seal(&secret, &*self.app.entropy).unwrap(),
        };
        self.app.store.create_api_key(new, self.clock.now()).await.unwrap();
        (sid, secret)
    }

    /// Does what no request does to the database behind the server's back.
    pub(crate) async fn sql(&self, sql: &'static str) {
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }

    /// How many ratings are stored, after checking that the buckets say the same.
    pub(crate) async fn ratings(&self) -> u64 {
        let found = self.app.store.verify().await.unwrap();
        assert_eq!(found.differences, [""; 0]);
        found.ratings
    }
}

/// The status and the JSON body of an answer.
pub(crate) async fn json_of(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

/// The value of a header.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
