//! What was chosen and is not with the server yet, one item a leg, in the origin's IndexedDB: its tabs and its later
//! pages share it. Each function here is one transaction, so that two tabs never have the same item in hand.
//!
//! The store `outbox` holds the items; the loader looks there, before it fetches anything, whether there are any. The
//! store `settled` remembers of each leg that has left it the last revision and what became of it.

use js_sys::{Array, Date, Object, Promise};
use ringback_api::{Comment, IssueSet, Rating, RatingForm, Revision, Score};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::rating::{RatingClient, TIMEOUT_MS, get, object, set, text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;
    // IndexedDB as `change` uses it. Not web-sys', which provides for exceptions that cannot come here.
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: u32) -> Result<JsValue, JsValue>;
    type Database;
    #[wasm_bindgen(method, js_name = createObjectStore)]
    fn create_object_store(this: &Database, name: &str);
    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, stores: &Array, mode: &str) -> Result<Transaction, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Database);
    type Transaction;
    #[wasm_bindgen(method, js_name = objectStore)]
    fn object_store(this: &Transaction, name: &str) -> Store;
    #[wasm_bindgen(method)]
    fn abort(this: &Transaction);
    type Store;
    #[wasm_bindgen(method, js_name = getAll)]
    fn get_all(this: &Store, key: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    fn put(this: &Store, value: &JsValue, key: &JsValue);
    #[wasm_bindgen(method)]
    fn delete(this: &Store, key: &JsValue);
    #[wasm_bindgen(method)]
    fn count(this: &Store) -> JsValue;
}

const OUTBOX: &str = "outbox";
const SETTLED: &str = "settled";
/// Of the origin's localStorage: not empty while something is in the outbox.
const WAITING: &str = "ringback-waiting";

/// No token is good for longer.
const KEEP_MS: f64 = 30.0 * 24.0 * 3_600_000.0;
/// Longer than a request may take, so that nobody else takes what is being sent.
const LEASE_MS: f64 = TIMEOUT_MS as f64 + 10_000.0;
/// A page that has not touched its draft for so long is gone, or the person is.
pub(crate) const DRAFT_MS: f64 = 300_000.0;

/// The browser keeps nothing: it is told not to, or its disk is full.
#[derive(Debug)]
pub(crate) struct NotKept;

impl From<JsValue> for NotKept {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Who may send an item, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Turn {
    /// The person is still at it. `true`: should they leave, it is sent as it is.
    Draft(bool),
    /// Whoever put it there is sending it now.
    Mine,
    /// From then on anyone; before that if a chance comes, but not before the second time.
    At(f64, f64),
    /// Nobody without another token.
    Token,
}

/// What became of a leg's last item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The server has acknowledged it.
    Delivered,
    /// The server refused it with this status.
    Refused(u16),
    /// The person did not want to rate.
    Dropped,
}

const DELIVERED: u16 = 200;
const DROPPED: u16 = 0;

/// What is kept of a leg.
pub(crate) enum Kept {
    /// Its item.
    Waiting(Item),
    /// The item was there, up to this revision.
    Settled(Revision, Fate),
}

/// A rating on its way.
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

    pub(crate) fn text(&self, name: &str) -> String {
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

    /// Whether Send was never pressed.
    pub(crate) fn is_draft(&self) -> bool {
        self.number("draft") > 0.0
    }

    pub(crate) fn needs_token(&self) -> bool {
        self.number("earliest") == f64::INFINITY && !self.is_draft()
    }

    /// What was chosen.
    pub(crate) fn form(&self) -> Option<RatingForm> {
        let byte = |name| u8::try_from(whole(&get(&self.0, name))).unwrap_or_default();
        let rating =
            Rating { score: Score::try_from(byte("score")).ok()?, issues: IssueSet::from_bits(byte("issues")) };
        let comment = Some(Comment::new(&self.text("comment")).ok());
        Some(RatingForm { rating, comment, revision: Some(self.revision()) })
    }

    pub(crate) fn client(&self) -> Option<RatingClient> {
        RatingClient::new(&self.text("endpoint"), &self.text("token")).ok()
    }

    fn set(&self, name: &str, number: f64) {
        set(&self.0, name, &number.into());
    }

    fn take_turn(&self, turn: Turn) {
        let now = Date::now();
        let (due, earliest) = match turn {
            Turn::Draft(true) => (now + DRAFT_MS, now + DRAFT_MS),
            Turn::Mine => (now + LEASE_MS, now + LEASE_MS),
            Turn::At(due, earliest) => (due, earliest),
            Turn::Draft(false) | Turn::Token => (f64::INFINITY, f64::INFINITY),
        };
        self.set("due", due);
        self.set("earliest", earliest);
        // A draft that became due stays one while it is being sent.
        if turn != Turn::Mine {
            self.set("draft", f64::from(u8::from(matches!(turn, Turn::Draft(_)))));
        }
    }
}

