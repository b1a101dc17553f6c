//! The interface for `src/loader`: controls the form in the shadow root of a custom element.

use js_sys::{Array, Function, Object, Promise};
use ringback_api::Rating;
use ringback_client::delivery;
use ringback_client::js::{get, object, set};
use ringback_client::rating::{Error, Leg, RatingClient};
use ringback_client::task::spawn;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use crate::dom::write_fields;
use crate::flow::{Event, Flow};
use crate::state::{State, Wishes};
use crate::text::Text;

/// The content of an element. `free()` in JavaScript removes it from the page.
#[wasm_bindgen]
pub struct Mounted {
    host: HtmlElement,
    parent: HtmlElement,
    origin: String,
    text: Text,
    painted: Option<Element>,
    early: Option<Promise>,
    emit: Function,
    content: Option<Content>,
}

struct Content {
    /// `None` if the token is invalid.
    flow: Option<Flow>,
    root: Element,
}

impl Drop for Content {
    fn drop(&mut self) {
        if let Some(flow) = &self.flow {
            flow.end();
        }
        self.root.remove();
    }
}

/// Takes control of the content of the element `host`.
///
/// - `parent` is the shadow root, or the dialog in it.
/// - `origin` is the server that the code came from.
/// - `texts` is an object for [`Text::from_object`].
/// - `painted` is the form that the loader painted, which keeps its choice.
/// - `early` is truthy if the user pressed Send before. It is the promise of the stored revision if the rating was posted then.
/// - `emit` takes the name of an event, its detail, and the element that it is about, if there is one.
#[wasm_bindgen]
#[must_use]
pub fn mount(
    host: HtmlElement,
    parent: HtmlElement,
    origin: String,
    texts: Object,
    painted: Option<Element>,
    early: JsValue,
    emit: Function,
) -> Mounted {
    let early = early.is_truthy().then(|| Promise::resolve(&early));
    let text = Text::from_object(texts);
    let mut mounted = Mounted { host, parent, origin, text, painted, early, emit, content: None };
    mounted.update();
    mounted
}

/// Sends the ratings that earlier pages could not send.
///
/// `emit` is a JavaScript function. It is called with `"token-needed"` and `{ account, call, party?, reason }` for a rating
/// that needs a new token: pass that token to [`renew`].
#[wasm_bindgen]
pub fn start(emit: Function) {
    delivery::start(Box::new(move |leg, error| {
        emit_event(&emit, None, "token-needed", &token_needed_detail(leg, error));
    }));
}

/// Sends the ratings that wait for a new token of the leg that this token names.
#[wasm_bindgen]
pub fn renew(endpoint: &str, token: &str) {
    if let Ok(client) = RatingClient::new(endpoint, token) {
        delivery::renew(client);
    }
}

/// Deletes what this browser keeps about its user. Resolves when that is done.
#[wasm_bindgen]
pub fn forget() -> Promise {
    delivery::forget()
}

#[wasm_bindgen]
impl Mounted {
    /// Applies the element's attributes. A newer token for the same leg keeps the form.
    pub fn update(&mut self) {
        // No error without a token, because many hosts have to fetch it first.
        let Some(token) = self.host.get_attribute("token") else {
            self.content = None;
            return;
        };
        let endpoint = self.host.get_attribute("endpoint");
        let client = RatingClient::new(endpoint.as_deref().unwrap_or(&self.origin), &token);
        let wishes = self.wishes();
        if let (Some(Content { flow: Some(flow), .. }), Ok(new)) = (&self.content, &client)
            && flow.client().leg() == new.leg()
        {
            flow.set_wishes(wishes);
            flow.renew(new.clone());
            return;
        }
        // Removes the old content before it creates the new one.
        self.content = None;
        self.content = match client {
            Ok(client) => self.show_form(client, State::new(wishes)),
            Err(error) => self.show_error(error),
        };
    }

    /// Reports to the server that the user can see the form.
    pub fn asked(&self) {
        if let Some(Content { flow: Some(flow), .. }) = &self.content {
            flow.report_asked();
        }
    }

    /// Discards a choice that has not been sent and starts over.
    pub fn reset(&mut self) {
        if let Some(Content { flow: Some(flow), .. }) = &self.content {
            flow.discard();
        }
        self.content = None;
        self.update();
    }

    /// Reads the options from the attributes, which the loader has validated.
    fn wishes(&self) -> Wishes {
        // By the element's properties, which are the one place that interprets the attributes.
        let is_on = |name| get(&self.host, name).is_truthy();
        Wishes {
            only_sent: self.host.get_attribute("partial").as_deref() == Some("off"),
            dismissible: is_on("dismissible") || is_dialog(&self.parent),
            opt_out: is_on("optOut"),
            auto_send: is_on("autoSend"),
            require_issue: self.host.get_attribute("require-issue").and_then(|most| most.parse().ok()),
        }
    }

