//! What the element does when its code cannot be fetched: next to the tests there is none.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "clippy does not know these for tests")]

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CustomEvent, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/src/ringback.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = RingbackRating)]
    static RINGBACK_RATING: JsValue;
}

#[wasm_bindgen_test]
async fn it_says_so_each_time() {
    assert!(RINGBACK_RATING.with(JsValue::is_function));
    let document = web_sys::window().unwrap().document().unwrap();
    let element: HtmlElement = document.create_element("ringback-rating").unwrap().unchecked_into();
    for _ in 0..2 {
        let failed = Promise::new(&mut |resolve, _| {
            element.add_event_listener_with_callback("ringback-error", &resolve).unwrap();
        });
        document.body().unwrap().append_child(&element).unwrap();
        let event: CustomEvent = JsFuture::from(failed).await.unwrap().unchecked_into();
        assert!(event.bubbles() && event.composed());
        assert_eq!(Reflect::get(&event.detail(), &"code".into()).unwrap(), "load");
        element.remove();
    }
}
