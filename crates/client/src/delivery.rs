//! How a rating gets to the server, whatever happens: what was chosen is kept (`outbox`) before it is sent, and is sent
//! until the server has acknowledged or refused it, by this page or by a later one.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Date, Math, Promise};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::outbox::{self, Fate, Item, Kept, Turn};
use crate::rating::{Error, Leg, RatingClient, Remedy, get, stored, text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = addEventListener)]
    fn listen(name: &str, listener: &JsValue);
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(run: &JsValue, ms: f64);
}

/// How often a form is sent before it gives way to others that are faster each time.
const TRIES: u32 = 3;
/// The first pause; each further one is twice as long.
const PAUSE_MS: f64 = 2_000.0;
/// 2 s doubled so often is 17 minutes.
const MOST_DOUBLINGS: u32 = 9;

/// The revision of what the page has sent before this code was there. All that is sent by the code is above it.
pub const EARLY: Revision = 1;

/// Boxed, because an `async fn` is compiled once more in each crate that calls it, and all that it calls with it.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs it beside what runs now. All go through here, because what takes a future is compiled once for each type of it.
pub fn spawn(future: Boxed<'static, ()>) {
    spawn_local(future);
}

/// Waits for so many milliseconds.
pub async fn pause(ms: f64) {
    let passed = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    drop(JsFuture::from(passed).await);
}

/// What became of a press on Send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The rating is on the server's disk.
    Delivered,
    /// Not there, for all that is known, but kept here; it will be sent again.
    Kept(Error),
    /// Not there, and not kept.
    Failed(Error),
}

/// Sends the form; when that fails for the moment, it is kept and sent again.
///
/// Where another form of the same person has reached a higher revision, this one's is raised above it: it is the
/// newer choice. The form has the last revision that was tried, even if that failed: it may arrive yet, and what is
/// chosen next must be above it.
///
/// `early` is the answer to a request that has already taken the same form there, as [`EARLY`].
pub fn submit<'a>(client: &'a RatingClient, form: &'a mut RatingForm, early: Option<Promise>) -> Boxed<'a, Outcome> {
    Box::pin(async move {
        let chosen = form.revision;
        let kept = outbox::keep(client, form, Turn::Mine).await;
        let key = client.key();
        if let Some(early) = early
            // Nothing of an earlier page is on its way, which could come after that.
            && form.revision == chosen
            && let Ok(answer) = JsFuture::from(early).await
            && stored(answer.unchecked_ref()) == Some(EARLY)
        {
            drop(outbox::settle(&key, chosen.unwrap_or_default(), Fate::Delivered).await);
            return Outcome::Delivered;
        }
        for _ in 0..TRIES {
            let sent = form.revision.unwrap_or_default();
            match client.rate(form).await {
                Ok(Some(stored)) if stored > sent => {
                    // Before it is sent again, or a page that is closed now would leave the lower one behind.
                    drop(outbox::raise(&key, sent, stored).await);
                    form.revision = Some(stored.saturating_add(1));
                }
                Ok(_) => {
                    drop(outbox::settle(&key, sent, Fate::Delivered).await);
                    return Outcome::Delivered;
                }
                Err(error) => {
                    let waits = after(&key, sent, 0, &error).await;
                    return if kept.is_ok() && waits { Outcome::Kept(error) } else { Outcome::Failed(error) };
                }
            }
        }
        drop(outbox::settle(&key, form.revision.unwrap_or_default(), Fate::Dropped).await);
        Outcome::Failed(Error::Overtaken)
    })
}

/// Keeps what was chosen so far. If `partial`, it is sent as it is should the person leave.
pub fn keep_draft<'a>(client: &'a RatingClient, form: &'a mut RatingForm, partial: bool) -> Boxed<'a, ()> {
    Box::pin(async move {
        if outbox::keep(client, form, Turn::Draft(partial)).await.is_ok() && partial {
            wake_at(Date::now() + outbox::DRAFT_MS);
        }
    })
}

/// The form is closed, and what was chosen in it counts.
pub fn hand_over(client: RatingClient) {
    deliver_after(outbox::end_draft(&client.key(), true));
}

/// What was chosen and not sent does not count.
pub fn discard(client: RatingClient) {
    drop(outbox::end_draft(&client.key(), false));
}

