//! Time that does not jump when somebody sets the computer's clock.

use std::cell::Cell;

use js_sys::Date;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn measured() -> f64;
}

thread_local! {
    /// The time of the computer's clock when the page asked first, less what was measured by then.
    static START: f64 = Date::now() - measured();
    /// How far the server's clock is ahead of [`now`].
    static SERVER_AHEAD: Cell<Option<f64>> = const { Cell::new(None) };
}

/// Milliseconds since 1970 by the computer's clock, as it was when the page asked first.
pub(crate) fn now() -> f64 {
    START.with(|start| *start) + measured()
}

/// Takes a time that the server has told.
pub(crate) fn observe(server: f64) {
    if server.is_finite() {
        SERVER_AHEAD.set(Some(server - now()));
    }
}

/// The time by the server's clock, if it has told it to this page.
pub(crate) fn server_now() -> Option<f64> {
    SERVER_AHEAD.get().map(|ahead| now() + ahead)
}
