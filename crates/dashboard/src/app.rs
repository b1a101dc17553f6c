use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Session;
use ringback_client::v1::{self, Error};

use crate::pages::{Failure, Mark, Overview, SignIn};

/// Where a person is between opening the page and seeing figures.
#[derive(Clone)]
enum State {
    /// Not yet known whether there is a session.
    Asking,
    SignedOut {
        /// The session was there, and ended by itself.
        expired: bool,
    },
    SignedIn {
        session: Session,
        /// Signed in just now, on this page.
        fresh: bool,
    },
    Failed(Error),
}

/// The whole dashboard.
#[component]
pub fn App() -> impl IntoView {
    let state = RwSignal::new(State::Asking);
    let ask = move || {
        state.set(State::Asking);
        spawn_local(async move {
            state.set(match v1::session().await {
                Ok(session) => State::SignedIn { session, fresh: false },
                Err(Error::SignedOut) => State::SignedOut { expired: false },
                Err(error) => State::Failed(error),
            });
        });
    };
    ask();
    move || match state.get() {
        State::Asking => view! { <p class="asking" role="status">"Loading…"</p> }.into_any(),
        State::SignedOut { expired } => {
            let signed_in = move |session| state.set(State::SignedIn { session, fresh: true });
            view! { <SignIn expired signed_in /> }.into_any()
        }
        State::SignedIn { session, fresh } => {
            let name = session.account_name.clone();
            view! {
                <Header name signed_out=move || state.set(State::SignedOut { expired: false }) />
                <Overview session fresh expired=move || state.set(State::SignedOut { expired: true }) />
            }
            .into_any()
        }
        State::Failed(error) => view! {
            <main class="lone">
                <h1>"Ringback"</h1>
                <Failure error retry=ask />
            </main>
        }
        .into_any(),
    }
}

#[component]
fn Header(name: String, #[prop(into)] signed_out: Callback<()>) -> impl IntoView {
    let failed = RwSignal::new(false);
    let sign_out = move |_| {
        spawn_local(async move {
            match v1::sign_out().await {
                Ok(()) | Err(Error::SignedOut) => signed_out.run(()),
                Err(_) => failed.set(true),
            }
        });
    };
    view! {
        <header class="top">
            <div class="brand">
                <Mark />
                "Ringback"
            </div>
            <div class="who">
                <span class="account">{name}</span>
                <button type="button" class="quiet" on:click=sign_out>
                    "Sign out"
                </button>
            </div>
            <p class="problem" role="alert">
                {move || failed.get().then_some("You are still signed in: the server did not answer. Try again.")}
            </p>
        </header>
    }
}
