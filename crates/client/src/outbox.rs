//! What was chosen and is not with the server yet, one item a leg, in the origin's IndexedDB: its tabs and its later
//! pages share it. Each function here is one transaction, so that two tabs never have the same item in hand.
//!
//! The store `outbox` holds the items; `ringback.js` looks there, before it fetches anything, whether there are any. The
//! store `settled` remembers of each leg that has left it the last revision and what became of it.

use std::cell::RefCell;

use js_sys::{Array, Date, Object, Promise, Reflect};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

use crate::rating::{RatingClient, TIMEOUT_MS, encode, set, text};

const OUTBOX: &str = "outbox";
const SETTLED: &str = "settled";

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

impl Item {
    fn number(&self, name: &str) -> f64 {
        number(&self.0, name)
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
        whole(self.number("tries"))
    }

    /// Whether Send was never pressed.
    pub(crate) fn is_draft(&self) -> bool {
        self.number("draft") > 0.0
    }

    pub(crate) fn needs_token(&self) -> bool {
        self.number("earliest") == f64::INFINITY && !self.is_draft()
    }

    pub(crate) fn client(&self) -> Option<RatingClient> {
        RatingClient::new(&self.text("endpoint"), &self.text("token")).ok()
    }

    fn take_turn(&self, turn: Turn) {
        let now = Date::now();
        let (due, earliest) = match turn {
            Turn::Draft(true) => (now + DRAFT_MS, now + DRAFT_MS),
            Turn::Mine => (now + LEASE_MS, now + LEASE_MS),
            Turn::At(due, earliest) => (due, earliest),
            Turn::Draft(false) | Turn::Token => (f64::INFINITY, f64::INFINITY),
        };
        set(&self.0, "due", &due.into());
        set(&self.0, "earliest", &earliest.into());
    }
}

/// Keeps the form as the newest choice for its leg. Its revision becomes higher than any that was kept.
pub(crate) async fn keep(client: &RatingClient, form: &mut RatingForm, turn: Turn) -> Result<(), NotKept> {
    let key = client.key();
    let body = encode(form).ok_or(NotKept)?;
    let stores = Stores::open(IdbTransactionMode::Readwrite).await?;
    let mut newest = form.revision.unwrap_or_default();
    for store in [&stores.outbox, &stores.settled] {
        let old = done(store.get(&key.as_str().into())?).await?;
        if let Some(old) = old.dyn_ref::<Object>() {
            newest = newest.max(revision(old).saturating_add(1));
        }
    }
    form.revision = Some(newest);
    let item = Object::new();
    for (name, value) in
        [("key", key.as_str()), ("endpoint", client.endpoint()), ("token", client.token()), ("form", body.as_str())]
    {
        set(&item, name, &value.into());
    }
    let draft = matches!(turn, Turn::Draft(_));
    for (name, value) in [
        ("revision", f64::from(newest)),
        ("draft", f64::from(u8::from(draft))),
        ("tries", 0.0),
        ("tried", 0.0),
        ("saved", Date::now()),
    ] {
        set(&item, name, &value.into());
    }
    let item = Item(item);
    item.take_turn(turn);
    stores.put(&item).await
}

/// What is kept of this leg.
pub(crate) async fn read(client: &RatingClient) -> Result<Option<Kept>, NotKept> {
    let stores = Stores::open(IdbTransactionMode::Readonly).await?;
    let key = JsValue::from(client.key());
    if let Ok(item) = done(stores.outbox.get(&key)?).await?.dyn_into() {
        return Ok(Some(Kept::Waiting(Item(item))));
    }
    let settled = done(stores.settled.get(&key)?).await?;
    Ok(settled.dyn_ref::<Object>().map(|settled| {
        let fate = match u16::try_from(whole(number(settled, "status"))).unwrap_or_default() {
            DELIVERED => Fate::Delivered,
            DROPPED => Fate::Dropped,
            status => Fate::Refused(status),
        };
        Kept::Settled(revision(settled), fate)
    }))
}

/// Takes an item that is due and was not tried since `began`; nobody else gets it meanwhile. With `chance`, one that only
/// waits for better times is due now. When there is none: the time at which there will be one, if ever.
pub(crate) async fn take(began: f64, chance: bool) -> Result<Result<Item, f64>, NotKept> {
    let stores = Stores::open(IdbTransactionMode::Readwrite).await?;
    let now = Date::now();
    let mut next = f64::INFINITY;
    for item in all(&stores.outbox).await?.map(Item) {
        let due = item.number(if chance && item.number("tried") < began { "earliest" } else { "due" });
        if due <= now {
            item.take_turn(Turn::Mine);
            set(&item.0, "tried", &now.into());
            set(&item.0, "tries", &(item.number("tries") + 1.0).into());
            stores.put(&item).await?;
            return Ok(Ok(item));
        }
        next = next.min(due);
    }
    Ok(Err(next))
}

/// Forgets what is too old to be of use, and gives the items that cannot be sent without another token.
pub(crate) async fn tidy() -> Result<Vec<Item>, NotKept> {
    let stores = Stores::open(IdbTransactionMode::Readwrite).await?;
    for store in [&stores.settled, &stores.outbox] {
        for old in all(store).await?.map(Item).filter(|kept| kept.number("saved") < Date::now() - KEEP_MS) {
            store.delete(&old.key().into())?;
        }
    }
    Ok(all(&stores.outbox).await?.map(Item).filter(Item::needs_token).collect())
}

async fn all(store: &IdbObjectStore) -> Result<impl Iterator<Item = Object>, NotKept> {
    let all: Array = done(store.get_all()?).await?.unchecked_into();
    Ok(all.into_iter().map(JsCast::unchecked_into))
}

