//! The form: what [`State`] holds, shown.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::ev::{Event as DomEvent, KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Score;
use ringback_client::rating::RatingClient;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::flow::{Event, Flow};
use crate::state::{ISSUES, Invalid, Phase, State};
use crate::text::Text;

/// Asks how a call went and sends the answer.
///
/// A form is for one leg. Its `client` may change to one with a newer token, for which [`Flow::renew`] is to be called; for
/// another leg, show another form. The stylesheet is [`STYLE`](crate::STYLE), for the application to link.
#[component]
#[allow(clippy::must_use_candidate, reason = "a component is for `view!`, which uses it")]
pub fn RatingWidget(
    /// Where the rating goes; read when something is to be sent.
    client: StoredValue<RatingClient>,
    /// What the form shows and changes; a fresh one if left out.
    #[prop(default = RwSignal::new(State::default()))]
    state: RwSignal<State>,
    /// Called when there is something to tell.
    #[prop(optional, into)]
    on_event: Option<Callback<Event>>,
    /// The words.
    #[prop(default = Text::english())]
    text: Text,
) -> impl IntoView {
    let base = NodeRef::<Div>::new();
    let flow = Flow::new(client, state, on_event);
    flow.begin(base);
    on_cleanup(move || flow.end());
    form(state, &text, base, move |act, event| flow.act(act, event))
}

/// The form as HTML, before anything is chosen, for where it cannot run yet, or never. It needs the feature `ssr` of
/// `tachys`, which crates/paint turns on.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn to_html(text: &Text) -> String {
    let html = Owner::new().with(|| untrack(|| form(RwSignal::default(), text, NodeRef::new(), |_, _| ()).to_html()));
    // Without what only hydration needs: ends of text, and a space where there is no text.
    html.replace("<!>", "").replace("> <", "><")
}

/// What a person does in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The focus comes in.
    Enter,
    Key,
    Input,
    Send,
    TakeBack,
    Change,
    Dismiss,
    /// And for ever.
    Never,
}

fn form<A: Fn(Act, &DomEvent) + Copy + Send + 'static>(
    state: RwSignal<State>,
    text: &Text,
    base: NodeRef<Div>,
    act: A,
) -> impl IntoView + use<A> {
    let id = next_id();
    let [hint, issue, comment, left] = ["-hint", "-issue", "-comment", "-left"].map(|part| id.clone() + part);
    // One type of closure for many places: each further type would be fetched as code of its own.
    let when = |is: fn(&State) -> bool| move || state.with(is);
    let flag = |is: fn(&State) -> bool| move || state.with(is).then_some("true");
    let say = |what: fn(&Text, &State) -> String| {
        let text = text.clone();
        move || state.with(|state| what(&text, state))
    };
    let stars = Score::ALL.map(|score| star(score, text));
    let issues = ISSUES.map(|name| {
        view! {
            <label class="rb-issue" part="issue">
                <input
                    type="checkbox"
                    name="Issue"
                    value=name.as_str()
                    aria-describedby=issue.clone()
                    aria-invalid=flag(State::lacks_issue)
                />
                {text.issue(name)}
            </label>
        }
    });
    let press = |what: Act| move |event: MouseEvent| act(what, &event);

    view! {
        <div
            class="rb"
            part="base"
            node_ref=base
            lang=text.word("lang")
            dir=text.word("dir")
            hidden=when(State::is_closed)
            on:focusin=move |event| act(Act::Enter, &event)
        >
            <form
                class="rb-form"
                novalidate
                hidden=when(State::is_done)
                on:input=move |event| act(Act::Input, &event)
                on:submit=move |event| act(Act::Send, &event)
            >
                // What follows the stars is shown by the stylesheet, according to which one is checked.
                <fieldset class="rb-stars" aria-describedby=hint on:keydown=move |event| act(Act::Key, &event)>
                    <legend part="question">{text.word("question")}</legend>
                    <div class="rb-row">{stars}</div>
                    <p id=hint.clone() class="rb-hint" class:rb-problem=when(State::lacks_score)>{say(Text::below_stars)}</p>
                </fieldset>
                <fieldset class="rb-wrong">
                    <legend>{say(Text::above_issues)}</legend>
                    <div class="rb-issues">{issues}</div>
                    <p id=issue class="rb-problem">{say(Text::below_issues)}</p>
                </fieldset>
                <div class="rb-comment">
                    <label for=comment.clone()>{text.word("comment")}</label>
                    <textarea
                        id=comment
                        part="comment"
                        name="Comment"
                        rows="2"
                        aria-describedby=left.clone()
                        aria-invalid=flag(|state| state.characters_left() < 0)
                    ></textarea>
                    <p id=left class="rb-left">{say(Text::below_comment)}</p>
                </div>
                <div>
                    <p class="rb-problem" role="alert">{say(Text::problem)}</p>
                    <button part="button" aria-disabled=flag(State::is_sending)>{say(Text::button)}</button>
                    <p class="rb-partial" hidden=when(|state| state.wishes().only_sent || state.is_soon() || !state.is_draft())>
                        {text.word("partial")}
                    </p>
                    <div class="rb-row rb-no">
                        <button type="button" part="dismiss" hidden=when(|state| !state.wishes().dismissible) on:click=press(Act::Dismiss)>
                            {text.word("not-now")}
                        </button>
                        <button type="button" part="never" hidden=when(|state| !state.wishes().opt_out) on:click=press(Act::Never)>
                            {text.word("never")}
                        </button>
                    </div>
                </div>
            </form>
            <div class="rb-thanks">
                // Always there, because a live region that appears with its text is often not read.
                <p role="status">{say(Text::outcome)}</p>
                <div class="rb-row">
                    <button type="button" part="change" hidden=when(|state| !state.is_done()) on:click=press(Act::Change)>
                        {text.word("change")}
                    </button>
                    <button
                        type="button"
                        part="dismiss"
                        hidden=when(|state| !state.wishes().dismissible)
                        on:click=press(Act::Dismiss)
                    >
                        {text.word("close")}
                    </button>
                    <button type="button" part="undo" hidden=when(|state| !state.is_soon()) on:click=press(Act::TakeBack)>
                        {text.word("undo")}
                    </button>
                </div>
            </div>
        </div>
    }
}

