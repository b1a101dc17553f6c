//! One module a page, and what pages share.

mod day_field;
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

pub(crate) use day_field::DayField;
pub(crate) use modal::Modal;
pub(crate) use overview::Overview;
pub(crate) use pager::Pager;
pub(crate) use settings::SettingsPage;
pub(crate) use sign_in::SignIn;
pub(crate) use summaries::Summaries;

use crate::nav::Nav;
use crate::text::{fill, t};
use crate::view::CollectAny;

/// The product's mark: a star on a key.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M16 7.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9L16 20.9l-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8z" />
        </svg>
    }
}

/// The title of a page; who came here from another reads on at it.
#[component]
pub(crate) fn Heading(text: &'static str) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let heading = NodeRef::<H1>::new();
    document().set_title(&format!("{text} · Ringback"));
    heading.on_load(move |heading| {
        if nav.has_moved() {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 node_ref=heading tabindex="-1">
            {text}
        </h1>
    }
}

/// What went wrong, what to do, and a button that does it.
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
        error => problem(error),
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

/// What went wrong with what a person did, and what to do, in a line.
pub(crate) fn problem(error: Error) -> String {
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

/// What is known of something; what is not is left out.
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

/// Makes a rating token, good for a day, for an inbound call that begins now.
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

/// A text to copy, such as a command.
#[component]
pub(crate) fn Copied(
    #[prop(into)] text: Signal<String>,
    /// What it is, for those who do not see it.
    name: &'static str,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let shown = NodeRef::<Pre>::new();
    let words = &t().overview;
    let copy = move |_| {
        spawn_local(async move {
            let clipboard = window().navigator().clipboard();
            let is_done = JsFuture::from(clipboard.write_text(&text.get_untracked())).await.is_ok();
            is_copied.set(is_done);
            if let (false, Some(shown)) = (is_done, shown.get_untracked()) {
                // Where the browser does not let us, the person copies what is selected.
                let _ = shown.focus();
                let _ = document().get_selection().ok().flatten().map(|s| s.select_all_children(&shown));
            }
        });
    };
    view! {
        <div class="copied">
            <pre node_ref=shown tabindex="0">{text}</pre>
            <button type="button" on:click=copy>
                {move || if is_copied.get() { words.copied } else { words.copy }}
                <span class="visually-hidden">" "{name}</span>
            </button>
            <span class="visually-hidden" role="status">{move || is_copied.get().then_some(words.copied)}</span>
        </div>
    }
}
