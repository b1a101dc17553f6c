//! The Leptos component, mounted as an application does it.

use std::any::Any;

use js_sys::{JSON, Reflect};
use leptos::mount::mount_to;
use leptos::prelude::*;
use ringback_api::{Issue, Score};
use ringback_widget::{Event, RatingClient, RatingWidget, STYLE, Text, Wishes};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::page::{NOWHERE, document, forged_token, get, tick, until};

/// A part of the page that an application renders. It leaves the page when dropped.
struct Application {
    body: HtmlElement,
    style: HtmlElement,
    handle: Option<Box<dyn Any>>,
}

impl Application {
    fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let [body, style] = ["div", "style"].map(|name| {
            let element: HtmlElement = document().create_element(name).unwrap().unchecked_into();
            document().body().unwrap().append_child(&element).unwrap();
            element
        });
        style.set_text_content(Some(STYLE));
        let handle = Box::new(mount_to(body.clone(), view));
        Self { body, style, handle: Some(handle) }
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.body.query_selector_all(selector).unwrap();
        (0..found.length()).map(|index| found.item(index).unwrap().unchecked_into()).collect()
    }

    fn find(&self, selector: &str) -> HtmlElement {
        self.all(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector}"))
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap()
    }

    fn is_shown(&self, selector: &str) -> bool {
        self.find(selector).get_client_rects().length() > 0
    }

    fn star(&self, score: u8) -> HtmlInputElement {
        self.find(&format!("[type=radio][value='{score}']")).unchecked_into()
    }

    fn issue(&self, name: &str) -> HtmlInputElement {
        self.find(&format!("[type=checkbox][value='{name}']")).unchecked_into()
    }

    fn write(&self, comment: &str) {
        let textarea = self.find("textarea");
        Reflect::set(&textarea, &"value".into(), &comment.into()).unwrap();
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        textarea.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
    }

    /// Two stars, one issue and a comment.
    async fn choose(&self) {
        tick().await;
        self.star(2).click();
        self.issue("dropped-call").click();
        self.write("Hello?");
    }

    fn assert_chosen(&self) {
        assert_eq!(self.all(":checked"), [HtmlElement::from(self.star(2)), self.issue("dropped-call").into()]);
        assert_eq!(get(&self.find("textarea"), "value"), "Hello?");
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.handle = None;
        self.body.remove();
        self.style.remove();
    }
}

fn client(call: &str) -> RatingClient {
    RatingClient::new(NOWHERE, &forged_token(call)).unwrap()
}

fn german() -> Text {
    texts(include_str!("../../src/text/de.json"))
}

fn arabic() -> Text {
    texts(include_str!("../../src/text/ar.json"))
}

fn texts(json: &str) -> Text {
    Text::from_object(JSON::parse(json).unwrap().unchecked_into())
}

#[wasm_bindgen_test]
async fn changed_wishes_show_and_hide_buttons_and_keep_the_choice() {
    let wishes = RwSignal::new(Wishes::default());
    let page = Application::mount(move || view! { <RatingWidget client=client("wishes") wishes /> });
    page.choose().await;
    let (dismiss, never, partial) = (".rb-form [part=dismiss]", "[part=never]", ".rb-partial");
    assert_eq!([dismiss, never, partial].map(|part| page.is_shown(part)), [false, false, true]);

    wishes.set(Wishes { dismissible: true, opt_out: true, only_sent: true, ..Wishes::default() });
    until("the buttons are shown", || page.is_shown(dismiss) && page.is_shown(never)).await;
    assert!(!page.is_shown(partial));
    page.assert_chosen();

    wishes.set(Wishes { require_issue: Some(Score::Two), ..Wishes::default() });
    until("the buttons are hidden", || !page.is_shown(dismiss) && !page.is_shown(never)).await;
    assert!(page.is_shown(partial));
    page.assert_chosen();
    page.issue("dropped-call").click();
    page.find("[part=button]").click();
    until("it asks for an issue", || page.text(".rb-wrong .rb-problem") == "Please choose at least one").await;
}

