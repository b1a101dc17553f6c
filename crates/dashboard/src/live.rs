//! Ratings as they come: the page is told, and asks for its figures anew.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use ringback_api::AccountSid;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventSource;

/// However many ratings come, figures are asked for at most so often.
const PACE: Duration = Duration::from_millis(500);
/// How often it is looked at whether the stream still lives.
const WATCH: Duration = Duration::from_secs(5);
/// A machine that did not come to look for so long was asleep, and its connections are dead without knowing it.
const ASLEEP_MS: f64 = 20_000.0;

/// Whether what is shown is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Liveness {
    /// The first connection is being made.
    Connecting,
    Live,
    /// There is no connection; it is tried again and again.
    Stale,
}

/// Follows the account's ratings, and its subaccounts' if they are counted, as long as the caller's scope lives.
pub(crate) fn follow(
    account: AccountSid,
    with_subaccounts: Memo<bool>,
    refresh: impl Fn() + Copy + 'static,
) -> ReadSignal<Liveness> {
    let (liveness, set_liveness) = signal(Liveness::Connecting);
    let stream = StoredValue::new_local(None::<Stream>);
    let is_due = StoredValue::new(false);
    let rated = move || {
        if is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        set_timeout(
            move || {
                if is_due.try_set_value(false).is_none() {
                    refresh();
                }
            },
            PACE,
        );
    };
    let connect = move || {
        let query = if with_subaccounts.get_untracked() { "?subaccounts=true" } else { "" };
        let url = format!("/v1/accounts/{account}/events{query}");
        stream.set_value(None);
        stream.set_value(Stream::open(&url, set_liveness, rated));
    };
    Effect::new(move |_| {
        with_subaccounts.track();
        connect();
    });
    let last_look = StoredValue::new(js_sys::Date::now());
    let look = move || {
        let now = js_sys::Date::now();
        let was_asleep = now - last_look.get_value() > ASLEEP_MS;
        last_look.set_value(now);
        let is_closed = stream.with_value(|stream| stream.as_ref().is_none_or(Stream::is_closed));
        // The browser comes back by itself after a lost connection, but not after an answer that was no stream.
        if was_asleep || is_closed {
            connect();
            refresh();
        }
    };
    if let Ok(watch) = set_interval_with_handle(look, WATCH) {
        on_cleanup(move || watch.clear());
    }
    // What the browser says by itself is known sooner. It does not say all: a machine that slept was not offline.
    let online = window_event_listener(ev::online, move |_| {
        connect();
        refresh();
    });
    let offline = window_event_listener(ev::offline, move |_| set_liveness.set(Liveness::Stale));
    on_cleanup(move || {
        online.remove();
        offline.remove();
    });
    liveness
}

/// Ends when it is dropped, together with the callbacks that it would call.
struct Stream {
    source: EventSource,
    _callbacks: [Closure<dyn FnMut()>; 3],
}

impl Stream {
    fn open(url: &str, liveness: WriteSignal<Liveness>, rated: impl Fn() + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let opened = Closure::<dyn FnMut()>::new(move || liveness.set(Liveness::Live));
        let failed = Closure::<dyn FnMut()>::new(move || liveness.set(Liveness::Stale));
        let rating = Closure::<dyn FnMut()>::new(rated);
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        source.add_event_listener_with_callback("rating", rating.as_ref().unchecked_ref()).ok()?;
        Some(Self { source, _callbacks: [opened, failed, rating] })
    }

    fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
