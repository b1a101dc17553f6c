//! The Leptos component, and the markup of the form.
//!
//! Neither is part of the custom element's code. Its loader paints the markup, which crates/paint renders at build time.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Score;
use ringback_client::rating::RatingClient;
use web_sys::KeyboardEvent;

use crate::flow::{Event, Flow};
use crate::state::{ISSUES, State, Wishes};
use crate::text::Text;

/// Asks how a call went and sends the answer.
///
/// A form is for one leg. `client` may change to one with a newer token for that leg; render another form for another leg.
/// The form follows `wishes` and `text` when they change, and keeps the user's choice. The application links the stylesheet,
/// [`STYLE`](crate::STYLE).
#[component]
#[allow(clippy::must_use_candidate, reason = "`view!` uses the result")]
pub fn RatingWidget(
    /// The server and the token.
    #[prop(into)]
    client: Signal<RatingClient>,
    /// The options of the form.
    #[prop(optional, into)]
    wishes: Signal<Wishes>,
    /// Called with each event of the form.
    #[prop(optional, into)]
    on_event: Option<Callback<Event>>,
    /// The texts of the form, English by default.
    #[prop(default = Text::english().into(), into)]
    text: Signal<Text>,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let flow = StoredValue::new_local(None::<Flow>);
    let with_flow = move |run: &dyn Fn(&Flow)| {
        flow.try_with_value(|flow| flow.as_ref().map(run));
    };
    root.on_load(move |root| {
        let emit = Box::new(move |event| {
            on_event.map(|on_event| on_event.try_run(event));
        });
        let state = State::new(wishes.get_untracked());
        let begun = Flow::begin(root.into(), text.get_untracked(), client.get_untracked(), state, None, emit);
        begun.report_asked();
        flow.set_value(Some(begun));
    });
    Effect::new(move || {
        let client = client.get();
        with_flow(&|flow| flow.renew(client.clone()));
    });
    Effect::new(move || {
        let wishes = wishes.get();
        with_flow(&|flow| flow.set_wishes(wishes));
    });
    Effect::new(move || {
        let text = text.get();
        with_flow(&|flow| flow.set_text(text.clone()));
    });
    on_cleanup(move || with_flow(&Flow::end));
    form(text, root)
}

/// Renders the form as HTML for the loader to paint. Requires the feature `ssr` of `tachys`, which crates/paint enables.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn to_html(text: Text) -> String {
    Owner::new().with(|| form(text.into(), NodeRef::new()).to_html())
}

/// Renders the form with nothing chosen. Texts and attributes that depend on the state are fixed here; [`Flow`] updates them,
/// and the loader does until its code is there.
fn form(text: Signal<Text>, root: NodeRef<Div>) -> impl IntoView {
    let id = next_id();
    let [hint, issue, comment, left] = ["-hint", "-issue", "-comment", "-left"].map(|part| id.clone() + part);
    let lookup = move |key: &'static str| move || text.with(|text| text.lookup(key));
    let initial = move |of: fn(&Text, &State) -> String| text.with_untracked(|text| of(text, &State::default()));
    let stars = Score::ALL.map(|score| star(score, text));
    let issues = ISSUES.map(|name| {
        view! {
            <label class="rb-issue" part="issue">
                <input type="checkbox" name="Issue" value=name.as_str() aria-describedby=issue.clone() />
                {move || text.with(|text| text.issue(name))}
            </label>
        }
    });

    view! {
        <div
            class="rb"
            part="base"
            data-score="0"
            node_ref=root
            lang=lookup("lang")
            dir=lookup("dir")
            on:keydown=keep_key
            on:keypress=keep_key
            on:keyup=keep_key
        >
            // The browser never submits this form: frames may forbid that. It groups the fields.
            <form class="rb-form" novalidate>
                <fieldset class="rb-stars" aria-describedby=hint>
                    <legend part="question">{lookup("question")}</legend>
                    <p class="rb-about" part="about" hidden></p>
                    <div class="rb-row">{stars}</div>
                    <p id=hint.clone() class="rb-hint">{initial(Text::below_stars)}</p>
                </fieldset>
                <fieldset class="rb-wrong" hidden>
                    <legend>{initial(Text::above_issues)}</legend>
                    <div class="rb-issues">{issues}</div>
                    <p id=issue class="rb-problem"></p>
                </fieldset>
                <div class="rb-comment" hidden>
                    <label for=comment.clone()>{lookup("comment")}</label>
                    <textarea
                        id=comment
                        part="comment"
                        name="Comment"
                        rows="2"
                        aria-describedby=left.clone()
                    ></textarea>
                    <p id=left class="rb-left"></p>
                    <a class="rb-privacy" part="privacy" target="_blank" rel="noopener" hidden>{lookup("privacy")}</a>
                </div>
                <div>
                    <p class="rb-problem" role="alert"></p>
                    <button type="button" part="button">{initial(Text::button)}</button>
                    <p class="rb-partial" hidden>{lookup("partial")}</p>
                    <div class="rb-row rb-no">
                        <button type="button" part="dismiss" hidden>{lookup("not-now")}</button>
                        <button type="button" part="never" hidden>{lookup("never")}</button>
                    </div>
                </div>
            </form>
            <div class="rb-thanks">
                // Always present, because screen readers often skip a live region that appears together with its text.
                <p role="status"></p>
                <div class="rb-row">
                    <button type="button" part="change" hidden>{lookup("change")}</button>
                    <button type="button" part="dismiss" hidden>{lookup("close")}</button>
                    <button type="button" part="undo" hidden>{lookup("undo")}</button>
                </div>
            </div>
        </div>
    }
}

fn star(score: Score, text: Signal<Text>) -> impl IntoView {
    view! {
        <label class="rb-star" part="star">
            <input type="radio" name="QualityScore" value=score.get() required />
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5-4.7-4.6 6.5-.9z"></path>
            </svg>
            <span>{move || text.with(|text| text.star(score))}</span>
        </label>
    }
}

/// Keeps a key that is typed in the form from the application's shortcuts. The custom element's loader does the same.
fn keep_key(event: KeyboardEvent) {
    if !matches!(event.key().as_str(), "Escape" | "Tab") {
        event.stop_propagation();
    }
}

/// Returns a prefix for ids, so that two forms in one document do not share any.
fn next_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    String::from("ringback-") + &NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
