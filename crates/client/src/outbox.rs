//! Ratings that the server does not have yet, at most one per leg, in IndexedDB. All tabs of the origin share them, and
//! later pages find them. Each function here is one transaction, so that two tabs never send the same item.
//!
//! The object store `outbox` holds the items. For each leg that has left it, the store `settled` holds the last
//! revision and its settlement. The loader does not open the database: a note in localStorage says whether any item
//! waits.

mod database;

use js_sys::{Array, Object, Promise};
use ringback_api::{Comment, IssueSet, Rating, RatingForm, Revision, Score};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use self::database::{Stores, start, transact};
use crate::clock::now;
use crate::js::{get, object, set, text};
use crate::rating::{Error, RatingClient, TIMEOUT_MS};

/// The longest pause before a retry.
pub(crate) const LONGEST_PAUSE_MS: f64 = 3_600_000.0;
/// No token is valid for longer.
const KEEP_MS: f64 = 30.0 * 24.0 * 3_600_000.0;
/// Longer than a request may take, so that no other tab takes an item that is being sent.
const LEASE_MS: f64 = TIMEOUT_MS as f64 + 10_000.0;
/// A draft is sent if nothing changed it for this long.
pub(crate) const DRAFT_MS: f64 = 300_000.0;

/// The browser stored nothing: storage is disabled, or the disk is full.
#[derive(Debug)]
pub(crate) struct StorageError;

impl From<JsValue> for StorageError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// When an item may be sent, and by which tab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Schedule {
    /// The user has not pressed Send. A draft that `counts` is sent as it is when it has not changed for [`DRAFT_MS`].
    Draft { counts: bool },
    /// The tab that stored it is sending it. Other tabs may after [`LEASE_MS`].
    Leased,
    /// Any tab may send it when it is `due`, or from `earliest` on if there is a reason to retry early.
    Retry { due: f64, earliest: f64 },
    /// It cannot be sent without another token.
    TokenNeeded,
}

/// How a leg's last item ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settlement {
    /// The server has acknowledged it.
    Delivered,
    /// The server refused it with this status and message.
    Refused(u16, String),
    /// It was given up: the user dismissed the form, or it could not be sent.
    Dropped,
}

const DELIVERED: u16 = 200;
const DROPPED: u16 = 0;

/// The record of a leg.
pub(crate) enum Record {
    /// Its item.
    Waiting(Item),
    /// The last revision, and how it ended.
    Settled(Revision, Settlement),
}

/// A rating that is not sent yet.
pub(crate) struct Item(Object);

impl From<JsValue> for Item {
    fn from(item: JsValue) -> Self {
        Self(item.unchecked_into())
    }
}

impl Item {
    fn number(&self, name: &str) -> f64 {
        get(&self.0, name).as_f64().unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        text(&self.0, name).unwrap_or_default()
    }

    pub(crate) fn key(&self) -> String {
        self.text("key")
    }

    pub(crate) fn revision(&self) -> Revision {
        revision(&self.0)
    }

    pub(crate) fn tries(&self) -> u32 {
        whole(&get(&self.0, "tries"))
    }

    fn is_settled(&self) -> bool {
        !get(&self.0, "status").is_undefined()
    }

    /// Whether Send was never pressed.
    pub(crate) fn is_draft(&self) -> bool {
        self.number("draft") > 0.0
    }

    /// When it is due. The widget plans no longer pause than an hour, so a later time was planned by a wrong clock, and the
    /// item is due now. So is one that was tried later than now.
    fn due(&self, began: f64, early: bool) -> f64 {
        let (now, tried) = (now(), self.number("tried"));
        let due = self.number(if early && (tried < began || tried > now) { "earliest" } else { "due" });
        if due.is_finite() && due > now + LONGEST_PAUSE_MS { now } else { due }
    }

    /// The error that the server reported about the item's token.
    pub(crate) fn token_error(&self) -> Error {
        let expired = self.number("expired") > 0.0;
        Error::Refused { status: 401, message: self.text("message"), retry_after: None, expired }
    }

    pub(crate) fn needs_token(&self) -> bool {
        // A draft that does not count has never been sent, so the server has said nothing about it.
        self.number("earliest") == f64::INFINITY && !(self.is_draft() && self.text("message").is_empty())
    }

    pub(crate) fn form(&self) -> Option<RatingForm> {
        let byte = |name| u8::try_from(whole(&get(&self.0, name))).unwrap_or_default();
        let rating =
            Rating { score: Score::try_from(byte("score")).ok()?, issues: IssueSet::from_bits(byte("issues")) };
        let comment = Comment::new(&self.text("comment")).ok();
        Some(RatingForm { rating, comment: Some(comment), revision: Some(self.revision()) })
    }