/// Keeps the form as the newest choice for its leg. Its revision becomes higher than any that was kept.
pub(crate) async fn keep(client: &RatingClient, form: &mut RatingForm, turn: Turn) -> Result<(), NotKept> {
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
        ("saved", Date::now().into()),
    ]));
    item.take_turn(turn);
    let kept = transact(Some(&client.key()), move |stores| {
        let old = stores.items.iter().chain(stores.settled.iter());
        let newest = old.map(|old| revision(&old).saturating_add(1)).fold(chosen, Revision::max);
        item.set("revision", newest.into());
        stores.put(&item);
        Some(newest.into())
    });
    form.revision = Some(whole(&kept.await?));
    Ok(())
}

/// What is kept of this leg.
pub(crate) async fn read(client: &RatingClient) -> Result<Kept, NotKept> {
    let found = transact(Some(&client.key()), |stores| stores.items.iter().chain(stores.settled.iter()).next()).await?;
    let status = get(&found, "status");
    if status.is_undefined() {
        return Ok(Kept::Waiting(found.into()));
    }
    let fate = match u16::try_from(whole(&status)).unwrap_or_default() {
        DELIVERED => Fate::Delivered,
        DROPPED => Fate::Dropped,
        status => Fate::Refused(status),
    };
    Ok(Kept::Settled(revision(&found), fate))
}

