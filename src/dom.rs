//! The form in the page: reads the user's choice from it and shows the [`State`] in it. Works by selectors on markup that
//! exists already, so that the element has no code that creates the form.
//!
//! The stylesheet shows what attributes say that this file or the loader sets. It has no selector such as `:has(:checked)`,
//! which WebKit does not evaluate again in a shadow tree. No cast here asks for the class of a node, because a node that was
//! moved to another window may have that window's classes.

use ringback_api::{Issue, Score};
use ringback_client::js::get;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

use crate::state::{Invalid, Phase, State};
use crate::text::Text;

#[wasm_bindgen]
extern "C" {
    type Window;
    #[wasm_bindgen(method, js_name = requestAnimationFrame)]
    fn request_animation_frame(this: &Window, run: &JsValue);
}

type TextOf = fn(&Text, &State) -> String;

/// The elements whose text depends on the state.
const TEXTS: [(&str, TextOf); 7] = [
    (".rb-hint", Text::below_stars),
    (".rb-wrong legend", Text::above_issues),
    (".rb-wrong .rb-problem", Text::below_issues),
    (".rb-left", Text::below_comment),
    (".rb-form [role=alert]", Text::problem),
    (".rb-form [part=button]", Text::button),
    ("[role=status]", Text::outcome),
];

type Condition = fn(&State) -> bool;

/// The attributes that depend on the state: element, name, condition.
const ATTRIBUTES: [(&str, &str, Condition); 15] = [
    (".rb-wrong", "hidden", |state| !state.asks_issues()),
    (".rb-comment", "hidden", |state| state.score().is_none()),
    (".rb-form", "hidden", State::is_done),
    (".rb-partial", "hidden", |state| state.wishes().only_sent || state.is_scheduled() || !state.is_draft()),
    (".rb-form [part=dismiss]", "hidden", |state| !state.wishes().dismissible),
    (".rb-thanks [part=dismiss]", "hidden", |state| !(state.is_done() && state.wishes().dismissible)),
    ("[part=never]", "hidden", |state| !state.wishes().opt_out),
    ("[part=change]", "hidden", |state| !state.is_done()),
    ("[part=undo]", "hidden", |state| !state.is_scheduled()),
    (".rb-hint", "data-problem", State::lacks_score),
    (".rb-wrong", "data-problem", State::lacks_issue),
    ("[name=Issue]", "aria-invalid", State::lacks_issue),
    (".rb-comment", "data-problem", |state| state.characters_left() < 0),
    ("textarea", "aria-invalid", |state| state.characters_left() < 0),
    (".rb-form [part=button]", "aria-disabled", State::is_sending),
];

/// The elements of a form that depend on the state. They are looked up once, so that the next frame can show a tap, even on a
/// slow phone.
pub(crate) struct FormView {
    root: Element,
    /// The score that the root shows, 0 for none.
    score: Option<u8>,
    attributes: Vec<BoundAttribute>,
    texts: Vec<BoundText>,
}

struct BoundAttribute {
    element: Element,
    name: &'static str,
    condition: Condition,
    present: bool,
}

struct BoundText {
    element: Element,
    text_of: TextOf,
    shown: String,
}

impl FormView {
    pub(crate) fn new(root: &Element) -> Self {
        let bind = |element: Element, name, condition| BoundAttribute {
            present: element.has_attribute(name),
            element,
            name,
            condition,
        };
        let mut attributes =
            vec![bind(root.clone(), "hidden", State::is_closed), bind(root.clone(), "data-done", State::is_done)];
        for (selector, name, condition) in ATTRIBUTES {
            attributes.extend(query_all(root, selector).map(|element| bind(element, name, condition)));
        }
        let texts = TEXTS.iter().flat_map(|(selector, text_of)| {
            query_all(root, selector).map(|element| {
                let shown = element.text_content().unwrap_or_default();
                BoundText { element, text_of: *text_of, shown }
            })
        });
        Self { root: root.clone(), score: None, texts: texts.collect(), attributes }
    }

    /// Shows this state.
    pub(crate) fn render(&mut self, text: &Text, state: &State) {
        let score = state.score().map_or(0, Score::get);
        if self.score.replace(score) != Some(score) {
            // Cannot fail with this name.
            drop(self.root.set_attribute("data-score", &String::from(char::from(b'0' + score))));
        }
        for attribute in &mut self.attributes {
            let present = (attribute.condition)(state);
            if std::mem::replace(&mut attribute.present, present) != present {
                // Cannot fail with these names.
                drop(if present {
                    let value = if attribute.name == "hidden" { "" } else { "true" };
                    attribute.element.set_attribute(attribute.name, value)
                } else {
                    attribute.element.remove_attribute(attribute.name)
                });
            }
        }
        for BoundText { element, text_of, shown } in &mut self.texts {
            let text = text_of(text, state);
            // Setting the same text again would make a screen reader repeat it.
            if *shown != text {
                element.set_text_content(Some(&text));
                drop(element.toggle_attribute_with_force("data-filled", !text.is_empty()));
                *shown = text;
            }
        }
    }
}