/// The person does not want to rate: what was chosen does not count, and the server hears of it.
pub fn dismiss(client: RatingClient) {
    discard(client.clone());
    spawn(Box::pin(async move { drop(client.dismissed().await) }));
}

/// What this browser knows of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// This was chosen and not sent.
    Draft(RatingForm),
    /// This waits to be sent.
    Waiting(RatingForm),
    /// This waits for another token.
    TokenNeeded(RatingForm),
    /// The server has all up to this revision.
    Delivered(Revision),
    /// The server has refused this revision with this status.
    Refused(Revision, u16),
    /// Nothing is left of what was chosen, up to this revision.
    Dropped(Revision),
}

/// What this browser knows of the leg.
#[must_use]
pub fn known(client: &RatingClient) -> Boxed<'_, Option<Known>> {
    Box::pin(async move {
        Some(match outbox::read(client).await.ok()? {
            Kept::Waiting(item) => match item.form()? {
                form if item.is_draft() => Known::Draft(form),
                form if item.needs_token() => Known::TokenNeeded(form),
                form => Known::Waiting(form),
            },
            Kept::Settled(revision, Fate::Delivered) => Known::Delivered(revision),
            Kept::Settled(revision, Fate::Refused(status)) => Known::Refused(revision, status),
            Kept::Settled(revision, Fate::Dropped) => Known::Dropped(revision),
        })
    })
}

/// Says that the form was shown.
#[must_use]
pub fn asked(client: &RatingClient) -> Boxed<'_, Result<(), Error>> {
    Box::pin(async { client.asked().await.map(drop) })
}

/// What waits for a token of this leg is sent with this client's.
pub fn renew(client: RatingClient) {
    deliver_after(outbox::renew(&client));
}

/// Sends what is due, if this change was made.
fn deliver_after(change: JsFuture) {
    spawn(Box::pin(async {
        if change.await.is_ok() {
            deliver(false).await;
        }
    }));
}

/// Sends what is due. With a `chance`, such as being online again, it does not wait out its pauses.
fn deliver(mut chance: bool) -> Boxed<'static, ()> {
    Box::pin(async move {
        thread_local! {
            static RUNNING: Cell<bool> = const { Cell::new(false) };
            static AGAIN: Cell<Option<bool>> = const { Cell::new(None) };
        }
        if RUNNING.replace(true) {
            return AGAIN.set(Some(chance || AGAIN.get() == Some(true)));
        }
        loop {
            let began = Date::now();
            let next = loop {
                match outbox::take(began, chance).await {
                    Ok(Ok(item)) => send(item).await,
                    Ok(Err(next)) => break next,
                    Err(_) => break f64::INFINITY,
                }
            };
            let Some(again) = AGAIN.take() else {
                RUNNING.set(false);
                return wake_at(next);
            };
            chance = again;
        }
    })
}

/// What is called with a leg.
pub type OnLeg = Box<dyn Fn(&Leg)>;

/// Sends what an earlier page could not, and from now on at each chance. What needs another token, and nobody watches, is
/// told to `on_token_needed`.
pub fn start(on_token_needed: OnLeg) {
    thread_local! { static STARTED: Cell<bool> = const { Cell::new(false) } }
    if STARTED.replace(true) {
        return;
    }
    ON_TOKEN_NEEDED.replace(Some(on_token_needed));
    spawn(Box::pin(async {
        for item in outbox::tidy().await.unwrap_or_default() {
            tell(&item, true);
        }
        deliver(true).await;
    }));
    let turned = Closure::<dyn FnMut(JsValue)>::new(|event| {
        // That of the document, when it is its event; the window has no such property.
        let hidden = get(&get(&event, "target"), "hidden").is_truthy();
        if hidden || text(&event, "type").as_deref() == Some("pagehide") {
            say_last_words();
        } else {
            spawn(deliver(true));
        }
    })
    .into_js_value();
    for event in ["online", "visibilitychange", "pagehide"] {
        listen(event, &turned);
    }
}

/// Who shows a form for a leg.
pub struct Watcher {
    /// Called whenever what is known of the leg may have changed.
    pub on_change: Box<dyn Fn()>,
    /// What to send if the page goes away now.
    pub last_words: Box<dyn Fn() -> Option<(RatingClient, RatingForm)>>,
}

