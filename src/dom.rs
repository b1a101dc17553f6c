//! The form in the page: reads the user's choice from it and shows the [`State`] in it. Works by selectors on markup that
//! exists already, so that the element has no code that creates the form.

use ringback_api::{Issue, Score};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

use crate::state::{Invalid, Phase, State};
use crate::text::Text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_animation_frame(run: &JsValue);
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
const ATTRIBUTES: [(&str, &str, Condition); 10] = [
    (".rb-form", "hidden", State::is_done),
    (".rb-partial", "hidden", |state| state.wishes().only_sent || state.is_scheduled() || !state.is_draft()),
    ("[part=dismiss]", "hidden", |state| !state.wishes().dismissible),
    ("[part=never]", "hidden", |state| !state.wishes().opt_out),
    ("[part=change]", "hidden", |state| !state.is_done()),
    ("[part=undo]", "hidden", |state| !state.is_scheduled()),
    (".rb-hint", "data-problem", State::lacks_score),
    ("[name=Issue]", "aria-invalid", State::lacks_issue),
    ("textarea", "aria-invalid", |state| state.characters_left() < 0),
    (".rb-form [part=button]", "aria-disabled", State::is_sending),
];

/// The elements of a form that depend on the state. They are looked up once, so that the next frame can show a tap, even on a
/// slow phone.
pub(crate) struct FormView {
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
        let mut attributes = vec![bind(root.clone(), "hidden", State::is_closed)];
        for (selector, name, condition) in ATTRIBUTES {
            attributes.extend(query_all(root, selector).map(|element| bind(element, name, condition)));
        }
        let texts = TEXTS.iter().flat_map(|(selector, text_of)| {
            query_all(root, selector).map(|element| {
                let shown = element.text_content().unwrap_or_default();
                BoundText { element, text_of: *text_of, shown }
            })
        });
        Self { texts: texts.collect(), attributes }
    }

    /// Shows this state.
    pub(crate) fn render(&mut self, text: &Text, state: &State) {
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
        match field.dyn_into::<HtmlInputElement>() {
            Ok(input) => {
                let value = input.value();
                let is_score = value.parse().is_ok_and(|score| state.score() == Some(score));
                input.set_checked(is_score || value.parse().is_ok_and(|issue| state.has_issue(issue)));
            }
            Err(field) => field.unchecked_into::<HtmlTextAreaElement>().set_value(state.comment()),
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
    request_animation_frame(&Closure::once_into_js(move || {
        if let Ok(Some(element)) = root.query_selector(selector) {
            drop(element.unchecked_into::<HtmlElement>().focus());
        }
    }));
}

/// Handles the keys on the stars that browsers do not handle: Home, End, and the arrows in text from right to left, where the
/// left arrow leads to more stars.
pub(crate) fn move_between_stars(root: &Element, event: &Event) {
    let event: &KeyboardEvent = event.unchecked_ref();
    let is_rtl = root.get_attribute("dir").as_deref() == Some("rtl");
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if target.matches(STARS) != Ok(true) {
        return;
    }
    let Ok(current) = target.value().parse::<usize>() else { return };
    let next = match event.key().as_str() {
        "Home" => 1,
        "End" => 5,
        "ArrowLeft" if is_rtl => current % 5 + 1,
        "ArrowRight" if is_rtl => (current + 3) % 5 + 1,
        _ => return,
    };
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    event.prevent_default();
    if let Some(star) = query_all(root, STARS).nth(next - 1) {
        let star: HtmlElement = star.unchecked_into();
        drop(star.focus());
        star.click();
    }
}
