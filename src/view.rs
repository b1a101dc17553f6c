//! The markup of the form, before anything is chosen. What changes in it, and what is done in it, is [`dom`](crate::dom)'s: in
//! a page with the custom element the loader has painted this markup, and none of this file is fetched.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Score;
use ringback_client::rating::RatingClient;

use crate::flow::{Event, Flow};
use crate::state::{ISSUES, State, Wishes};
use crate::text::Text;

/// Asks how a call went and sends the answer.
///
/// A form is for one leg. Its `client` may change to one with a newer token; for another leg, show another form. The stylesheet
/// is [`STYLE`](crate::STYLE), for the application to link.
#[component]
#[allow(clippy::must_use_candidate, reason = "a component is for `view!`, which uses it")]
pub fn RatingWidget(
    /// Where the rating goes.
    #[prop(into)]
    client: Signal<RatingClient>,
    /// What the application wants of the form.
    #[prop(optional)]
    wishes: Wishes,
    /// Called when there is something to tell.
    #[prop(optional, into)]
    on_event: Option<Callback<Event>>,
    /// The words.
    #[prop(default = Text::english())]
    text: Text,
) -> impl IntoView {
    let base = NodeRef::<Div>::new();
    let view = form(&text, base);
    let shown = StoredValue::new_local(None::<Flow>);
    base.on_load(move |root| {
        let tell = Box::new(move |event| {
            on_event.map(|on_event| on_event.try_run(event));
        });
        shown.set_value(Some(Flow::begin(root.into(), text, client.get(), State::new(wishes), None, tell)));
    });
    Effect::new(move || {
        let client = client.get();
        shown.with_value(|shown| shown.as_ref().map(|flow| flow.renew(client)));
    });
    on_cleanup(move || {
        shown.try_with_value(|shown| shown.as_ref().map(Flow::end));
    });
    view
}

/// The form as HTML, before anything is chosen, for where it cannot run yet, or never. It needs the feature `ssr` of
/// `tachys`, which crates/paint turns on.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn to_html(text: &Text) -> String {
    let html = Owner::new().with(|| untrack(|| form(text, NodeRef::new()).to_html()));
    // Without what only hydration needs: ends of text, and a space where there is no text.
    html.replace("<!>", "").replace("> <", "><")
}

fn form(text: &Text, base: NodeRef<Div>) -> impl IntoView + use<> {
    let id = next_id();
    let [hint, issue, comment, left] = ["-hint", "-issue", "-comment", "-left"].map(|part| id.clone() + part);
    // What is said now is what the state by default has to say; without one, there is no code either.
    let state = State::default();
    let stars = Score::ALL.map(|score| star(score, text));
    let issues = ISSUES.map(|name| {
        view! {
            <label class="rb-issue" part="issue">
                <input type="checkbox" name="Issue" value=name.as_str() aria-describedby=issue.clone() />
                {text.issue(name)}
            </label>
        }
    });

    view! {
        <div class="rb" part="base" node_ref=base lang=text.word("lang") dir=text.word("dir")>
            <form class="rb-form" novalidate>
                // What follows the stars is shown by the stylesheet, according to which one is checked.
                <fieldset class="rb-stars" aria-describedby=hint>
                    <legend part="question">{text.word("question")}</legend>
                    <div class="rb-row">{stars}</div>
                    <p id=hint.clone() class="rb-hint">{text.below_stars(&state)}</p>
                </fieldset>
                <fieldset class="rb-wrong">
                    <legend>{text.above_issues(&state)}</legend>
                    <div class="rb-issues">{issues}</div>
                    <p id=issue class="rb-problem"></p>
                </fieldset>
                <div class="rb-comment">
                    <label for=comment.clone()>{text.word("comment")}</label>
                    <textarea
                        id=comment
                        part="comment"
                        name="Comment"
                        rows="2"
                        aria-describedby=left.clone()
                    ></textarea>
                    <p id=left class="rb-left"></p>
                </div>
                <div>
                    <p class="rb-problem" role="alert"></p>
                    <button part="button">{text.button(&state)}</button>
                    <p class="rb-partial" hidden>{text.word("partial")}</p>
                    <div class="rb-row rb-no">
                        <button type="button" part="dismiss" hidden>{text.word("not-now")}</button>
                        <button type="button" part="never" hidden>{text.word("never")}</button>
                    </div>
                </div>
            </form>
            <div class="rb-thanks">
                // Always there, because a live region that appears with its text is often not read.
                <p role="status"></p>
                <div class="rb-row">
                    <button type="button" part="change" hidden>{text.word("change")}</button>
                    <button type="button" part="dismiss" hidden>{text.word("close")}</button>
                    <button type="button" part="undo" hidden>{text.word("undo")}</button>
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

/// Labels and descriptions of two forms in one tree must not meet.
fn next_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    String::from("ringback-") + &NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
