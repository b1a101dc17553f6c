use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Session;
use ringback_client::v1::{self, Error};

use crate::address::Page;
use crate::loader::Expired;
use crate::nav::Nav;
use crate::pages::{Failure, Mark, Overview, SettingsPage, SignIn, Summaries};
use crate::text::t;
use crate::view::{CollectAny, live};
use crate::words;

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
    provide_context(Expired(Callback::new(move |()| state.set(State::SignedOut { expired: true }))));
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
    live(move || match state.get() {
        State::Asking => view! { <p class="asking" role="status">{t().common.loading}</p> }.into_any(),
        State::SignedOut { expired } => {
            let signed_in = move |session| state.set(State::SignedIn { session, fresh: true });
            view! { <SignIn expired signed_in /> }.into_any()
        }
        State::SignedIn { session, fresh } => {
            let signed_out = move |()| state.set(State::SignedOut { expired: false });
            view! { <Signed session fresh signed_out /> }.into_any()
        }
        State::Failed(error) => view! {
            <main class="lone">
                <h1>"Ringback"</h1>
                <Failure error retry=ask />
            </main>
        }
        .into_any(),
    })
}

/// Who is signed in, and with what settings; from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct SignedIn(pub(crate) RwSignal<Session>);

/// What somebody sees who is signed in.
#[component]
fn Signed(
    session: Session,
    /// A person came from signing in, and reads on at the heading.
    fresh: bool,
    #[prop(into)] signed_out: Callback<()>,
) -> impl IntoView {
    let session = RwSignal::new(session);
    provide_context(SignedIn(session));
    let nav = Nav::new(session);
    if fresh {
        nav.move_on();
    }
    provide_context(nav);
    let name = Memo::new(move |_| session.with(|session| session.account_name.clone()));
    let page = Memo::new(move |_| nav.address.with(|address| address.page));
    view! {
        <a class="skip" href="#content">{t().common.skip}</a>
        <Header name signed_out />
        {move || {
            // A page begins anew with what is known then.
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
fn Pages() -> impl IntoView {
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
                    {words::page(page)}
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
                <Mark />
                "Ringback"
            </div>
            <Pages />
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
