//! The page's address as a signal.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use ringback_api::Session;
use wasm_bindgen::JsValue;

use crate::address::Address;
use crate::range::RangeError;

/// The current address, from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct Nav {
    pub(crate) address: RwSignal<Address>,
    /// Why the page does not show the days that its address names.
    pub(crate) problem: RwSignal<Option<RangeError>>,
    focus_heading: StoredValue<bool>,
}

/// Path and query of the page.
fn location() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

impl Nav {
    /// Reads the page's address, and follows the history. The default time zone is the account's.
    pub(crate) fn new(session: RwSignal<Session>) -> Self {
        let read = move || {
            let (path, query) = location();
            session.with_untracked(|session| Address::read(&path, &query, session.today, &session.time_zone))
        };
        let (address, problem) = read();
        let nav = Self {
            address: RwSignal::new(address),
            problem: RwSignal::new(problem),
            focus_heading: StoredValue::new(false),
        };
        let listener = window_event_listener(ev::popstate, move |_| {
            let (address, problem) = read();
            let address = nav.address.with_untracked(|previous| address.with_overview_of(previous));
            nav.focus_heading_of_another_page(&address);
            nav.address.set(address);
            nav.problem.set(problem);
        });
        on_cleanup(move || listener.remove());
        nav
    }

    /// Goes to an address, and adds it to the history.
    pub(crate) fn go(self, to: Address) {
        self.problem.set(None);
        self.focus_heading_of_another_page(&to);
        let written = to.write();
        let (path, query) = location();
        if path + &query != written {
            // If the history cannot be changed, only the visible address stays behind.
            let _ = window().history().and_then(|h| h.push_state_with_url(&JsValue::NULL, "", Some(&written)));
        }
        // Even if it is the same, because choosing it again reloads the figures.
        self.address.set(to);
    }

    fn focus_heading_of_another_page(self, to: &Address) {
        if self.address.with_untracked(|address| address.page != to.page) {
            self.focus_heading();
        }
    }

    /// Asks the next page that is shown to focus its heading.
    pub(crate) fn focus_heading(self) {
        self.focus_heading.set_value(true);
    }

    /// Whether the page that is shown now should focus its heading. Resets the request.
    pub(crate) fn take_focus_heading(self) -> bool {
        let requested = self.focus_heading.get_value();
        self.focus_heading.set_value(false);
        requested
    }

    /// Goes to an address that is derived from the current one.
    pub(crate) fn change(self, change: impl FnOnce(&Address) -> Address) {
        self.go(self.address.with_untracked(change));
    }

    /// Handles a click on a link within the dashboard. Leaves clicks that open a new tab or window to the browser.
    pub(crate) fn follow(self, event: &MouseEvent, to: Address) {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            self.go(to);
        }
    }
}
