//! Delivers ratings whatever happens: stores a rating in the outbox before it is sent, then sends it until the server
//! has acknowledged or refused it, from this page or a later one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Math, Promise};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::clock::{now, server_now};
use crate::js::{get, text};
use crate::outbox::{self, Item, LONGEST_PAUSE_MS, Record, Schedule, Settlement, Sweep};
use crate::rating::{Error, Leg, RatingClient, Remedy};
use crate::task::{BoxedFuture, pause, spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = addEventListener)]
    fn listen(name: &str, listener: &JsValue);
}

/// How often [`submit`] sends a form before it gives way to other devices that raise the revision faster.
const TRIES: u32 = 3;
/// The first pause before a retry. Each further pause is twice as long.
const PAUSE_MS: f64 = 2_000.0;
/// 2 s, doubled this often, is 17 minutes.
const MAX_DOUBLINGS: u32 = 9;

/// The revision of a rating that the page sent before this code was loaded. The code sends higher revisions only.
pub const EARLY: Revision = 1;

/// The result of [`submit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The rating is on the server's disk.
    Delivered,
    /// The server may not have it. It is in the outbox, and will be sent again.
    Kept(Error),
    /// The server does not have it, and nothing but another token will change that.
    Failed(Error),
}

/// Sends the form. If that fails for now, the form stays in the outbox and is sent again.
///
/// Where another form of the same user has reached a higher revision, this form's is raised above it, because it is the
/// newer choice. Afterwards the form has the last revision that was tried, even if that failed: it may still arrive,
/// and the next choice must be above it.
///
/// `early` belongs to a request that has already sent the same form as [`EARLY`]. It resolves to the revision that the
/// server has acknowledged, if it did.
pub fn submit<'a>(
    client: &'a RatingClient,
    form: &'a mut RatingForm,
    early: Option<Promise>,
) -> BoxedFuture<'a, Outcome> {
    Box::pin(async move {
        let chosen = form.revision;
        let saved = outbox::save(client, form, Schedule::Leased).await;
        let key = client.key();
        let early = match early {
            // Otherwise an earlier page may have sent a higher revision, which could arrive later.
            Some(early) if form.revision == chosen => JsFuture::from(early).await.ok(),
            _ => None,
        };
        let mut outcome = Outcome::Failed(Error::Overtaken);
        if early.and_then(|stored| stored.as_f64()) == Some(EARLY.into()) {
            outcome = Outcome::Delivered;
        } else {
            for _ in 0..TRIES {
                let sent = form.revision.unwrap_or_default();
                match client.rate(form).await {
                    Ok(stored) if stored > sent => {
                        // Before the next try, because a page that is closed now would leave the lower revision behind.
                        drop(outbox::raise(&key, sent, stored).await);
                        form.revision = Some(stored.saturating_add(1));
                    }
                    Ok(_) => {
                        outcome = Outcome::Delivered;
                        break;
                    }
                    Err(error) => {
                        let waits = saved.is_ok() && handle_failure(&key, sent, 0, &error).await;
                        let is_promised = waits && error.is_waited_for();
                        return if is_promised { Outcome::Kept(error) } else { Outcome::Failed(error) };
                    }
                }
            }
        }
        let settlement = if outcome == Outcome::Delivered { Settlement::Delivered } else { Settlement::Dropped };
        let settled = outbox::settle(&key, form.revision.unwrap_or_default(), settlement);
        // A user who waits for the outcome does not wait for a database that did not even save the item.
        if saved.is_ok() {
            drop(settled.await);
        }
        outcome
    })
}

/// Saves the form as a draft. A `partial` draft is sent as it is if the user leaves.
pub fn save_draft<'a>(client: &'a RatingClient, form: &'a mut RatingForm, partial: bool) -> BoxedFuture<'a, ()> {
    Box::pin(async move {
        if outbox::save(client, form, Schedule::Draft { counts: partial }).await.is_ok() && partial {
            wake_at(now() + outbox::DRAFT_MS);
        }
    })
}

/// Sends the draft as it is, without its comment.
#[must_use]
pub fn submit_draft(client: &RatingClient) -> BoxedFuture<'static, ()> {
    let ended = outbox::end_draft(&client.key(), true);
    Box::pin(async {
        if ended.await.is_ok() {
            deliver(false).await;
        }
    })
}

/// Drops the draft.
pub fn discard(client: RatingClient) {
    drop(outbox::end_draft(&client.key(), false));
}

/// Drops the draft, and reports to the server that the user does not want to rate.
pub fn dismiss(client: RatingClient) {
    discard(client.clone());
    spawn(Box::pin(async move { drop(client.report_dismissed().await) }));
}

