//! What `ringback.js` calls: the form in the shadow root of a custom element.

use js_sys::{Array, Function, Object, Promise, Reflect};
use ringback_api::Rating;
use ringback_client::delivery::{self, spawn};
use ringback_client::rating::{Error, Leg, RatingClient};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use crate::dom::fill;
use crate::flow::{Event, Flow};
use crate::state::{State, Wishes};
use crate::text::Text;

/// What an element shows, in its shadow root or in a dialog there. JavaScript's `free()` takes it out of the page and ends all that belongs to it.
#[wasm_bindgen]
pub struct Mounted {
    host: HtmlElement,
    parent: HtmlElement,
    origin: String,
    text: Text,
    painted: Option<Element>,
    pressed: Option<Promise>,
    tell: Function,
    shown: Option<Shown>,
}

struct Shown {
    /// `None` while the token is bad.
    form: Option<Flow>,
    root: Element,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(form) = &self.form {
            form.end();
        }
        self.root.remove();
    }
}

/// Shows the form of the element `host` in `parent`, which is its shadow root or in there; `origin` is the server that its
/// code came from, `words` what [`Text`] is made of. The form is what was `painted` there (`view::to_html` has its markup): it
/// is taken over as it is, with what is chosen in it. `pressed` if Send was pressed in it: the promise of an answer, if what is
/// chosen was sent. `tell` takes the name of an event, its detail, and the element that it is about, if there is one.
#[wasm_bindgen]
#[must_use]
pub fn mount(
    host: HtmlElement,
    parent: HtmlElement,
    origin: String,
    words: Object,
    painted: Option<Element>,
    pressed: JsValue,
    tell: Function,
) -> Mounted {
    start(tell.clone());
    let pressed = pressed.is_truthy().then(|| Promise::resolve(&pressed));
    let mut mounted = Mounted { host, parent, origin, text: Text::of(words), painted, pressed, tell, shown: None };
    mounted.update();
    mounted
}

/// Sends what earlier pages could not. `tell` as in [`mount`].
#[wasm_bindgen]
pub fn start(tell: Function) {
    delivery::start(Box::new(move |leg| fire(&tell, None, "token-needed", &leg_detail(leg))));
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
        if let (Some(Shown { form: Some(form), .. }), Ok(new)) = (&self.shown, &client)
            && form.client().leg() == new.leg()
        {
            form.wish(wishes);
            form.renew(new.clone());
            return;
        }
        // What was shown goes before anything else comes.
        self.shown = None;
        self.shown = match client {
            Ok(client) => self.form(client, State::new(wishes)),
            Err(error) => self.sorry(error),
        };
    }

    /// Forgets what was chosen and not sent, and starts anew.
    pub fn reset(&mut self) {
        if let Some(Shown { form: Some(form), .. }) = &self.shown {
            form.discard();
        }
        self.shown = None;
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

    fn form(&mut self, client: RatingClient, state: State) -> Option<Shown> {
        let root = self.painted.clone()?;
        if !root.is_connected() {
            // It was shown before.
            fill(&root, &state);
            drop(self.parent.append_child(&root));
        }
        let (tell, host, parent, leg) =
            (self.tell.clone(), self.host.clone(), self.parent.clone(), client.leg().clone());
        let on_event = Box::new(move |event| pass_on(&tell, &host, &parent, &leg, event));
        let form = Flow::begin(root.clone(), self.text.clone(), client, state, self.pressed.take(), on_event);
        Some(Shown { form: Some(form), root })
    }

    fn sorry(&self, error: Error) -> Option<Shown> {
        let root = self.host.owner_document()?.create_element("p").ok()?;
        for (name, value) in [
            ("class", "rb"),
            ("part", "base"),
            ("role", "alert"),
            ("lang", &self.text.word("lang")),
            ("dir", &self.text.word("dir")),
        ] {
            // Cannot fail with these names.
            drop(root.set_attribute(name, value));
        }
        root.set_text_content(Some(&self.text.error(&error)));
        drop(self.parent.append_child(&root));
        // Later, because the host may answer with a new token at once, while this call still has the object.
        let (tell, host) = (self.tell.clone(), self.host.clone());
        spawn(Box::pin(async move { fire(&tell, Some(&host), "error", &error_detail(&error)) }));
        Some(Shown { form: None, root })
    }
}

/// Tells the host what happened.
fn pass_on(tell: &Function, host: &HtmlElement, parent: &HtmlElement, leg: &Leg, event: Event) {
    let (name, detail) = match event {
        Event::Closed => {
            if is_dialog(parent) {
                parent.unchecked_ref::<HtmlDialogElement>().close();
            }
            return;
        }
        Event::Asked => ("asked", leg_detail(leg)),
        Event::Change(rating) => ("change", rating_detail(rating)),
        Event::Dismissed { forever } => {
            let detail = leg_detail(leg);
            if forever {
                set(&detail, "forever", &JsValue::TRUE);
            }
            ("dismissed", detail)
        }
        Event::Submitted(rating) => ("submitted", rating_detail(rating)),
        Event::Queued(rating, error) => {
            let detail = rating_detail(rating);
            set(&detail, "reason", &error_detail(&error));
            ("queued", detail)
        }
        Event::TokenNeeded => ("token-needed", leg_detail(leg)),
        Event::Error(error) => ("error", error_detail(&error)),
    };
    fire(tell, Some(host), name, &detail);
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
    let message = ("message", error.message().into());
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

fn fire(tell: &Function, host: Option<&HtmlElement>, name: &str, detail: &Object) {
    let host = host.map_or(JsValue::UNDEFINED, JsValue::from);
    // Hosts' listeners cannot make it fail.
    drop(tell.call3(&JsValue::UNDEFINED, &name.into(), detail, &host));
}