    fn show_form(&mut self, client: RatingClient, state: State) -> Option<Content> {
        let root = self.painted.clone()?;
        if !root.is_connected() {
            // The form was removed earlier and may hold an old choice.
            write_fields(&root, &state);
            drop(self.parent.append_child(&root));
        }
        let (emit, host, parent, leg) =
            (self.emit.clone(), self.host.clone(), self.parent.clone(), client.leg().clone());
        let on_event = Box::new(move |event| report(&emit, &host, &parent, &leg, event));
        let flow = Flow::begin(root.clone(), self.text.clone(), client, state, self.early.take(), on_event);
        Some(Content { flow: Some(flow), root })
    }

    fn show_error(&self, error: Error) -> Option<Content> {
        if let Some(painted) = &self.painted {
            painted.remove();
        }
        let root = self.host.owner_document()?.create_element("p").ok()?;
        for (name, value) in [
            ("class", "rb"),
            ("part", "base"),
            ("role", "alert"),
            ("lang", &self.text.lookup("lang")),
            ("dir", &self.text.lookup("dir")),
        ] {
            // Cannot fail with these names.
            drop(root.set_attribute(name, value));
        }
        root.set_text_content(Some(&self.text.error(&error)));
        drop(self.parent.append_child(&root));
        // Asynchronous, because a listener may set a new token at once, while `self` is still borrowed.
        let (emit, host) = (self.emit.clone(), self.host.clone());
        spawn(Box::pin(async move { emit_event(&emit, Some(&host), "error", &error_detail(&error)) }));
        Some(Content { flow: None, root })
    }
}

/// Reports an event of the form to the host.
fn report(emit: &Function, host: &HtmlElement, parent: &HtmlElement, leg: &Leg, event: Event) {
    let (name, detail) = match event {
        // The loader has fired it.
        Event::Asked => return,
        Event::Closed => {
            if is_dialog(parent) {
                parent.unchecked_ref::<HtmlDialogElement>().close();
            }
            return;
        }
        Event::Change(rating) => ("change", rating_detail(rating)),
        Event::Dismissed { forever } => {
            let detail = leg_detail(leg);
            if forever {
                set(&detail, "forever", &JsValue::TRUE);
            }
            ("dismissed", detail)
        }
        Event::Submitted { rating, partial } => {
            let detail = rating_detail(rating);
            if partial {
                set(&detail, "partial", &JsValue::TRUE);
            }
            ("submitted", detail)
        }
        Event::Queued(rating, error) => {
            let detail = rating_detail(rating);
            set(&detail, "reason", &error_detail(&error));
            ("queued", detail)
        }
        Event::TokenNeeded(error) => ("token-needed", token_needed_detail(leg, &error)),
        Event::Error(error) => ("error", error_detail(&error)),
    };
    emit_event(emit, Some(host), name, &detail);
}

/// Compares names, because `parent` may be a shadow root, which is not an element.
fn is_dialog(parent: &HtmlElement) -> bool {
    parent.node_name() == "DIALOG"
}

fn rating_detail(rating: Rating) -> Object {
    let issues: Array = rating.issues.iter().map(|issue| JsValue::from_str(issue.as_str())).collect();
    object(&[("score", rating.score.get().into()), ("issues", issues.into())])
}

fn error_detail(error: &Error) -> Object {
    let (code, status) = match error {
        Error::BadToken(_) => ("bad-token", None),
        Error::Network(_) => ("network", None),
        Error::Overtaken => ("refused", None),
        Error::Refused { status: 401, .. } => ("bad-token", Some(401)),
        Error::Refused { status, .. } => ("refused", Some(*status)),
    };
    let detail = object(&[("code", code.into()), ("message", error.message().into())]);
    if let Some(status) = status {
        set(&detail, "status", &status.into());
    }
    detail
}

fn leg_detail(leg: &Leg) -> Object {
    let detail = object(&[("account", leg.account.as_str().into()), ("call", leg.call.as_str().into())]);
    if let Some(party) = &leg.party {
        set(&detail, "party", &party.as_str().into());
    }
    detail
}

fn token_needed_detail(leg: &Leg, error: &Error) -> Object {
    let detail = leg_detail(leg);
    set(&detail, "reason", &error_detail(error));
    detail
}

fn emit_event(emit: &Function, host: Option<&HtmlElement>, name: &str, detail: &Object) {
    let host = host.map_or(JsValue::UNDEFINED, JsValue::from);
    // An error in a host's listener does not reach this call.
    drop(emit.call3(&JsValue::UNDEFINED, &name.into(), detail, &host));
}
