//! What `ringback.js` calls: the form in the shadow root of a custom element.

use std::any::Any;

use js_sys::{Array, Object, Reflect};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Rating;
use ringback_client::rating::{Error, RatingClient};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};

use crate::STYLE;
use crate::text::ENGLISH;
use crate::view::{RatingWidget, RatingWidgetProps};

/// What an element shows. JavaScript's `free()` takes it out of the page and ends all that belongs to it.
#[wasm_bindgen]
pub struct Mounted {
    host: HtmlElement,
    root: ShadowRoot,
    shown: Option<Shown>,
}

struct Shown {
    /// `None` while the token is bad.
    client: Option<ArcStoredValue<RatingClient>>,
    _handle: Box<dyn Any>,
}

/// Shows the form of the element `host` in its shadow root.
#[wasm_bindgen]
#[must_use]
pub fn mount(host: HtmlElement, root: ShadowRoot, endpoint: &str, token: Option<String>) -> Mounted {
    adopt_style(&root);
    let mut mounted = Mounted { host, root, shown: None };
    mounted.update(endpoint, token);
    mounted
}

#[wasm_bindgen]
impl Mounted {
    /// The element's attributes are now these. A newer token for the same leg leaves the form as it is.
    pub fn update(&mut self, endpoint: &str, token: Option<String>) {
        // Until there is one, there is nothing to say: many hosts have to fetch it first.
        let Some(token) = token else {
            self.shown = None;
            return;
        };
        let client = RatingClient::new(endpoint, &token);
        if let (Some(Shown { client: Some(old), .. }), Ok(new)) = (&self.shown, &client)
            && old.read_value().leg() == new.leg()
        {
            return old.set_value(new.clone());
        }
        // What was shown goes before anything else comes.
        self.shown = None;
        self.shown = Some(match client {
            Ok(client) => self.form(client),
            Err(error) => self.sorry(&error),
        });
    }

    fn form(&self, client: RatingClient) -> Shown {
        let client = ArcStoredValue::new(client);
        let (shown, submitted, failed) = (client.clone(), self.host.clone(), self.host.clone());
        let handle = mount_to(self.root.clone().unchecked_into(), move || {
            let props = RatingWidgetProps::builder()
                .client(StoredValue::from(shown))
                .on_submitted(move |rating| fire(&submitted, "ringback-submitted", &rating_detail(rating)))
                .on_error(move |error| fire(&failed, "ringback-error", &error_detail(&error)));
            RatingWidget(props.build())
        });
        Shown { client: Some(client), _handle: Box::new(handle) }
    }

    fn sorry(&self, error: &Error) -> Shown {
        let words = ENGLISH.error(error);
        let handle = mount_to(self.root.clone().unchecked_into(), move || {
            view! { <p class="rb" part="base" role="alert">{words}</p> }
        });
        // Later, because the host may answer with a new token at once, while this call still has the object.
        let (host, detail) = (self.host.clone(), error_detail(error));
        spawn_local(async move { fire(&host, "ringback-error", &detail) });
        Shown { client: None, _handle: Box::new(handle) }
    }
}

/// One sheet for all elements. Constructed, because a `<style>` needs more than `style-src 'self'`.
fn adopt_style(root: &ShadowRoot) {
    thread_local! {
        static SHEET: Option<CssStyleSheet> = CssStyleSheet::new().ok().filter(|sheet| sheet.replace_sync(STYLE).is_ok());
    }
    SHEET.with(|sheet| {
        if let Some(sheet) = sheet {
            root.set_adopted_style_sheets(&Array::of1(sheet));
        }
    });
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

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Cannot fail on an object of our own.
        drop(Reflect::set(&object, &JsValue::from_str(key), value));
    }
    object
}

fn fire(host: &HtmlElement, name: &str, detail: &Object) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        drop(host.dispatch_event(&event));
    }
}