/// The state of a leg in this browser's outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegStatus {
    /// The user chose this, and did not press Send.
    Draft(RatingForm),
    /// This waits to be sent.
    Waiting(RatingForm),
    /// This waits for another token, because of this error.
    TokenNeeded(RatingForm, Error),
    /// The server has everything up to this revision.
    Delivered(Revision),
    /// The server has refused this revision with this error.
    Refused(Revision, Error),
    /// Everything up to this revision was dropped.
    Dropped(Revision),
}

/// Reads the state of the client's leg. `None` if the outbox has no record of it.
#[must_use]
pub fn leg_status(client: &RatingClient) -> BoxedFuture<'_, Option<LegStatus>> {
    Box::pin(async move {
        Some(match outbox::read(client).await.ok()? {
            Record::Waiting(item) => match item.form()? {
                form if item.needs_token() => LegStatus::TokenNeeded(form, item.token_error()),
                form if item.is_draft() => LegStatus::Draft(form),
                form => LegStatus::Waiting(form),
            },
            Record::Settled(revision, Settlement::Delivered) => LegStatus::Delivered(revision),
            Record::Settled(revision, Settlement::Refused(status, message)) => {
                LegStatus::Refused(revision, Error::Refused { status, message, retry_after: None, expired: false })
            }
            Record::Settled(revision, Settlement::Dropped) => LegStatus::Dropped(revision),
        })
    })
}

/// Deletes what this browser keeps about its user, for the next user of a shared computer. Resolves when that is done.
pub fn forget() -> Promise {
    outbox::sweep(Sweep::Personal)
}

/// Reports to the server that the form was shown.
#[must_use]
pub fn report_asked(client: &RatingClient) -> BoxedFuture<'_, Result<(), Error>> {
    Box::pin(async {
        let asked = client.report_asked().await.map(drop);
        if let Some(server_now) = server_now() {
            // As a future, so that the browser does not report a failure as an unhandled rejection.
            drop(JsFuture::from(outbox::sweep(Sweep::Old(server_now))));
        }
        asked
    })
}

/// If a rating of the client's leg waits for another token, sends it with the client's.
pub fn renew(client: RatingClient) {
    let renewed = outbox::renew(&client);
    spawn(Box::pin(async {
        if renewed.await.is_ok() {
            deliver(false).await;
        }
    }));
}

/// Sends every item that is due. With `early`, items that wait for their next retry are due.
fn deliver(mut early: bool) -> BoxedFuture<'static, ()> {
    Box::pin(async move {
        thread_local! {
            static RUNNING: Cell<bool> = const { Cell::new(false) };
            static AGAIN: Cell<Option<bool>> = const { Cell::new(None) };
        }
        if RUNNING.replace(true) {
            return AGAIN.set(Some(early || AGAIN.get() == Some(true)));
        }
        loop {
            let began = now();
            let next = loop {
                match outbox::take(began, early).await {
                    Ok(Ok(item)) => send(item).await,
                    Ok(Err(next)) => break next,
                    Err(_) => break f64::INFINITY,
                }
            };
            let Some(again) = AGAIN.take() else {
                RUNNING.set(false);
                return wake_at(next);
            };
            early = again;
        }
    })
}

/// A callback that takes a leg, and the error that the server reported about its token.
pub type OnLeg = Box<dyn Fn(&Leg, &Error)>;

/// Sends what earlier pages could not, and retries from now on. Calls `on_token_needed` for each rating that needs
/// another token and whose leg has no [`Watcher`]. Only the first call has an effect.
pub fn start(on_token_needed: OnLeg) {
    thread_local! { static STARTED: Cell<bool> = const { Cell::new(false) } }
    if STARTED.replace(true) {
        return;
    }
    ON_TOKEN_NEEDED.replace(Some(on_token_needed));
    spawn(Box::pin(async {
        for item in outbox::needing_token().await.unwrap_or_default() {
            notify(&item, Some(item.token_error()));
        }
        deliver(true).await;
    }));
    let listener = Closure::<dyn FnMut(JsValue)>::new(|event| {
        // The target of "visibilitychange" is the document. The window, target of the others, has no such property.
        let hidden = get(&get(&event, "target"), "hidden").is_truthy();
        if hidden || text(&event, "type").as_deref() == Some("pagehide") {
            send_unsent();
        } else {
            spawn(deliver(true));
        }
    })
    .into_js_value();
    for event in ["online", "visibilitychange", "pagehide"] {
        listen(event, &listener);
    }
}