/// Watches the client's leg until it is dropped.
#[must_use]
pub fn watch(client: &RatingClient, watcher: Watcher) -> Watch {
    let watch = Rc::new(Watched { key: client.key(), watcher, said: Cell::new(None) });
    WATCHES.with_borrow_mut(|watches| watches.push(watch.clone()));
    Watch(watch)
}

/// Ends a [`watch`] when dropped.
pub struct Watch(Rc<Watched>);

struct Watched {
    key: String,
    watcher: Watcher,
    /// Said once for what was chosen: a page that is hidden often goes away next.
    said: Cell<Option<Revision>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHES.with_borrow_mut(|watches| watches.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

fn say_last_words() {
    for watched in WATCHES.with_borrow(Clone::clone) {
        if let Some((client, form)) = (watched.watcher.last_words)()
            && watched.said.replace(form.revision) != form.revision
        {
            client.rate_at_last(&form);
        }
    }
}

thread_local! {
    static WATCHES: RefCell<Vec<Rc<Watched>>> = const { RefCell::new(Vec::new()) };
    static ON_TOKEN_NEEDED: RefCell<Option<OnLeg>> = const { RefCell::new(None) };
    static WAKES_AT: Cell<f64> = const { Cell::new(f64::INFINITY) };
}

async fn send(item: Item) {
    let (key, revision) = (item.key(), item.revision());
    let Some(client) = item.client() else { return };
    let Some(form) = item.form() else { return };
    let outcome = client.rate(&form).await;
    let needs_token = match &outcome {
        // A higher revision that is stored was chosen later, so this one is not sent above it.
        Ok(_) => {
            drop(outbox::settle(&key, revision, Fate::Delivered).await);
            false
        }
        Err(error) => {
            after(&key, revision, item.tries(), error).await;
            error.remedy() == Remedy::Token
        }
    };
    tell(&item, needs_token);
}

fn tell(item: &Item, needs_token: bool) {
    let key = item.key();
    // Called without the list in hand, since they may change it.
    let watches: Vec<_> = WATCHES.with_borrow(|all| all.iter().filter(|watch| watch.key == key).cloned().collect());
    for watch in &watches {
        (watch.watcher.on_change)();
    }
    if needs_token
        && watches.is_empty()
        && let Some(client) = item.client()
    {
        ON_TOKEN_NEEDED.with_borrow(|then| then.as_ref().map(|then| then(client.leg())));
    }
}

/// Sees to what was not delivered; `true` if it is kept to be sent again.
async fn after(key: &str, revision: Revision, tries: u32, error: &Error) -> bool {
    let turn = match (error.remedy(), error) {
        (Remedy::Wait, error) => {
            let asked = match error {
                Error::Refused { retry_after: Some(seconds), .. } => f64::from(*seconds) * 1_000.0,
                _ => 0.0,
            };
            // Not all at once when the server is back.
            let pause = PAUSE_MS * f64::from(1_u32 << tries.min(MOST_DOUBLINGS)) * (1.0 - Math::random() / 2.0);
            let now = Date::now();
            Turn::At(now + pause.max(asked), now + asked)
        }
        (Remedy::Token, _) => Turn::Token,
        (Remedy::Nothing, error) => {
            let fate = match error {
                Error::Refused { status, .. } => Fate::Refused(*status),
                _ => Fate::Dropped,
            };
            drop(outbox::settle(key, revision, fate).await);
            return false;
        }
    };
    let kept = outbox::postpone(key, revision, turn).await.is_ok();
    if let Turn::At(due, _) = turn {
        wake_at(due);
    }
    kept
}

/// Looks for what is due at this time, or earlier if it is to be done earlier anyway.
fn wake_at(time: f64) {
    if time >= WAKES_AT.get() {
        return;
    }
    WAKES_AT.set(time);
    spawn(Box::pin(async move {
        // Longer ones than the browser can count are not worth waiting for; nor are shorter ones than it can tell apart.
        pause((time - Date::now()).clamp(10.0, 3_600_000.0)).await;
        // Another may have been set for earlier, and have done it.
        if WAKES_AT.get() >= time {
            WAKES_AT.set(f64::INFINITY);
            deliver(false).await;
        }
    }));
}
