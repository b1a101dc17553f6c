//! Tests of the widget in a real browser, against a real server at `RINGBACK_TEST_ENDPOINT`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "clippy does not recognize these as tests")]

mod choosing;
mod component;
mod lifecycle;
mod page;
mod sending;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
