use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Session;
use ringback_client::v1::{self, Error};

use crate::address::Page;
use crate::names;
use crate::nav::Nav;
use crate::pages::{Failure, Logo, Overview, SettingsPage, SignIn, Summaries};
use crate::session::{CurrentSession, OnSessionExpired};
use crate::text::t;
use crate::view::{CollectAny, dynamic};

/// The state of the session.
#[derive(Clone)]
enum State {
    /// The request for the session is pending.
    Loading,
    SignedOut {
        /// A session has expired or was revoked.
        expired: bool,
    },
    SignedIn {
        session: Session,
        /// The user has just signed in on this page.
        fresh: bool,
    },
    Failed(Error),
}

/// The root component: signing in, then the pages.
#[component]
pub fn App() -> impl IntoView {
    let state = RwSignal::new(State::Loading);
    provide_context(OnSessionExpired(Callback::new(move |()| state.set(State::SignedOut { expired: true }))));
    let load = move || {
        state.set(State::Loading);
        spawn_local(async move {
            state.set(match v1::session().await {
                Ok(session) => State::SignedIn { session, fresh: false },
                Err(Error::SignedOut) => State::SignedOut { expired: false },
                Err(error) => State::Failed(error),
            });
        });
    };
    load();
    dynamic(move || match state.get() {
        State::Loading => view! { <p class="asking" role="status">{t().common.loading}</p> }.into_any(),
        State::SignedOut { expired } => {
            let signed_in = move |session| state.set(State::SignedIn { session, fresh: true });
            view! { <SignIn expired signed_in /> }.into_any()
        }
        State::SignedIn { session, fresh } => {
            let signed_out = move |()| state.set(State::SignedOut { expired: false });
            view! { <SignedInPages session fresh signed_out /> }.into_any()
        }
        State::Failed(error) => view! {
            <main class="lone">
                <h1>"Ringback"</h1>
                <Failure error retry=load />
            </main>
        }
        .into_any(),
    })
}

#[component]
fn SignedInPages(
    session: Session,
    /// The user has just signed in, so the first page focuses its heading.
    fresh: bool,
    #[prop(into)] signed_out: Callback<()>,
) -> impl IntoView {
    let session = RwSignal::new(session);
    provide_context(CurrentSession(session));
    let nav = Nav::new(session);
    if fresh {
        nav.focus_heading();
    }
    provide_context(nav);
    let name = Memo::new(move |_| session.with(|session| session.account_name.clone()));
    let page = Memo::new(move |_| nav.address.with(|address| address.page));
    view! {
        <a class="skip" href="#content">{t().common.skip}</a>
        <Header name signed_out />
        {move || {
            // Untracked, so that a change of the session does not rebuild the page.
            let session = session.get_untracked();
            match page.get() {
                Page::Overview => view! { <Overview session /> }.into_any(),
                Page::Summaries => view! { <Summaries session /> }.into_any(),
                Page::Settings => view! { <SettingsPage /> }.into_any(),
            }
        }}
    }
}

/// Links to all pages.
#[component]
fn PageLinks() -> impl IntoView {
    let nav = expect_context::<Nav>();
    let link = |page: Page| {
        view! {
            <li>
                <a
                    href=move || nav.address.with(|address| address.to_page(page).write())
                    aria-current=move || nav.address.with(|address| address.page == page).then_some("page")
                    on:click=move |event: MouseEvent| {
                        nav.follow(&event, nav.address.with_untracked(|address| address.to_page(page)));
                    }
                >
                    {names::page(page)}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=t().common.pages>
            <ul>{Page::ALL.into_iter().map(link).collect_any()}</ul>
        </nav>
    }
}

#[component]
fn Header(name: Memo<String>, signed_out: Callback<()>) -> impl IntoView {
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
                <Logo />
                "Ringback"
            </div>
            <PageLinks />
            <div class="who">
                <span class="account">{name}</span>
                <button type="button" class="quiet" on:click=sign_out>
                    {t().common.sign_out}
                </button>
            </div>
            <p class="problem" role="alert">{move || failed.get().then_some(t().common.still_signed_in)}</p>
        </header>
    }
}
