//! The form: what [`State`] holds, shown.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{Issue, Rating, Score};
use ringback_client::rating::{Error, RatingClient};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::state::{ISSUES, Invalid, Phase, State};
use crate::text::{ENGLISH, Text};

/// Asks how a call went and sends the answer.
///
/// A form is for one leg. Its `client` may change to one with a newer token; for another leg, show another form. The
/// stylesheet is [`STYLE`](crate::STYLE), for the application to link.
#[component]
#[allow(clippy::must_use_candidate, reason = "a component is for `view!`, which uses it")]
pub fn RatingWidget(
    /// Where the rating goes; read when something is to be sent.
    client: StoredValue<RatingClient>,
    /// Called when a rating is on the server's disk.
    #[prop(optional, into)]
    on_submitted: Option<Callback<Rating>>,
    /// Called when sending failed.
    #[prop(optional, into)]
    on_error: Option<Callback<Error>>,
    /// The words.
    #[prop(default = &ENGLISH)]
    text: &'static Text,
) -> impl IntoView {
    let state = RwSignal::new(State::default());
    let first_client = client.get_value();
    spawn_local(async move {
        // Whether this was counted is not the person's business, but that nothing can be sent is, before it is chosen.
        if let Err(error) = first_client.asked().await
            && error.is_final()
        {
            if let Some(callback) = on_error {
                callback.try_run(error.clone());
            }
            state.try_update(|state| state.refuse(error));
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let root = root_of(&event);
        let Some(mut form) = state.try_update(State::send).flatten() else {
            return focus_invalid(root, &state.read_untracked());
        };
        let client = client.get_value();
        spawn_local(async move {
            let outcome = client.submit(&mut form).await;
            match &outcome {
                Ok(()) => drop(on_submitted.and_then(|callback| callback.try_run(form.rating))),
                Err(error) => drop(on_error.and_then(|callback| callback.try_run(error.clone()))),
            }
            // Who has gone elsewhere meanwhile is left there.
            let focused = root.as_ref().is_some_and(|root| root.matches(":focus-within") == Ok(true));
            // The form may be gone.
            let is_sent = state.try_update(|state| {
                state.sent(&form, outcome);
                state.is_sent()
            });
            if focused && is_sent == Some(true) {
                focus(root, ".rb-thanks button");
            }
        });
    };
    let input = move |event: Event| {
        let value = event_target_value(&event);
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        state.update(|state| match (input, value.parse::<Score>(), value.parse::<Issue>()) {
            (Some(_), Ok(score), _) => state.choose(score),
            (Some(input), _, Ok(issue)) => state.set_issue(issue, input.checked()),
            _ => state.write(value),
        });
    };
    let change = move |event: MouseEvent| {
        state.update(State::edit);
        focus(root_of(&event), ".rb-star :checked");
    };

    let id = next_id();
    let [name, hint, comment, left] = ["-star", "-hint", "-comment", "-left"].map(|part| id.clone() + part);
    let stars = Score::ALL.map(|score| star(score, name.clone(), text));
    let issues = ISSUES.map(|issue| {
        view! {
            <label class="rb-issue" part="issue">
                <input type="checkbox" value=issue.as_str() />
                {text.issue(issue)}
            </label>
        }
    });

    // One type of closure for many places: each further type would be fetched as code of its own.
    let when = |is: fn(&State) -> bool| move || state.with(is);
    let flag = |is: fn(&State) -> bool| move || state.with(is).then_some("true");
    let say = |what: fn(&Text, &State) -> String| move || state.with(|state| what(text, state));

    view! {
        <div class="rb" part="base">
            <form class="rb-form" novalidate hidden=when(State::is_sent) on:input=input on:submit=submit>
                <fieldset class="rb-stars" aria-describedby=hint>
                    <legend part="question">{text.question}</legend>
                    <div class="rb-row">{stars}</div>
                    <p id=hint.clone() class="rb-hint" class:rb-problem=when(State::lacks_score)>
                        {say(Text::below_stars)}
                    </p>
                </fieldset>
                <fieldset hidden=when(|state| !state.asks_issues())>
                    <legend>{say(Text::above_issues)}</legend>
                    <div class="rb-issues">{issues}</div>
                </fieldset>
                <div hidden=when(|state| state.score().is_none())>
                    <label for=comment.clone()>{text.comment}</label>
                    <textarea
                        id=comment
                        part="comment"
                        rows="2"
                        aria-describedby=left.clone()
                        aria-invalid=flag(|state| state.characters_left() < 0)
                    ></textarea>
                    <p id=left class="rb-left">{say(Text::below_comment)}</p>
                </div>
                <div>
                    <p class="rb-problem" role="alert">{say(Text::problem)}</p>
                    <button part="button" aria-disabled=flag(State::is_sending)>{say(Text::button)}</button>
                </div>
            </form>
            <div class="rb-thanks">
                // Always there, because a live region that appears with its text is often not read.
                <p role="status">{say(Text::outcome)}</p>
                <button type="button" part="change" hidden=when(|state| !state.is_sent()) on:click=change>
                    {text.change}
                </button>
            </div>
        </div>
    }
}

fn star(score: Score, name: String, text: &'static Text) -> impl IntoView {
    view! {
        <label class="rb-star" part="star">
            <input type="radio" name=name value=score.get() required />
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5-4.7-4.6 6.5-.9z"></path>
            </svg>
            <span>{text.stars(score)}", "{text.score(score)}</span>
        </label>
    }
}

fn focus_invalid(root: Option<Element>, state: &State) {
    match state.phase() {
        Phase::Invalid(Invalid::NoScore) => focus(root, ".rb-star input"),
        Phase::Invalid(Invalid::Comment(_)) => focus(root, "textarea"),
        _ => {}
    }
}

/// Focuses the first match, once the page shows the present state.
fn focus(root: Option<Element>, selector: &'static str) {
    request_animation_frame(move || {
        let found = root.and_then(|root| root.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            drop(element.focus());
        }
    });
}

fn root_of(event: &web_sys::Event) -> Option<Element> {
    event.current_target()?.dyn_into::<Element>().ok()?.closest(".rb").ok().flatten()
}

/// Labels and radios of two forms on one page must not meet.
fn next_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    String::from("ringback-") + &NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
