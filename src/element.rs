//! What `ringback.js` calls: the form in the shadow root of a custom element.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Rating;
use ringback_client::delivery;
use ringback_client::rating::{Error, Leg, RatingClient};
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, EventTarget, HtmlDialogElement, HtmlElement};

use crate::flow::{Event, Flow};
use crate::state::{State, Wishes};
use crate::text::Text;
use crate::view::{RatingWidget, RatingWidgetProps};

/// What an element shows, in its shadow root or in a dialog there. JavaScript's `free()` takes it out of the page and ends all that belongs to it.
#[wasm_bindgen]
pub struct Mounted {
    host: HtmlElement,
    parent: HtmlElement,
    origin: String,
    text: Text,
    shown: Option<Shown>,
}

struct Shown {
    /// `None` while the token is bad.
    form: Option<Flow>,
    _handle: Box<dyn Any>,
}

/// Shows the form of the element `host` in `parent`, which is its shadow root or in there; `origin` is the server that its
/// code came from, `words` what [`Text`] is made of; English if left out.
#[wasm_bindgen]
#[must_use]
pub fn mount(host: HtmlElement, parent: HtmlElement, origin: String, words: Option<Object>) -> Mounted {
    start();
    let text = words.map_or_else(Text::english, Text::of);
    if is_dialog(&parent) {
        drop(parent.set_attribute("aria-label", &text.word("question")));
    }
    let mut mounted = Mounted { host, parent, origin, text, shown: None };
    mounted.update();
    mounted
}

/// Sends what earlier pages could not.
#[wasm_bindgen]
pub fn start() {
    delivery::start(|leg| {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            fire(&document, "ringback-token-needed", &leg_detail(leg));
        }
    });
}

/// Sends what waits for a token of the leg that this one names.
#[wasm_bindgen]
pub fn renew(endpoint: &str, token: &str) {
    if let Ok(client) = RatingClient::new(endpoint, token) {
        delivery::renew(client);
    }
}

#[wasm_bindgen]
impl Mounted {
    /// The element's attributes have changed. A newer token for the same leg leaves the form as it is.
    pub fn update(&mut self) {
        // Until there is one, there is nothing to say: many hosts have to fetch it first.
        let Some(token) = self.host.get_attribute("token") else {
            self.shown = None;
            return;
        };
        let endpoint = self.host.get_attribute("endpoint");
        let client = RatingClient::new(endpoint.as_deref().unwrap_or(&self.origin), &token);
        let wishes = self.wishes();
        if let (Some(Shown { form: Some(form), .. }), Ok(new)) = (&self.shown, &client) {
            let old = form.client.get_value();
            if old.leg() == new.leg() {
                form.state.update(|state| state.wish(wishes));
                if old != *new {
                    form.client.set_value(new.clone());
                    form.renew();
                }
                return;
            }
        }
        // What was shown goes before anything else comes.
        self.shown = None;
        self.shown = Some(match client {
            Ok(client) => self.form(client, State::new(wishes)),
            Err(error) => self.sorry(error),
        });
    }

    /// The person closes the form, with Escape for example; before Send, that is a no.
    pub fn dismiss(&self) {
        if let Some(Shown { form: Some(form), .. }) = &self.shown {
            form.dismiss();
        }
    }

    /// Forgets what was chosen and not sent, and starts anew.
    pub fn reset(&mut self) {
        if let Some(Shown { form: Some(form), .. }) = self.shown.take() {
            form.discard();
        }
        self.update();
    }

    /// What the attributes say of the form; the loader has seen to it that they can.
    fn wishes(&self) -> Wishes {
        let [dismissible, opt_out, auto_send] =
            ["dismissible", "opt-out", "auto-send"].map(|name| self.host.has_attribute(name));
        Wishes {
            only_sent: self.host.get_attribute("partial").as_deref() == Some("off"),
            dismissible: dismissible || is_dialog(&self.parent),
            opt_out,
            auto_send,
            require_issue: self.host.get_attribute("require-issue").and_then(|most| most.parse().ok()),
        }
    }