    pub(crate) fn client(&self) -> Option<RatingClient> {
        RatingClient::new(&self.text("endpoint"), &self.text("token")).ok()
    }

    fn set(&self, name: &str, number: f64) {
        set(&self.0, name, &number.into());
    }

    fn schedule(&self, schedule: Schedule) {
        let now = now();
        let (due, earliest) = match schedule {
            Schedule::Draft { counts: true } => (now + DRAFT_MS, now + DRAFT_MS),
            Schedule::Leased => (now + LEASE_MS, now + LEASE_MS),
            Schedule::Retry { due, earliest } => (due, earliest),
            Schedule::Draft { counts: false } | Schedule::TokenNeeded => (f64::INFINITY, f64::INFINITY),
        };
        self.set("due", due);
        self.set("earliest", earliest);
        // A draft that is due stays one.
        if matches!(schedule, Schedule::Draft { .. }) {
            self.set("draft", 1.0);
        }
    }
}

/// Stores the form as the item of its leg, and raises its revision above every revision that was stored for the leg.
pub(crate) async fn save(client: &RatingClient, form: &mut RatingForm, schedule: Schedule) -> Result<(), StorageError> {
    let chosen = form.revision.unwrap_or_default();
    let item = Item(object(&[
        ("key", client.key().into()),
        ("endpoint", client.endpoint().into()),
        ("token", client.token().into()),
        ("score", form.rating.score.get().into()),
        ("issues", form.rating.issues.bits().into()),
        ("comment", form.comment.as_ref().and_then(Option::as_ref).map_or("", Comment::as_str).into()),
        ("tries", 0.into()),
        ("tried", 0.into()),
    ]));
    item.schedule(schedule);
    let saved = transact(Some(&client.key()), move |stores| {
        let stored = stores.outbox_records.iter().chain(stores.settled_records.iter());
        let newest = stored.map(|record| revision(&record).saturating_add(1)).fold(chosen, Revision::max);
        item.set("revision", newest.into());
        stores.put(&item);
        Some(newest.into())
    });
    form.revision = Some(whole(&saved.await?));
    Ok(())
}

/// Reads the record of the client's leg.
pub(crate) async fn read(client: &RatingClient) -> Result<Record, StorageError> {
    let found = transact(Some(&client.key()), |stores| {
        stores.outbox_records.iter().chain(stores.settled_records.iter()).next()
    })
    .await?;
    let status = get(&found, "status");
    if status.is_undefined() {
        return Ok(Record::Waiting(found.into()));
    }
    let settlement = match u16::try_from(whole(&status)).unwrap_or_default() {
        DELIVERED => Settlement::Delivered,
        DROPPED => Settlement::Dropped,
        status => Settlement::Refused(status, text(&found, "message").unwrap_or_default()),
    };
    Ok(Record::Settled(revision(&found), settlement))
}

/// Leases an item that is due and was not tried since `began`. With `early`, an item that waits for its next retry is
/// due now. If no item is due, returns the time at which one will be, or infinity.
pub(crate) async fn take(began: f64, early: bool) -> Result<Result<Item, f64>, StorageError> {
    let taken = transact(None, move |stores| {
        let now = now();
        let mut next = f64::INFINITY;
        for item in stores.outbox_records.iter().map(Item::from) {
            let due = item.due(began, early);
            if due <= now {
                item.schedule(Schedule::Leased);
                item.set("tried", now);
                item.set("tries", item.number("tries") + 1.0);
                stores.put(&item);
                return Some(item.0.into());
            }
            next = next.min(due);
        }
        Some(next.into())
    })
    .await?;
    Ok(taken.as_f64().map_or_else(|| Ok(taken.into()), Err))
}

/// Returns the items that need another token.
pub(crate) async fn needing_token() -> Result<Vec<Item>, StorageError> {
    let waiting = transact(None, |stores| {
        let items = stores.outbox_records.iter().filter(|item| Item::from(item.clone()).needs_token());
        Some(items.collect::<Array>().into())
    })
    .await?;
    Ok(waiting.unchecked_into::<Array>().iter().map(Item::from).collect())
}

/// The records that [`sweep`] deletes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sweep {
    /// Those that are older than any token, given the time by the server's clock. The computer's clock may be wrong, and the
    /// server's too, so both have to say so.
    Old(f64),
    /// Those that belong to the user. Ratings that the user has sent stay until they are delivered.
    Personal,
}

