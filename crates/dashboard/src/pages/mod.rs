//! The pages, one module each, and their common parts.

mod day_fields;
mod modal;
mod overview;
mod pager;
mod settings;
mod sign_in;
mod summaries;

use leptos::html::{H1, Pre};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{AccountSid, Direction, Labels, MintRequest, MintedToken};
use ringback_client::v1::{self, Error};
use wasm_bindgen_futures::JsFuture;

pub(crate) use day_fields::DayFields;
pub(crate) use modal::Modal;
pub(crate) use overview::Overview;
pub(crate) use pager::Pager;
pub(crate) use settings::SettingsPage;
pub(crate) use sign_in::SignIn;
pub(crate) use summaries::Summaries;

use crate::nav::Nav;
use crate::text::{fill, t};
use crate::view::CollectAny;

/// The product's logo: a star on a key.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M16 7.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9L16 20.9l-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8z" />
        </svg>
    }
}

/// The title of a page. Takes the focus if the user came from another page, so that a screen reader continues there.
#[component]
pub(crate) fn Heading(text: &'static str) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let heading = NodeRef::<H1>::new();
    document().set_title(&format!("{text} · Ringback"));
    heading.on_load(move |heading| {
        if nav.take_focus_heading() {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 node_ref=heading tabindex="-1">
            {text}
        </h1>
    }
}

/// An error in place of content, with advice and a button to try again.
#[component]
pub(crate) fn Failure(error: Error, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let text = &t().common;
    let title = match error {
        Error::Network => text.unreachable,
        Error::TooMany { .. } => text.too_many,
        Error::Refused { status: 403, .. } => text.no_permission,
        Error::Refused { .. } | Error::SignedOut => text.failed,
    };
    let advice = match error {
        Error::Refused { status: 403, .. } => text.no_permission_advice.to_owned(),
        error => error_message(error),
    };
    view! {
        <section class="card message" role="alert">
            <h2>{title}</h2>
            <p>{advice}</p>
            <button type="button" class="primary" on:click=move |_| retry.run(())>
                {text.try_again}
            </button>
        </section>
    }
}

/// A line for the user that explains an error of an action.
pub(crate) fn error_message(error: Error) -> String {
    let text = &t().common;
    match error {
        Error::Network => text.unreachable_advice.to_owned(),
        Error::TooMany { retry_after } => {
            let seconds = retry_after.map_or_else(|| "60".to_owned(), |seconds| seconds.to_string());
            fill(text.too_many_advice, &[&seconds])
        }
        Error::Refused { status, detail } => fill(text.refused, &[&detail, &status.to_string()]),
        Error::SignedOut => t().sign_in.expired.to_owned(),
    }
}

/// A list of terms and values, without those that have no value.
pub(crate) fn facts(facts: Vec<(&'static str, Option<String>)>) -> impl IntoView {
    let fact = |(term, value): (&'static str, Option<String>)| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{term}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    view! { <dl class="facts">{facts.into_iter().map(fact).collect_any()}</dl> }
}

/// Creates a rating token for an inbound call that starts now. It is valid for a day.
pub(crate) async fn mint(account: &AccountSid, call: &str, labels: Labels) -> Result<MintedToken, Error> {
    let refused = |_| Error::Refused { status: 400, detail: call.to_owned() };
    let request = MintRequest {
        call: call.parse().map_err(refused)?,
        party: None,
        started_at: None,
        direction: Some(Direction::Inbound),
        labels,
        expires_in: None,
        link: false,
    };
    v1::mint(account, &request).await
}

/// A text with a button to copy it, such as a command.
#[component]
pub(crate) fn Copyable(
    #[prop(into)] text: Signal<String>,
    /// The accessible name.
    name: &'static str,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let element = NodeRef::<Pre>::new();
    let labels = &t().overview;
    let copy = move |_| {
        spawn_local(async move {
            let clipboard = window().navigator().clipboard();
            let is_done = JsFuture::from(clipboard.write_text(&text.get_untracked())).await.is_ok();
            is_copied.set(is_done);
            if let (false, Some(element)) = (is_done, element.get_untracked()) {
                // The browser does not allow it, so select the text for the user to copy.
                let _ = element.focus();
                let _ = document().get_selection().ok().flatten().map(|s| s.select_all_children(&element));
            }
        });
    };
    view! {
        <div class="copied">
            <pre node_ref=element tabindex="0">{text}</pre>
            <button type="button" on:click=copy>
                {move || if is_copied.get() { labels.copied } else { labels.copy }}
                <span class="visually-hidden">" "{name}</span>
            </button>
            <span class="visually-hidden" role="status">{move || is_copied.get().then_some(labels.copied)}</span>
        </div>
    }
}