    fn form(&self, client: RatingClient, state: State) -> Shown {
        let (host, parent, leg) = (self.host.clone(), self.parent.clone(), client.leg().clone());
        let text = self.text.clone();
        let form = Rc::new(Cell::new(None));
        let mounted = form.clone();
        let handle = mount_to(self.parent.clone(), move || {
            // Here, so that they end with the form.
            let on_event = Callback::new(move |event| tell(&host, &parent, &leg, event));
            let flow = Flow::new(StoredValue::new(client), RwSignal::new(state), Some(on_event));
            mounted.set(Some(flow));
            RatingWidget(RatingWidgetProps { client: flow.client, state: flow.state, on_event: flow.on_event, text })
        });
        Shown { form: form.get(), _handle: Box::new(handle) }
    }

    fn sorry(&self, error: Error) -> Shown {
        let [lang, dir] = ["lang", "dir"].map(|key| self.text.word(key));
        let words = self.text.error(&error);
        let handle = mount_to(self.parent.clone(), move || {
            view! { <p class="rb" part="base" role="alert" lang=lang dir=dir>{words}</p> }
        });
        // Later, because the host may answer with a new token at once, while this call still has the object.
        let host = self.host.clone();
        spawn_local(async move { fire(&host, "ringback-error", &error_detail(&error)) });
        Shown { form: None, _handle: Box::new(handle) }
    }
}

fn tell(host: &HtmlElement, parent: &HtmlElement, leg: &Leg, event: Event) {
    match event {
        Event::Asked => fire(host, "ringback-asked", &leg_detail(leg)),
        Event::Change(rating) => fire(host, "ringback-change", &rating_detail(rating)),
        Event::Dismissed { forever } => {
            let detail = leg_detail(leg);
            if forever {
                set(&detail, "forever", &JsValue::TRUE);
            }
            fire(host, "ringback-dismissed", &detail);
        }
        Event::Closed => {
            if is_dialog(parent) {
                parent.unchecked_ref::<HtmlDialogElement>().close();
            }
        }
        Event::Submitted(rating) => fire(host, "ringback-submitted", &rating_detail(rating)),
        Event::Queued(rating, error) => {
            let detail = rating_detail(rating);
            set(&detail, "reason", &error_detail(&error));
            fire(host, "ringback-queued", &detail);
        }
        Event::TokenNeeded => fire(host, "ringback-token-needed", &leg_detail(leg)),
        Event::Error(error) => fire(host, "ringback-error", &error_detail(&error)),
    }
}

/// By its name, because a shadow root, which comes as an element here, is no element.
fn is_dialog(parent: &HtmlElement) -> bool {
    parent.node_name() == "DIALOG"
}

fn rating_detail(rating: Rating) -> Object {
    let issues: Array = rating.issues.iter().map(|issue| JsValue::from_str(issue.as_str())).collect();
    object(&[("score", rating.score.get().into()), ("issues", issues.into())])
}

fn error_detail(error: &Error) -> Object {
    let message = ("message", error.to_string().into());
    match error {
        Error::BadToken(_) => object(&[("code", "bad-token".into()), message]),
        Error::Network(_) => object(&[("code", "network".into()), message]),
        Error::Overtaken => object(&[("code", "refused".into()), message]),
        Error::Refused { status, .. } => object(&[("code", "refused".into()), message, ("status", (*status).into())]),
    }
}

fn leg_detail(leg: &Leg) -> Object {
    let detail = object(&[("account", leg.account.as_str().into()), ("call", leg.call.as_str().into())]);
    if let Some(party) = &leg.party {
        set(&detail, "party", &party.as_str().into());
    }
    detail
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, value);
    }
    object
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Cannot fail on an object of our own.
    drop(Reflect::set(object, &JsValue::from_str(key), value));
}

fn fire(target: &EventTarget, name: &str, detail: &Object) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        drop(target.dispatch_event(&event));
    }
}
