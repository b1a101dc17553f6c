//! Starts a server for each test: in this process, on a free port, with a clock that the test sets.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use ringback_api::{AccountSid, CallSid, KeySid};
use ringback_server::app::App;
use ringback_server::auth::Scopes;
use ringback_server::clock::{Clock, Entropy, EntropyError};
use ringback_server::limits::Limits;
use ringback_server::listen::{self, Timeouts};
use ringback_server::outbound::{AddressPolicy, Outbound, TIME_LIMIT};
use ringback_server::router::router;
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{AccountId, NewAccount, NewApiKey, Store};
use ringback_server::vault::Vault;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const SUBACCOUNT_TOKEN: &str = "fedcba9876543210fedcba9876543210";
pub(crate) const STRANGER_TOKEN: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
/// The token of no account.
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
    /// Dropped to stop the server.
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

/// A counter in place of randomness: every value is new, and every run has the same values.
struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Ok([n.to_be_bytes(); 4].concat().try_into().unwrap())
    }
}

impl Server {
    /// Starts with an account, its subaccount and an unrelated account, at noon UTC on 15 March 2026.
    pub(crate) async fn start() -> Self {
        Self::with_demo(false).await
    }

    /// Like `start`, with or without the demo.
    pub(crate) async fn with_demo(demo: bool) -> Self {
        Self::with(demo, Outbound::new(AddressPolicy::PublicOnly, TIME_LIMIT)).await
    }

    /// Like `start`, but callbacks may go to private addresses, and each request has this time limit.
    pub(crate) async fn with_receivers(time_limit: Duration) -> Self {
        Self::with(false, Outbound::new(AddressPolicy::Any, time_limit)).await
    }

    async fn with(demo: bool, outbound: Outbound) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
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
        let router = router(app.clone());
        tokio::spawn(listen::serve(listener, router, Timeouts::default(), std::future::pending()));
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

    /// The folder of the database.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Signals the server to stop.
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

    /// Reports a call and returns its sid.
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

    /// The path of a call's feedback in Twilio's API.
    pub(crate) fn feedback(&self, call: impl std::fmt::Display) -> String {
        format!("/2010-04-01/Accounts/{}/Calls/{call}/Feedback.json", self.account)
    }

    /// Mints a rating token; `request` is the body.
    pub(crate) async fn mint(&self, request: Value) -> String {
        let path = format!("/v1/accounts/{}/rating-tokens", self.account);
        let response = self.post(&path).json(&request).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json::<Value>().await.unwrap()["token"].as_str().unwrap().to_owned()
    }

    /// Creates an API key of the account and returns its sid and secret.
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

    /// Changes the database behind the server's back, to states that no request leads to.
    pub(crate) async fn sql(&self, sql: &'static str) {
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }

    /// Checks the buckets against the rows and returns the number of ratings.
    pub(crate) async fn ratings(&self) -> u64 {
        let found = self.app.store.verify().await.unwrap();
        assert_eq!(found.differences, [""; 0]);
        found.ratings
    }
}

/// Sends a request and returns the status and the JSON body of the response.
pub(crate) async fn json_of(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

/// The value of a header; empty if there is none.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
