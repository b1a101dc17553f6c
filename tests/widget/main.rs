//! The widget in a real browser; what is sent goes to a real server, at `RINGBACK_TEST_ENDPOINT`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "clippy does not know these for tests")]

mod choosing;
mod lifecycle;
mod page;
mod sending;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