/// Changes when the item of this leg may be sent, unless something newer than `revision` is in its place.
pub(crate) async fn postpone(key: &str, revision: Revision, turn: Turn) -> Result<(), NotKept> {
    let (stores, item) = found(key, revision).await?;
    item.take_turn(turn);
    set(&item.0, "draft", &0.into());
    stores.put(&item).await
}

/// The draft of this leg is not worked on any more: it is due, or, unless it `counts`, dropped. Its revision may be higher
/// than the form knows yet.
pub(crate) async fn end_draft(key: &str, counts: bool) -> Result<(), NotKept> {
    let (stores, item) = found(key, Revision::MAX).await?;
    if !item.is_draft() {
        return Ok(());
    }
    if !counts {
        return stores.settle(key, item.revision(), Fate::Dropped).await;
    }
    item.take_turn(Turn::At(0.0, 0.0));
    set(&item.0, "draft", &0.into());
    stores.put(&item).await
}

/// The server has gone beyond `sent`: the item gets a revision above what it has `reached`, and stays as far above as it was
/// if a newer choice has taken its place.
pub(crate) async fn raise(key: &str, sent: Revision, reached: Revision) -> Result<(), NotKept> {
    let (stores, item) = found(key, Revision::MAX).await?;
    let raised = reached.saturating_add(1).saturating_add(item.revision().saturating_sub(sent));
    set(&item.0, "revision", &raised.into());
    stores.put(&item).await
}

/// The item of this leg has been dealt with, unless something newer than `revision` is in its place.
pub(crate) async fn settle(key: &str, revision: Revision, fate: Fate) -> Result<(), NotKept> {
    let (stores, _) = found(key, revision).await?;
    stores.settle(key, revision, fate).await
}

/// From now on the item of this leg, if there is one, is sent with this client's token.
pub(crate) async fn renew(client: &RatingClient) -> Result<(), NotKept> {
    let (stores, item) = found(&client.key(), Revision::MAX).await?;
    if !item.needs_token() || item.text("token") == client.token() {
        return Ok(());
    }
    set(&item.0, "token", &client.token().into());
    item.take_turn(Turn::At(0.0, 0.0));
    stores.put(&item).await
}

/// The item of a leg, unless it is newer than `newest`, and the transaction it was read in.
async fn found(key: &str, newest: Revision) -> Result<(Stores, Item), NotKept> {
    let stores = Stores::open(IdbTransactionMode::Readwrite).await?;
    let item = done(stores.outbox.get(&key.into())?).await?.dyn_into().map(Item).map_err(|_| NotKept)?;
    if item.revision() > newest { Err(NotKept) } else { Ok((stores, item)) }
}

fn number(object: &Object, name: &str) -> f64 {
    Reflect::get(object, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or_default()
}

/// A number that was a whole one when it was kept.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` takes the nearest, if it was tampered with"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

fn revision(object: &Object) -> Revision {
    whole(number(object, "revision"))
}

/// Both stores in one transaction, which lasts until nothing is asked of it any more.
struct Stores {
    outbox: IdbObjectStore,
    settled: IdbObjectStore,
}

impl Stores {
    async fn open(mode: IdbTransactionMode) -> Result<Self, NotKept> {
        let names = Array::of2(&OUTBOX.into(), &SETTLED.into());
        let begin = |database: IdbDatabase| -> Result<IdbTransaction, JsValue> {
            database.transaction_with_str_sequence_and_mode(&names, mode)
        };
        // A browser may close what was open, to clear the site's data for example.
        let transaction = match DATABASE.with_borrow(Clone::clone).map(begin) {
            Some(Ok(transaction)) => transaction,
            _ => begin(database().await?)?,
        };
        Ok(Self { outbox: transaction.object_store(OUTBOX)?, settled: transaction.object_store(SETTLED)? })
    }

    async fn settle(&self, key: &str, revision: Revision, fate: Fate) -> Result<(), NotKept> {
        let status = match fate {
            Fate::Delivered => DELIVERED,
            Fate::Dropped => DROPPED,
            Fate::Refused(status) => status,
        };
        let settled = Object::new();
        set(&settled, "key", &key.into());
        set(&settled, "revision", &revision.into());
        set(&settled, "status", &status.into());
        set(&settled, "saved", &Date::now().into());
        self.outbox.delete(&key.into())?;
        done(self.settled.put_with_key(&settled, &key.into())?).await?;
        Ok(())
    }

    async fn put(&self, item: &Item) -> Result<(), NotKept> {
        done(self.outbox.put_with_key(&item.0, &item.key().into())?).await?;
        Ok(())
    }
}

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

async fn database() -> Result<IdbDatabase, NotKept> {
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten()).ok_or(NotKept)?;
    let request = factory.open_with_u32("ringback", 1)?;
    // Either it is new, and its success comes later, or its success comes at once.
    let first = Promise::new(&mut |resolve, reject| {
        request.set_onupgradeneeded(Some(&resolve));
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let event = JsFuture::from(first).await?;
    let database: IdbDatabase = request.result()?.unchecked_into();
    if text(&event, "type").as_deref() == Some("upgradeneeded") {
        database.create_object_store(OUTBOX)?;
        database.create_object_store(SETTLED)?;
        done(request.unchecked_into()).await?;
    }
    DATABASE.set(Some(database.clone()));
    Ok(database)
}

/// Waits for a request, and goes on within its transaction.
async fn done(request: IdbRequest) -> Result<JsValue, NotKept> {
    let answer = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(answer).await?;
    Ok(request.result()?)
}
