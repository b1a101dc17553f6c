//! Tasks on the browser's event loop.

use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(run: &JsValue, ms: f64);
}

/// A future of one type. An `async fn` would be compiled again, with all that it calls, in each crate that calls it.
pub type BoxedFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Starts a task. Takes a boxed future because the executor is compiled once per type of future.
pub fn spawn(future: BoxedFuture<'static, ()>) {
    spawn_local(future);
}

/// Waits for this many milliseconds.
pub async fn pause(ms: f64) {
    let passed = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    drop(JsFuture::from(passed).await);
}