/// Takes an item that is due and was not tried since `began`; nobody else gets it meanwhile. With `chance`, one that only
/// waits for better times is due now. When there is none: the time at which there will be one, if ever.
pub(crate) async fn take(began: f64, chance: bool) -> Result<Result<Item, f64>, NotKept> {
    let taken = transact(None, move |stores| {
        let now = Date::now();
        let mut next = f64::INFINITY;
        for item in stores.items.iter().map(Item::from) {
            let due = item.number(if chance && item.number("tried") < began { "earliest" } else { "due" });
            if due <= now {
                item.take_turn(Turn::Mine);
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

/// Forgets what is too old to be of use, and gives the items that cannot be sent without another token.
pub(crate) async fn tidy() -> Result<Vec<Item>, NotKept> {
    let waiting = transact(None, |stores| {
        let waiting = Array::new();
        for (store, all) in [(&stores.history, &stores.settled), (&stores.outbox, &stores.items)] {
            for kept in all.iter().map(Item::from) {
                if kept.number("saved") < Date::now() - KEEP_MS {
                    store.delete(&kept.key().into());
                } else if kept.needs_token() {
                    waiting.push(&kept.0);
                }
            }
        }
        Some(waiting.into())
    })
    .await?;
    Ok(waiting.unchecked_into::<Array>().iter().map(Item::from).collect())
}

/// Changes when the item of this leg may be sent, unless something newer than `revision` is in its place.
pub(crate) fn postpone(key: &str, revision: Revision, turn: Turn) -> JsFuture {
    transact(Some(key), move |stores| {
        let item = stores.found(revision)?;
        item.take_turn(turn);
        Some(stores.put(&item))
    })
}

/// The draft of this leg is not worked on any more: it is due, or, unless it `counts`, dropped. Its revision may be higher
/// than the form knows yet.
pub(crate) fn end_draft(key: &str, counts: bool) -> JsFuture {
    transact(Some(key), move |stores| {
        let item = stores.found(Revision::MAX)?;
        if !item.is_draft() {
            return Some(JsValue::NULL);
        }
        if !counts {
            return Some(stores.settle(&item, item.revision(), Fate::Dropped));
        }
        item.take_turn(Turn::At(0.0, 0.0));
        Some(stores.put(&item))
    })
}

/// The server has gone beyond `sent`: the item gets a revision above what it has `reached`, and stays as far above as it was
/// if a newer choice has taken its place.
pub(crate) fn raise(key: &str, sent: Revision, reached: Revision) -> JsFuture {
    transact(Some(key), move |stores| {
        let item = stores.found(Revision::MAX)?;
        let raised = reached.saturating_add(1).saturating_add(item.revision().saturating_sub(sent));
        item.set("revision", raised.into());
        Some(stores.put(&item))
    })
}

/// The item of this leg has been dealt with, unless something newer than `revision` is in its place.
pub(crate) fn settle(key: &str, revision: Revision, fate: Fate) -> JsFuture {
    transact(Some(key), move |stores| Some(stores.settle(&stores.found(revision)?, revision, fate)))
}

/// From now on the item of this leg, if there is one, is sent with this client's token.
pub(crate) fn renew(client: &RatingClient) -> JsFuture {
    let token = client.token().to_owned();
    transact(Some(&client.key()), move |stores| {
        let item = stores.found(Revision::MAX)?;
        if !item.needs_token() || item.text("token") == token {
            return Some(JsValue::NULL);
        }
        set(&item.0, "token", &token.into());
        item.take_turn(Turn::At(0.0, 0.0));
        Some(stores.put(&item))
    })
}

/// Both stores, in a transaction, and what they hold, of one leg or of all.
struct Stores {
    items: Array,
    settled: Array,
    outbox: Store,
    history: Store,
}

// Boxed, so that what takes one is compiled once.
type Decide = Box<dyn FnOnce(&Stores) -> Option<JsValue>>;

/// Runs `decide` in a transaction, with what is kept of the leg with this key, or of all. Ends with its answer, after the commit;
/// `None` is an error, and then nothing is changed. It begins at once.
fn transact(key: Option<&str>, decide: impl FnOnce(&Stores) -> Option<JsValue> + 'static) -> JsFuture {
    fn begin(key: Option<&str>, decide: Decide) -> JsFuture {
        let key = key.map_or(JsValue::UNDEFINED, JsValue::from_str);
        JsFuture::from(future_to_promise(change(key, decide)))
    }
    begin(key, Box::new(decide))
}

thread_local! {
    // One, since it is seldom called, and would live on for each request that does not.
    static UPGRADE: JsValue = Closure::<dyn FnMut(JsValue)>::new(|event| {
        let database: Database = get(&get(&event, "target"), "result").unchecked_into();
        database.create_object_store(OUTBOX);
        database.create_object_store(SETTLED);
    })
    .into_js_value();
}

async fn change(key: JsValue, decide: Decide) -> Result<JsValue, JsValue> {
    let global = GLOBAL.with(JsValue::clone);
    // Opened each time: a browser may close what is open, to clear the site's data for example.
    let request = get(&global, "indexedDB").unchecked_into::<Factory>().open("ringback", 1)?;
    UPGRADE.with(|upgrade| set(&request, "onupgradeneeded", upgrade));
    when(&request, "onsuccess").await?;
    let database: Database = get(&request, "result").unchecked_into();
    let transaction = database.transaction(&Array::of2(&OUTBOX.into(), &SETTLED.into()), "readwrite")?;
    // When that has ended.
    database.close();
    let [outbox, history] = [OUTBOX, SETTLED].map(|store| transaction.object_store(store));
    let [items, settled] = [&outbox, &history].map(|store| store.get_all(&key));
    let committed = when(&transaction, "oncomplete");
    // The later of the two.
    when(&settled, "onsuccess").await?;
    let [items, settled] = [items, settled].map(|request| get(&request, "result").unchecked_into());
    let stores = Stores { items, settled, outbox, history };
    let Some(answer) = decide(&stores) else {
        transaction.abort();
        return Err(JsValue::NULL);
    };
    let count = stores.outbox.count();
    when(&count, "onsuccess").await?;
    // Not after the commit: what another tab has done since then could be undone.
    let waiting = Some(get(&count, "result")).filter(JsValue::is_truthy);
    set(&get(&global, "localStorage"), WAITING, &waiting.unwrap_or(JsValue::from_str("")));
    committed.await?;
    Ok(answer)
}

/// Ends at this event, or with an error when the request or transaction fails.
fn when(source: &JsValue, event: &str) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        set(source, event, &resolve);
        set(source, "onerror", &reject);
        set(source, "onabort", &reject);
    }))
}

impl Stores {
    fn put(&self, item: &Item) -> JsValue {
        self.outbox.put(&item.0, &item.key().into());
        JsValue::NULL
    }

    /// The item of the leg, unless it is newer than `newest`.
    fn found(&self, newest: Revision) -> Option<Item> {
        self.items.iter().next().map(Item::from).filter(|item| item.revision() <= newest)
    }

    fn settle(&self, item: &Item, revision: Revision, fate: Fate) -> JsValue {
        let key = item.key();
        let status = match fate {
            Fate::Delivered => DELIVERED,
            Fate::Dropped => DROPPED,
            Fate::Refused(status) => status,
        };
        let settled = object(&[
            ("key", key.as_str().into()),
            ("revision", revision.into()),
            ("status", status.into()),
            ("saved", Date::now().into()),
        ]);
        let key = JsValue::from(key);
        self.outbox.delete(&key);
        self.history.put(&settled, &key);
        JsValue::NULL
    }
}

/// A number that was a whole one when it was kept.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` takes the nearest, if it was tampered with"
)]
fn whole(number: &JsValue) -> u32 {
    number.as_f64().unwrap_or_default() as u32
}

fn revision(object: &JsValue) -> Revision {
    whole(&get(object, "revision"))
}
