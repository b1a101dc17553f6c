//! The page's address as a signal, and the ways to change it.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use ringback_api::Session;
use wasm_bindgen::JsValue;

use crate::address::Address;
use crate::range::RangeError;

/// Where a person is, for all that is on the page; from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct Nav {
    pub(crate) address: RwSignal<Address>,
    /// Why the address that was opened does not show the days that it names.
    pub(crate) problem: RwSignal<Option<RangeError>>,
    has_moved: StoredValue<bool>,
}

/// Path and query of the page.
fn place() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

impl Nav {
    /// Reads the address of the page, and again when a person goes back or forward. An address that names no time zone
    /// has that of the account.
    pub(crate) fn new(session: RwSignal<Session>) -> Self {
        let read = move || {
            let (path, query) = place();
            session.with_untracked(|session| Address::read(&path, &query, session.today, &session.time_zone))
        };
        let (address, problem) = read();
        let nav = Self {
            address: RwSignal::new(address),
            problem: RwSignal::new(problem),
            has_moved: StoredValue::new(false),
        };
        let back = window_event_listener(ev::popstate, move |_| {
            let (address, problem) = read();
            let address = nav.address.with_untracked(|left| address.beside(left));
            nav.note(&address);
            nav.address.set(address);
            nav.problem.set(problem);
        });
        on_cleanup(move || back.remove());
        nav
    }

    /// Goes to another place, one step back in the history from now.
    pub(crate) fn go(self, to: Address) {
        self.problem.set(None);
        self.note(&to);
        let written = to.write();
        // Without a history the page works all the same, only its address does not follow.
        let (path, query) = place();
        if path + &query != written {
            let _ = window().history().and_then(|h| h.push_state_with_url(&JsValue::NULL, "", Some(&written)));
        }
        // Also when they are the same: choosing again means to see what has come in since.
        self.address.set(to);
    }

    fn note(self, to: &Address) {
        if self.address.with_untracked(|address| address.page != to.page) {
            self.has_moved.set_value(true);
        }
    }

    /// The next page that appears is one that the person went to, not one that the browser opened.
    pub(crate) fn move_on(self) {
        self.has_moved.set_value(true);
    }

    /// Whether the page that appears now is one that the person went to; asked once.
    pub(crate) fn has_moved(self) -> bool {
        let has_moved = self.has_moved.get_value();
        self.has_moved.set_value(false);
        has_moved
    }

    /// Goes to a place that follows from this one.
    pub(crate) fn change(self, change: impl FnOnce(&Address) -> Address) {
        self.go(self.address.with_untracked(change));
    }

    /// Follows a link within the page, unless the person wants it in a window of its own.
    pub(crate) fn follow(self, event: &MouseEvent, to: Address) {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            self.go(to);
        }
    }
}
