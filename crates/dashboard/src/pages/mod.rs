//! One module a page, and what pages share.

mod overview;
mod sign_in;

use leptos::prelude::*;
use ringback_client::v1::Error;

pub(crate) use overview::Overview;
pub(crate) use sign_in::SignIn;

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

/// What went wrong, what to do, and a button that does it.
#[component]
pub(crate) fn Failure(error: Error, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let (title, advice) = match error {
        Error::Network => (
            "The server cannot be reached",
            "Check that you are online and that Ringback is running, then try again.".to_owned(),
        ),
        Error::Refused { status: 429, .. } => {
            ("Too many requests", "The server asks for a pause. Wait a minute, then try again.".to_owned())
        }
        error => ("The figures could not be loaded", error.to_string()),
    };
    view! {
        <section class="card message" role="alert">
            <h2>{title}</h2>
            <p>{advice}</p>
            <button type="button" class="primary" on:click=move |_| retry.run(())>
                "Try again"
            </button>
        </section>
    }
}