/// Deletes records.
pub(crate) fn sweep(which: Sweep) -> Promise {
    start(None, move |stores| {
        for (store, records) in [(&stores.settled, &stores.settled_records), (&stores.outbox, &stores.outbox_records)] {
            for record in records.iter().map(Item::from) {
                let (since, key) = (record.number("since"), record.key().into());
                let is_doomed = match which {
                    Sweep::Old(server_now) if since > 0.0 => since + KEEP_MS < server_now.min(now()),
                    Sweep::Old(server_now) => {
                        record.set("since", server_now);
                        store.put(&record.0, &key);
                        false
                    }
                    Sweep::Personal => record.is_settled() || record.is_draft() || record.needs_token(),
                };
                if is_doomed {
                    store.delete(&key);
                }
            }
        }
        Some(JsValue::NULL)
    })
}

/// Reschedules the leg's item after this error, unless a newer one than `revision` has replaced it.
pub(crate) fn reschedule(key: &str, revision: Revision, schedule: Schedule, error: &Error) -> JsFuture {
    let (expired, message) = (u8::from(error.is_expired()), error.message());
    transact(Some(key), move |stores| {
        let item = stores.item(revision)?;
        item.schedule(schedule);
        item.set("expired", expired.into());
        set(&item.0, "message", &message.into());
        Some(stores.put(&item))
    })
}

/// Ends the draft of this leg: if it `counts`, it is due now, otherwise it is dropped. Applies to any revision, because
/// the form may not know the latest yet.
pub(crate) fn end_draft(key: &str, counts: bool) -> JsFuture {
    transact(Some(key), move |stores| {
        let item = stores.item(Revision::MAX)?;
        if !item.is_draft() {
            return Some(JsValue::NULL);
        }
        if !counts {
            return Some(stores.settle(&item, item.revision(), Settlement::Dropped));
        }
        item.schedule(Schedule::Retry { due: 0.0, earliest: 0.0 });
        Some(stores.put(&item))
    })
}

/// Raises the item's revision above `stored`, the server's. An item that is newer than `sent` stays newer by as much.
pub(crate) fn raise(key: &str, sent: Revision, stored: Revision) -> JsFuture {
    transact(Some(key), move |stores| {
        let item = stores.item(Revision::MAX)?;
        let raised = stored.saturating_add(1).saturating_add(item.revision().saturating_sub(sent));
        item.set("revision", raised.into());
        Some(stores.put(&item))
    })
}

/// Settles the leg's item, unless a newer one than `revision` has replaced it.
pub(crate) fn settle(key: &str, revision: Revision, settlement: Settlement) -> JsFuture {
    transact(Some(key), move |stores| Some(stores.settle(&stores.item(revision)?, revision, settlement)))
}

/// If the item of the client's leg needs a token, gives it the client's.
pub(crate) fn renew(client: &RatingClient) -> JsFuture {
    let token = client.token().to_owned();
    transact(Some(&client.key()), move |stores| {
        let item = stores.item(Revision::MAX)?;
        if !item.needs_token() || item.text("token") == token {
            return Some(JsValue::NULL);
        }
        set(&item.0, "token", &token.into());
        item.schedule(Schedule::Retry { due: 0.0, earliest: 0.0 });
        Some(stores.put(&item))
    })
}

impl Stores {
    fn put(&self, item: &Item) -> JsValue {
        self.outbox.put(&item.0, &item.key().into());
        JsValue::NULL
    }

    /// The item of the leg, unless it is newer than `newest`.
    fn item(&self, newest: Revision) -> Option<Item> {
        self.outbox_records.iter().next().map(Item::from).filter(|item| item.revision() <= newest)
    }

    fn settle(&self, item: &Item, revision: Revision, settlement: Settlement) -> JsValue {
        let key = item.key();
        let (status, message) = match settlement {
            Settlement::Delivered => (DELIVERED, String::new()),
            Settlement::Dropped => (DROPPED, String::new()),
            Settlement::Refused(status, message) => (status, message),
        };
        let record = object(&[
            ("key", key.as_str().into()),
            ("revision", revision.into()),
            ("status", status.into()),
            ("message", message.into()),
        ]);
        let key = JsValue::from(key);
        self.outbox.delete(&key);
        self.settled.put(&record, &key);
        JsValue::NULL
    }
}

/// A stored whole number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a value that was tampered with becomes the nearest `u32`"
)]
fn whole(number: &JsValue) -> u32 {
    number.as_f64().unwrap_or_default() as u32
}

fn revision(object: &JsValue) -> Revision {
    whole(&get(object, "revision"))
}
