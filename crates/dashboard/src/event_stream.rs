//! The account's event stream: reloads a page's figures when ratings arrive.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use ringback_api::AccountSid;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventSource;

/// Minimum interval between reloads, however many ratings arrive.
const RELOAD_INTERVAL: Duration = Duration::from_millis(500);
/// Interval between checks that the stream is alive.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// After a longer interval between two checks, the machine was asleep. Its connections are dead, but do not know it.
const ASLEEP_MS: f64 = 20_000.0;

/// The state of the connection to the event stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    /// The first connection is being made.
    Connecting,
    Live,
    /// Disconnected. Further attempts follow.
    Lost,
}

/// Calls `refresh` when ratings arrive, until the caller's reactive owner is disposed. The stream has the account's
/// ratings, and with `with_subaccounts` those of its subaccounts.
pub(crate) fn subscribe(
    account: AccountSid,
    with_subaccounts: Memo<bool>,
    refresh: impl Fn() + Copy + 'static,
) -> ReadSignal<ConnectionState> {
    let (connection, set_connection) = signal(ConnectionState::Connecting);
    let stream = StoredValue::new_local(None::<EventStream>);
    let is_due = StoredValue::new(false);
    let on_rating = move || {
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
            RELOAD_INTERVAL,
        );
    };
    let connect = move || {
        let query = if with_subaccounts.get_untracked() { "?subaccounts=true" } else { "" };
        let url = format!("/v1/accounts/{account}/events{query}");
        stream.set_value(None);
        stream.set_value(EventStream::open(&url, set_connection, on_rating));
    };
    Effect::new(move |_| {
        with_subaccounts.track();
        connect();
    });
    let last_check = StoredValue::new(js_sys::Date::now());
    let check = move || {
        let now = js_sys::Date::now();
        let was_asleep = now - last_check.get_value() > ASLEEP_MS;
        last_check.set_value(now);
        let is_closed = stream.with_value(|stream| stream.as_ref().is_none_or(EventStream::is_closed));
        // The browser reconnects after a lost connection, but not after a response that was no event stream.
        if was_asleep || is_closed {
            connect();
            refresh();
        }
    };
    if let Ok(interval) = set_interval_with_handle(check, CHECK_INTERVAL) {
        on_cleanup(move || interval.clear());
    }
    // These events come sooner than the next check. They do not replace it: a machine that slept was not offline.
    let online = window_event_listener(ev::online, move |_| {
        connect();
        refresh();
    });
    let offline = window_event_listener(ev::offline, move |_| set_connection.set(ConnectionState::Lost));
    on_cleanup(move || {
        online.remove();
        offline.remove();
    });
    connection
}

/// An `EventSource`. Dropping it closes the connection and frees the callbacks.
struct EventStream {
    source: EventSource,
    _callbacks: [Closure<dyn FnMut()>; 3],
}

impl EventStream {
    fn open(url: &str, connection: WriteSignal<ConnectionState>, on_rating: impl Fn() + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let opened = Closure::<dyn FnMut()>::new(move || connection.set(ConnectionState::Live));
        let failed = Closure::<dyn FnMut()>::new(move || connection.set(ConnectionState::Lost));
        let rating = Closure::<dyn FnMut()>::new(on_rating);
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        source.add_event_listener_with_callback("rating", rating.as_ref().unchecked_ref()).ok()?;
        Some(Self { source, _callbacks: [opened, failed, rating] })
    }

    fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.close();
    }
}