fn star(score: Score, text: &Text) -> impl IntoView + use<> {
    view! {
        <label class="rb-star" part="star">
            <input type="radio" name="QualityScore" value=score.get() required />
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5-4.7-4.6 6.5-.9z"></path>
            </svg>
            <span>{text.star(score)}</span>
        </label>
    }
}

/// Shows in the form what was not chosen in it.
pub(crate) fn fill(root: &Element, state: &State) {
    let Ok(fields) = root.query_selector_all("input, textarea") else { return };
    for field in (0..fields.length()).filter_map(|index| fields.item(index)) {
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

pub(crate) fn focus_invalid(root: Option<Element>, state: &State) {
    match state.phase() {
        Phase::Invalid(Invalid::NoScore) => focus(root, "[name=QualityScore]"),
        Phase::Invalid(Invalid::NoIssue) => focus(root, "[name=Issue]"),
        Phase::Invalid(Invalid::Comment(_)) => focus(root, "textarea"),
        _ => {}
    }
}

/// Focuses the first match, once the page shows the present state.
pub(crate) fn focus(root: Option<Element>, selector: &'static str) {
    request_animation_frame(move || {
        let found = root.and_then(|root| root.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            drop(element.focus());
        }
    });
}

/// What browsers do not do by themselves: Home and End, and that in a text from right to left more stars are to the left.
pub(crate) fn walk(event: &KeyboardEvent) {
    let Some(root) = root_of(event) else { return };
    let is_rtl = root.get_attribute("dir").as_deref() == Some("rtl");
    let Ok(at) = event_target_value(event).parse::<u32>() else { return };
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
    let star = root.query_selector_all("[name=QualityScore]").ok().and_then(|stars| stars.item(to - 1));
    if let Some(star) = star.and_then(|star| star.dyn_into::<HtmlElement>().ok()) {
        drop(star.focus());
        star.click();
    }
}

/// The root of the form in which this happened.
pub(crate) fn root_of(event: &DomEvent) -> Option<Element> {
    event.current_target()?.dyn_into::<Element>().ok()?.closest(".rb").ok().flatten()
}

/// Labels and descriptions of two forms in one tree must not meet.
fn next_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    String::from("ringback-") + &NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