#[wasm_bindgen_test]
async fn a_changed_text_relabels_the_form_and_keeps_the_choice() {
    let text = RwSignal::new(Text::english());
    let page = Application::mount(move || view! { <RatingWidget client=client("text") text /> });
    page.choose().await;
    page.star(2).focus().unwrap();
    let form = page.find("form");
    assert_eq!((page.text(".rb-hint"), page.text("[part=button]")), ("Poor".into(), "Send".into()));

    text.set(german());
    until("the form is in German", || page.text("[part=question]") == "Wie war Ihr Anruf?").await;
    for (part, expected) in [
        (".rb-star span", "1 Stern, Sehr schlecht"),
        (".rb-hint", "Schlecht"),
        (".rb-wrong legend", "Was lief nicht gut?"),
        (".rb-issue:has(:checked)", "Der Anruf brach ab"),
        (".rb-comment label", "Noch etwas? (optional)"),
        ("[part=button]", "Senden"),
        (".rb-partial", "Wenn Sie diese Seite verlassen, wird Ihre Auswahl gesendet."),
        ("[part=change]", "Bewertung ändern"),
    ] {
        assert_eq!(page.text(part), expected, "{part}");
    }
    assert_eq!(page.find(".rb").get_attribute("lang").unwrap(), "de");
    assert_eq!(page.find("form"), form);
    assert_eq!(document().active_element(), Some(page.star(2).into()));
    page.assert_chosen();

    page.find("[part=button]").click();
    let status = |expected: &str| page.text("[role=status]") == expected;
    until("it is kept", || status("Hier gespeichert. Wird gesendet, sobald Sie online sind.")).await;
    text.set(Text::english());
    until("the outcome is in English", || status("Saved here. It will be sent when you are online.")).await;
    assert_eq!(page.text("[part=change]"), "Change rating");

    text.set(arabic());
    until("the form runs from right to left", || page.find(".rb").get_attribute("dir").unwrap() == "rtl").await;
    page.assert_chosen();
}

#[wasm_bindgen_test]
async fn a_changed_text_rewords_a_problem() {
    let text = RwSignal::new(Text::english());
    let page = Application::mount(move || view! { <RatingWidget client=client("problem") text /> });
    tick().await;
    page.find("[part=button]").click();
    until("it asks for a star", || page.text(".rb-hint") == "Please choose a star first").await;
    text.set(german());
    until("it asks in German", || page.text(".rb-hint") == "Bitte wählen Sie zuerst einen Stern").await;
}

#[wasm_bindgen_test]
async fn a_newer_token_keeps_the_form_and_the_choice() {
    let newer = RatingClient::new(NOWHERE, &(forged_token("newer") + "A")).unwrap();
    let token = RwSignal::new(client("newer"));
    let page = Application::mount(move || view! { <RatingWidget client=token /> });
    page.choose().await;
    let form = page.find("form");
    token.set(newer);
    tick().await;
    assert_eq!(page.find("form"), form);
    page.assert_chosen();
}

#[wasm_bindgen_test]
async fn plain_values_serve_as_props_and_events_reach_the_application() {
    let events = RwSignal::new(Vec::new());
    let page = Application::mount(move || {
        let wishes = Wishes { dismissible: true, ..Wishes::default() };
        let on_event = move |event| events.update(|events| events.push(event));
        view! { <RatingWidget client=client("events") wishes text=german() on_event /> }
    });
    tick().await;
    assert_eq!(page.text("[part=question]"), "Wie war Ihr Anruf?");
    page.star(4).click();
    page.issue("audio-latency").click();
    page.find(".rb-form [part=dismiss]").click();
    until("the form is closed", || !page.is_shown(".rb")).await;
    let events = events.get_untracked();
    let changes: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Change(rating) => Some((rating.score, rating.issues.iter().collect())),
            _ => None,
        })
        .collect();
    assert_eq!(changes, [(Score::Four, vec![]), (Score::Four, vec![Issue::AudioLatency])]);
    assert_eq!(events.first(), Some(&Event::Asked));
    assert!(events.ends_with(&[Event::Dismissed { forever: false }, Event::Closed]));
}

#[wasm_bindgen_test]
async fn two_components_in_one_document_are_independent_and_leave_nothing_behind() {
    let mut page = Application::mount(move || {
        view! { <RatingWidget client=client("component") /> <RatingWidget client=client("component") /> }
    });
    tick().await;
    for index in [1, 8] {
        page.all("[type=radio]").get(index).unwrap().click();
    }
    let hints = || page.all(".rb-hint").into_iter().map(|hint| hint.text_content().unwrap()).collect::<Vec<_>>();
    until("each has its own score", || hints() == ["Poor", "Good"]).await;
    assert_eq!(page.all(":checked").len(), 2);
    page.handle = None;
    assert_eq!(page.body.child_element_count(), 0);
}