/// The callbacks of a form that is shown for a leg.
pub struct Watcher {
    /// Called when the leg's status may have changed.
    pub on_change: Box<dyn Fn()>,
    /// Returns the form to send if the page is unloaded now.
    pub unsent: Box<dyn Fn() -> Option<(RatingClient, RatingForm)>>,
}

/// Watches the client's leg until the returned value is dropped.
#[must_use]
pub fn watch(client: &RatingClient, watcher: Watcher) -> Watch {
    let watch = Rc::new(Watched { key: client.key(), watcher, sent: Cell::new(None) });
    WATCHES.with_borrow_mut(|watches| watches.push(watch.clone()));
    Watch(watch)
}

/// Ends a [`watch`] when dropped.
pub struct Watch(Rc<Watched>);

struct Watched {
    key: String,
    watcher: Watcher,
    /// The revision that [`send_unsent`] sent last. A page that is hidden is often unloaded next.
    sent: Cell<Option<Revision>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHES.with_borrow_mut(|watches| watches.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

/// Sends the unsent form of each watched leg, once per revision.
fn send_unsent() {
    for watched in WATCHES.with_borrow(Clone::clone) {
        if let Some((client, form)) = (watched.watcher.unsent)()
            && watched.sent.replace(form.revision) != form.revision
        {
            client.rate_on_unload(&form);
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
    let Some(mut form) = item.form() else { return };
    if item.is_draft() {
        // A comment leaves with a press on Send only. The server keeps the one that it has.
        form.comment = None;
    }
    let token_error = match client.rate(&form).await {
        // If the server has a higher revision, that one was chosen later, so this one is not raised above it.
        Ok(_) => {
            drop(outbox::settle(&key, revision, Settlement::Delivered).await);
            None
        }
        Err(error) => {
            handle_failure(&key, revision, item.tries(), &error).await;
            Some(error).filter(|error| error.remedy() == Remedy::Token)
        }
    };
    notify(&item, token_error);
}

/// Calls the watchers of the item's leg. If there are none, and there is an error about the token, tells the host page.
fn notify(item: &Item, token_error: Option<Error>) {
    let key = item.key();
    // Cloned, because the callbacks may change the list.
    let watches: Vec<_> = WATCHES.with_borrow(|all| all.iter().filter(|watch| watch.key == key).cloned().collect());
    for watch in &watches {
        (watch.watcher.on_change)();
    }
    if let Some(error) = token_error
        && watches.is_empty()
        && let Some(client) = item.client()
    {
        ON_TOKEN_NEEDED.with_borrow(|callback| callback.as_ref().map(|callback| callback(client.leg(), &error)));
    }
}

/// Reschedules or settles an item that was not delivered. Returns whether it stays in the outbox.
async fn handle_failure(key: &str, revision: Revision, tries: u32, error: &Error) -> bool {
    let schedule = match (error.remedy(), error) {
        (Remedy::Wait, error) => {
            let retry_after = match error {
                Error::Refused { retry_after: Some(seconds), .. } => f64::from(*seconds) * 1_000.0,
                _ => 0.0,
            };
            let retry_after = retry_after.min(LONGEST_PAUSE_MS);
            // Random, so that clients do not all come back at once.
            let pause = PAUSE_MS * f64::from(1_u32 << tries.min(MAX_DOUBLINGS)) * (1.0 - Math::random() / 2.0);
            let now = now();
            Schedule::Retry { due: now + pause.max(retry_after), earliest: now + retry_after }
        }
        (Remedy::Token, _) => Schedule::TokenNeeded,
        (Remedy::Nothing, error) => {
            let settlement = match error {
                Error::Refused { status, message, .. } => Settlement::Refused(*status, message.clone()),
                _ => Settlement::Dropped,
            };
            drop(outbox::settle(key, revision, settlement).await);
            return false;
        }
    };
    let kept = outbox::reschedule(key, revision, schedule, error).await.is_ok();
    if let Schedule::Retry { due, .. } = schedule {
        wake_at(due);
    }
    kept
}

/// Delivers at this time, unless an earlier delivery is planned.
fn wake_at(time: f64) {
    if time >= WAKES_AT.get() {
        return;
    }
    WAKES_AT.set(time);
    spawn(Box::pin(async move {
        // Browsers cannot count longer pauses, and an hour is long enough. They cannot tell shorter ones apart.
        pause((time - now()).clamp(10.0, LONGEST_PAUSE_MS)).await;
        // An earlier wake-up may have been planned since, and have delivered.
        if WAKES_AT.get() >= time {
            WAKES_AT.set(f64::INFINITY);
            deliver(false).await;
        }
    }));
}