const STARS: &str = "[name=QualityScore]";

fn fields(root: &Element) -> impl Iterator<Item = Element> + use<> {
    query_all(root, "input, textarea")
}

fn query_all(root: &Element, selector: &str) -> impl Iterator<Item = Element> + use<> {
    let found = root.query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |index| found.as_ref()?.item(index)).map(JsCast::unchecked_into)
}

/// Reads a field that the user changed into the state.
pub(crate) fn read_field(field: &Element, state: &mut State) {
    // A textarea has the property `value` as well.
    let input: &HtmlInputElement = field.unchecked_ref();
    let value = input.value();
    if field.tag_name() == "TEXTAREA" {
        state.set_comment(value);
    } else if let Ok(score) = value.parse::<Score>() {
        state.choose(score);
    } else if let Ok(issue) = value.parse::<Issue>() {
        state.set_issue(issue, input.checked());
        mark_issue(input);
    }
}

/// Gives the label of an issue the look of its checkbox.
fn mark_issue(input: &HtmlInputElement) {
    if let Some(label) = input.parent_element() {
        // Cannot fail with this name.
        drop(label.toggle_attribute_with_force("data-checked", input.checked()));
    }
}

/// Reads the fields that the user filled in before the code was loaded.
pub(crate) fn read_fields(root: &Element, state: &mut State) {
    for field in fields(root) {
        let input: &HtmlInputElement = field.unchecked_ref();
        // Both have `value`, but only an input has `checked`.
        let is_filled_in = if field.tag_name() == "TEXTAREA" { !input.value().is_empty() } else { input.checked() };
        if is_filled_in {
            read_field(&field, state);
        }
    }
}

/// Writes the choice in the state to the fields.
pub(crate) fn write_fields(root: &Element, state: &State) {
    for field in fields(root) {
        if field.tag_name() == "TEXTAREA" {
            field.unchecked_into::<HtmlTextAreaElement>().set_value(state.comment());
            continue;
        }
        let input: HtmlInputElement = field.unchecked_into();
        let value = input.value();
        if let Ok(issue) = value.parse() {
            input.set_checked(state.has_issue(issue));
            mark_issue(&input);
        } else {
            input.set_checked(value.parse().is_ok_and(|score| state.score() == Some(score)));
        }
    }
}

pub(crate) fn focus_invalid(root: &Element, state: &State) {
    match state.phase() {
        Phase::Invalid(Invalid::NoScore) => focus(root.clone(), STARS),
        Phase::Invalid(Invalid::NoIssue) => focus(root.clone(), "[name=Issue]"),
        Phase::Invalid(Invalid::Comment(_)) => focus(root.clone(), "textarea"),
        _ => {}
    }
}

/// Focuses the first match in the next frame, which shows the present state.
pub(crate) fn focus(root: Element, selector: &'static str) {
    // Of the form's own window: a page in the background has no frames, even if its form is in a window on top.
    let window: Window = get(&get(&root, "ownerDocument"), "defaultView").unchecked_into();
    window.request_animation_frame(&Closure::once_into_js(move || {
        if let Ok(Some(element)) = root.query_selector(selector) {
            drop(element.unchecked_into::<HtmlElement>().focus());
        }
    }));
}

/// Handles the keys on the stars, because browsers do not agree: none has Home and End, WebKit stops at the ends, and some
/// ignore that in text from right to left the left arrow leads to more stars.
pub(crate) fn move_between_stars(root: &Element, event: &Event) {
    let event: &KeyboardEvent = event.unchecked_ref();
    let is_rtl = root.get_attribute("dir").as_deref() == Some("rtl");
    let Some(target) = event.target().map(JsCast::unchecked_into::<HtmlInputElement>) else { return };
    if target.matches(STARS) != Ok(true) {
        return;
    }
    let Ok(current) = target.value().parse::<usize>() else { return };
    let (previous, next) = ((current + 3) % 5 + 1, current % 5 + 1);
    let (left, right) = if is_rtl { (next, previous) } else { (previous, next) };
    let star = match event.key().as_str() {
        "Home" => 1,
        "End" => 5,
        "ArrowDown" => next,
        "ArrowUp" => previous,
        "ArrowLeft" => left,
        "ArrowRight" => right,
        _ => return,
    };
    if ["altKey", "ctrlKey", "metaKey"].iter().any(|key| get(event, key).is_truthy()) {
        return;
    }
    event.prevent_default();
    if let Some(star) = query_all(root, STARS).nth(star - 1) {
        let star: HtmlElement = star.unchecked_into();
        drop(star.focus());
        star.click();
    }
}
