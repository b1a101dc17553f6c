//! The IndexedDB database of the outbox.
//!
//! The bindings are our own: those of web-sys handle exceptions that cannot occur here.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Promise, global};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::js::{get, set};
use crate::task::set_timeout;

#[wasm_bindgen]
extern "C" {
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
    #[derive(Clone)]
    type Transaction;
    #[wasm_bindgen(method, js_name = objectStore)]
    fn object_store(this: &Transaction, name: &str) -> ObjectStore;
    #[wasm_bindgen(method, catch)]
    fn abort(this: &Transaction) -> Result<(), JsValue>;
    pub(super) type ObjectStore;
    #[wasm_bindgen(method, js_name = getAll)]
    fn get_all(this: &ObjectStore, key: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    pub(super) fn put(this: &ObjectStore, value: &JsValue, key: &JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn delete(this: &ObjectStore, key: &JsValue);
    #[wasm_bindgen(method)]
    fn count(this: &ObjectStore) -> JsValue;
}

const ONSUCCESS: &str = "onsuccess";
const OUTBOX: &str = "outbox";
const SETTLED: &str = "settled";
/// A browser may never open a database, and another page may hold a lock on it. Somebody waits for the rating to be sent.
const LIMIT_MS: f64 = 3_000.0;
/// The key in localStorage that the loader reads. Its value is empty if the outbox is.
const WAITING: &str = "ringback-waiting";

/// Both object stores in a transaction, and their records, of one leg or of all.
pub(super) struct Stores {
    pub(super) outbox: ObjectStore,
    pub(super) settled: ObjectStore,
    pub(super) outbox_records: Array,
    pub(super) settled_records: Array,
}

// Boxed, so that the code that takes one is compiled once.
type Decide = Box<dyn FnOnce(&Stores) -> Option<JsValue>>;

/// Runs `decide` in a transaction, with the records of the leg with this key, or with all records. Resolves to the
/// value that `decide` returns, after the commit. If it returns `None`, the transaction is rolled back and the future
/// fails.
///
/// The transaction starts at once, before the future is polled.
pub(super) fn transact(key: Option<&str>, decide: impl FnOnce(&Stores) -> Option<JsValue> + 'static) -> JsFuture {
    JsFuture::from(start(key, decide))
}

/// Runs a transaction like [`transact`], as a promise.
pub(super) fn start(key: Option<&str>, decide: impl FnOnce(&Stores) -> Option<JsValue> + 'static) -> Promise {
    fn boxed(key: Option<&str>, decide: Decide) -> Promise {
        let key = key.map_or(JsValue::UNDEFINED, JsValue::from_str);
        future_to_promise(run(key, decide))
    }
    boxed(key, Box::new(decide))
}

thread_local! {
    // Shared, because browsers seldom call it, and a closure of its own would outlive each request that does not.
    static UPGRADE: JsValue = Closure::<dyn FnMut(JsValue)>::new(|event| {
        let database: Database = get(&get(&event, "target"), "result").unchecked_into();
        database.create_object_store(OUTBOX);
        database.create_object_store(SETTLED);
    })
    .into_js_value();
    static NOTE: JsValue = Closure::<dyn FnMut(JsValue)>::new(|event| {
        let waiting = Some(get(&get(&event, "target"), "result")).filter(JsValue::is_truthy);
        set(&get(&global(), "localStorage"), WAITING, &waiting.unwrap_or(JsValue::from_str("")));
    })
    .into_js_value();
    static CLOSE: JsValue = Closure::<dyn FnMut(JsValue)>::new(|event| {
        get(&get(&event, "target"), "result").unchecked_into::<Database>().close();
    })
    .into_js_value();
}

async fn run(key: JsValue, decide: Decide) -> Result<JsValue, JsValue> {
    // Opened for each transaction, because a browser may close an open database, for example to clear the site's data.
    let request = get(&global(), "indexedDB").unchecked_into::<Factory>().open("ringback", 1)?;
    UPGRADE.with(|upgrade| set(&request, "onupgradeneeded", upgrade));
    if let Err(error) = event(&request, ONSUCCESS).await {
        // It may still be opened, and would then keep other pages from upgrading it.
        CLOSE.with(|close| set(&request, ONSUCCESS, close));
        return Err(error);
    }
    let database: Database = get(&request, "result").unchecked_into();
    let transaction = database.transaction(&Array::of2(&OUTBOX.into(), &SETTLED.into()), "readwrite")?;
    // Takes effect when the transaction has ended.
    database.close();
    let [outbox, settled] = [OUTBOX, SETTLED].map(|store| transaction.object_store(store));
    let requests = [&outbox, &settled].map(|store| store.get_all(&key));
    // Requests succeed in order, so the first has succeeded as well.
    let last = requests[1].clone();
    let answer = Rc::new(Cell::new(None));
    let answered = answer.clone();
    let opened = transaction.clone();
    // Decides in the event itself: Firefox runs no promise while the host opens a window, and ends the transaction.
    let decide = Closure::once_into_js(move || {
        let [outbox_records, settled_records] = requests.map(|request| get(&request, "result").unchecked_into());
        let stores = Stores { outbox, settled, outbox_records, settled_records };
        let Some(decided) = decide(&stores) else {
            // Fails if it has ended.
            return drop(opened.abort());
        };
        // Before the commit: later, it could overwrite the note of another tab's transaction.
        NOTE.with(|note| set(&stores.outbox.count(), ONSUCCESS, note));
        answered.set(Some(decided));
    });
    set(&last, ONSUCCESS, &decide);
    if let Err(error) = event(&transaction, "oncomplete").await {
        drop(transaction.abort());
        return Err(error);
    }
    answer.take().ok_or(JsValue::NULL)
}

/// Resolves at this event. Fails if the request or transaction fails, and after [`LIMIT_MS`].
fn event(source: &JsValue, name: &str) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        set(source, name, &resolve);
        set(source, "onerror", &reject);
        set(source, "onabort", &reject);
        set_timeout(&reject, LIMIT_MS);
    }))
}
