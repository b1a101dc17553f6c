//! The form in the page, whoever made its markup: what is chosen in it is read from it, and what [`State`] holds is shown in
//! it. By selectors, because this is all of the form that browsers fetch as code: the loader has painted the rest.

use ringback_api::{Issue, Score};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

use crate::state::{Invalid, Phase, State};
use crate::text::Text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn at_next_frame(run: &JsValue);
}

type Words = fn(&Text, &State) -> String;

/// What changes with the state: where, and what is said there.
const SAYS: [(&str, Words); 7] = [
    (".rb-hint", Text::below_stars),
    (".rb-wrong legend", Text::above_issues),
    (".rb-wrong .rb-problem", Text::below_issues),
    (".rb-left", Text::below_comment),
    (".rb-form [role=alert]", Text::problem),
    (".rb-form [part=button]", Text::button),
    ("[role=status]", Text::outcome),
];

type Is = fn(&State) -> bool;

/// Where there is an attribute, which one, and when.
const MARKS: [(&str, &str, Is); 10] = [
    (".rb-form", "hidden", State::is_done),
    (".rb-partial", "hidden", |state| state.wishes().only_sent || state.is_soon() || !state.is_draft()),
    ("[part=dismiss]", "hidden", |state| !state.wishes().dismissible),
    ("[part=never]", "hidden", |state| !state.wishes().opt_out),
    ("[part=change]", "hidden", |state| !state.is_done()),
    ("[part=undo]", "hidden", |state| !state.is_soon()),
    (".rb-hint", "data-problem", State::lacks_score),
    ("[name=Issue]", "aria-invalid", State::lacks_issue),
    ("textarea", "aria-invalid", |state| state.characters_left() < 0),
    (".rb-form [part=button]", "aria-disabled", State::is_sending),
];

/// What changes in a form, found once, and what it shows: a tap is answered in the next frame, also on a slow phone.
pub(crate) struct Face {
    marks: Vec<Marked>,
    words: Vec<(Element, Words, String)>,
}

struct Marked {
    element: Element,
    name: &'static str,
    is: Is,
    now: bool,
}

impl Face {
    /// Of the form with this root.
    pub(crate) fn of(root: &Element) -> Self {
        let marked = |element: Element, name, is| Marked { now: element.has_attribute(name), element, name, is };
        let mut marks = vec![marked(root.clone(), "hidden", State::is_closed)];
        for (place, name, is) in MARKS {
            marks.extend(all(root, place).map(|element| marked(element, name, is)));
        }
        let words = SAYS.iter().flat_map(|(place, words)| {
            all(root, place).map(|element| {
                let now = element.text_content().unwrap_or_default();
                (element, *words, now)
            })
        });
        Self { words: words.collect(), marks }
    }

    /// Shows this state.
    pub(crate) fn draw(&mut self, text: &Text, state: &State) {
        for mark in &mut self.marks {
            let is = (mark.is)(state);
            if std::mem::replace(&mut mark.now, is) != is {
                // Cannot fail with these names.
                drop(if is {
                    mark.element.set_attribute(mark.name, if mark.name == "hidden" { "" } else { "true" })
                } else {
                    mark.element.remove_attribute(mark.name)
                });
            }
        }
        for (element, words, now) in &mut self.words {
            let words = words(text, state);
            // What is said again is read again.
            if *now != words {
                element.set_text_content(Some(&words));
                *now = words;
            }
        }
    }
}

const STARS: &str = "[name=QualityScore]";

fn fields(root: &Element) -> impl Iterator<Item = Element> + use<> {
    all(root, "input, textarea")
}

fn all(root: &Element, selector: &str) -> impl Iterator<Item = Element> + use<> {
    let found = root.query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |index| found.as_ref()?.item(index)).map(JsCast::unchecked_into)
}

/// The person did something in this field.
pub(crate) fn take(field: &Element, state: &mut State) {
    // Both kinds of field have a value.
    let input: &HtmlInputElement = field.unchecked_ref();
    let value = input.value();
    if field.tag_name() == "TEXTAREA" {
        state.write(value);
    } else if let Ok(score) = value.parse::<Score>() {
        state.choose(score);
    } else if let Ok(issue) = value.parse::<Issue>() {
        state.set_issue(issue, input.checked());
    }
}

/// What was chosen in the form before there was a state.
pub(crate) fn take_all(root: &Element, state: &mut State) {
    for field in fields(root) {
        let input: &HtmlInputElement = field.unchecked_ref();
        // Only an input has the one; both have the other.
        let is_chosen = if field.tag_name() == "TEXTAREA" { !input.value().is_empty() } else { input.checked() };
        if is_chosen {
            take(&field, state);
        }
    }
}

/// Shows in the form what was not chosen in it.
pub(crate) fn fill(root: &Element, state: &State) {
    for field in fields(root) {
        match field.dyn_into::<HtmlInputElement>() {
            Ok(input) => {
                let value = input.value();
                let is_score = value.parse().is_ok_and(|score| state.score() == Some(score));
                input.set_checked(is_score || value.parse().is_ok_and(|issue| state.has(issue)));
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

/// Focuses the first match, once the page shows the present state.
pub(crate) fn focus(root: Element, selector: &'static str) {
    at_next_frame(&Closure::once_into_js(move || {
        if let Ok(Some(element)) = root.query_selector(selector) {
            drop(element.unchecked_into::<HtmlElement>().focus());
        }
    }));
}

/// What browsers do not do by themselves: Home and End, and that in a text from right to left more stars are to the left.
pub(crate) fn walk(root: &Element, event: &Event) {
    let event: &KeyboardEvent = event.unchecked_ref();
    let is_rtl = root.get_attribute("dir").as_deref() == Some("rtl");
    let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if target.matches(STARS) != Ok(true) {
        return;
    }
    let Ok(at) = target.value().parse::<usize>() else { return };
    let to = match event.key().as_str() {
        "Home" => 1,
        "End" => 5,
        "ArrowLeft" if is_rtl => at % 5 + 1,
        "ArrowRight" if is_rtl => (at + 3) % 5 + 1,
        _ => return,
    };
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    event.prevent_default();
    if let Some(star) = all(root, STARS).nth(to - 1) {
        let star: HtmlElement = star.unchecked_into();
        drop(star.focus());
        star.click();
    }
}
