//! A page with elements in it, as the host and the user see them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, Document, Element, HtmlElement, HtmlInputElement, ShadowRoot};

/// No server listens on this port.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:4";

/// The server that the tests were compiled for. Fails at run time, so that the lints need no server.
pub(crate) fn endpoint() -> &'static str {
    let Some(endpoint) = option_env!("RINGBACK_TEST_ENDPOINT") else {
        panic!("needs a server: see scripts/test-browser.sh");
    };
    endpoint
}

/// A token that no server signed.
pub(crate) fn forged_token(call: &str) -> String {
    let payload = format!(r#"{{"sub":"AC{:032}","call":"{call}"}}"#, 0);
    let payload = web_sys::window().unwrap().btoa(&payload).unwrap();
    format!("e30.{}.c2ln", payload.trim_end_matches('='))
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

pub(crate) fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap()
}

/// Waits for a condition, checking it in each frame.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let window = web_sys::window().unwrap();
    let deadline = js_sys::Date::now() + 10_000.0;
    while !condition() {
        assert!(js_sys::Date::now() < deadline, "waited 10 s until {what}");
        let frame = Promise::new(&mut |resolve, _| {
            window.request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(frame).await.unwrap();
    }
}

/// Waits for pending tasks to run.
pub(crate) async fn tick() {
    let later = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback(&resolve).unwrap();
    });
    JsFuture::from(later).await.unwrap();
}

/// The number of requests that the page has sent to URLs that contain this part.
pub(crate) fn requests(part: &str) -> usize {
    let performance = get(&JsValue::from(web_sys::window().unwrap()), "performance");
    let list: js_sys::Function = get(&performance, "getEntriesByType").unchecked_into();
    let entries: js_sys::Array = list.call1(&performance, &"resource".into()).unwrap().unchecked_into();
    entries.iter().filter(|entry| get(entry, "name").as_string().unwrap().contains(part)).count()
}

/// An element and the events that it has fired. It leaves the page when dropped.
pub(crate) struct Widget {
    pub(crate) element: HtmlElement,
    events: Rc<RefCell<Vec<(String, JsValue)>>>,
    _listener: Closure<dyn Fn(CustomEvent)>,
}

impl Drop for Widget {
    fn drop(&mut self) {
        self.element.remove();
    }
}

impl Widget {
    /// Adds an element to the page and waits until it shows something.
    pub(crate) async fn open(endpoint: &str, token: &str) -> Self {
        define().await;
        let element: HtmlElement = document().create_element("ringback-rating").unwrap().unchecked_into();
        element.set_attribute("endpoint", endpoint).unwrap();
        element.set_attribute("token", token).unwrap();
        let events = Rc::new(RefCell::new(Vec::new()));
        let log = events.clone();
        let listener = Closure::new(move |event: CustomEvent| {
            assert!(event.bubbles() && event.composed());
            log.borrow_mut().push((event.type_(), event.detail()));
        });
        for name in
            ["ringback-submitted", "ringback-queued", "ringback-dismissed", "ringback-token-needed", "ringback-error"]
        {
            element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).unwrap();
        }
        document().body().unwrap().append_child(&element).unwrap();
        let widget = Self { element, events, _listener: listener };
        until("the widget shows something", || widget.has(".rb")).await;
        widget
    }

    /// Sets an attribute and waits until it takes effect.
    pub(crate) async fn set(&self, attribute: &str, value: &str) {
        self.element.set_attribute(attribute, value).unwrap();
        tick().await;
    }

    pub(crate) fn root(&self) -> ShadowRoot {
        self.element.shadow_root().unwrap()
    }

    pub(crate) fn has(&self, selector: &str) -> bool {
        self.root().query_selector(selector).unwrap().is_some()
    }

    pub(crate) fn find(&self, selector: &str) -> HtmlElement {
        let found = self.root().query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap()
    }

    pub(crate) fn is_shown(&self, selector: &str) -> bool {
        self.find(selector).get_client_rects().length() > 0
    }

    pub(crate) fn star(&self, score: u8) -> HtmlInputElement {
        self.find(&format!("[type=radio][value='{score}']")).unchecked_into()
    }

    pub(crate) fn issue(&self, name: &str) -> HtmlInputElement {
        self.find(&format!("[type=checkbox][value='{name}']")).unchecked_into()
    }

    pub(crate) fn write(&self, comment: &str) {
        let textarea = self.find("textarea");
        Reflect::set(&textarea, &"value".into(), &comment.into()).unwrap();
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        textarea.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
    }

    pub(crate) fn press_send(&self) {
        self.find(".rb-form button").click();
    }

    pub(crate) fn focused(&self) -> Option<Element> {
        self.root().active_element()
    }

    pub(crate) fn is_thanked(&self) -> bool {
        self.text("[role=status]").starts_with("Thank you") && !self.is_shown(".rb-form")
    }

    pub(crate) fn problem(&self) -> String {
        self.text("[role=alert]")
    }

    /// The events so far: names and details.
    pub(crate) fn events(&self) -> Vec<(String, String)> {
        let json = |detail| String::from(JSON::stringify(detail).unwrap());
        self.events.borrow().iter().map(|(name, detail)| (name.clone(), json(detail))).collect()
    }

    /// The detail of the only event so far, which has this name.
    pub(crate) fn only_event(&self, name: &str) -> JsValue {
        match self.events.borrow().as_slice() {
            [(only, detail)] if only == name => detail.clone(),
            _ => panic!("expected one {name}, got {:?}", self.events()),
        }
    }
}

/// Loads `ringback.js` from the server.
async fn define() {
    let import = Function::new_with_args("url", "return import(url)");
    let url = format!("{}/embed/ringback.js", endpoint());
    let module: Promise = import.call1(&JsValue::UNDEFINED, &url.into()).unwrap().unchecked_into();
    JsFuture::from(module).await.unwrap();
}
