//! What an account is set to: a file a section.
//!
//! Sections are made of the few pieces in `form`, of one type each, since each type of view costs kilobytes.

mod account;
mod confirm;
mod embed;
mod form;
mod keys;
mod origins;
mod retention;
mod sampling;
mod subaccounts;
mod time_zone;

use futures_util::future::try_join3;
use leptos::prelude::*;
use leptos::task::tick;
use ringback_api::{AccountPatch, AccountSid, AccountView, ApiKeyView, Scope, Scopes};
use ringback_client::v1::{self, Error};

use self::confirm::{Confirm, Question};
use super::{Failure, Heading};
use crate::app::SignedIn;
use crate::loader::Loader;
use crate::text::t;
use crate::view::CollectAny;

/// What the sections show.
#[derive(Debug, Clone)]
struct Loaded {
    account: AccountView,
    /// `None` if they may not be seen.
    keys: Option<Vec<ApiKeyView>>,
    subaccounts: Vec<AccountView>,
}

impl Loaded {
    async fn fetch(sid: AccountSid, scopes: Scopes) -> Result<Self, Error> {
        let keys = async { if scopes.cover(Scope::Admin) { v1::api_keys(&sid).await.map(Some) } else { Ok(None) } };
        let (account, keys, subaccounts) = try_join3(v1::account(&sid), keys, v1::subaccounts(&sid)).await?;
        Ok(Self { account, keys, subaccounts })
    }
}

/// For all sections.
#[derive(Clone, Copy)]
struct Settings {
    sid: AccountSid,
    scopes: Scopes,
    /// As the server last told it.
    loaded: RwSignal<Loaded>,
    /// What a person is asked before it is done.
    question: RwSignal<Option<Question>>,
}

impl Settings {
    fn may(self, scope: Scope) -> bool {
        self.scopes.cover(scope)
    }

    /// A text of the account; what a person typed in its place stays until it is another.
    fn text(self, of: fn(&AccountView) -> String) -> Memo<String> {
        Memo::new(move |_| self.loaded.with(|loaded| of(&loaded.account)))
    }

    /// Changes the account, and shows what it is then.
    async fn patch(self, patch: AccountPatch) -> Result<(), Error> {
        v1::update_account(&self.sid, &patch).await?;
        self.reload().await
    }

    /// Shows what the server has now.
    async fn reload(self) -> Result<(), Error> {
        self.loaded.set(Loaded::fetch(self.sid, self.scopes).await?);
        tick().await;
        Ok(())
    }
}

/// The page of an account's settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let SignedIn(session) = expect_context();
    let (sid, scopes) = session.with_untracked(|session| (session.account_sid, session.scopes));
    let loader = Loader::new(|| (), move |()| Loaded::fetch(sid, scopes));
    let content = move || match (loader.value.get(), loader.error.get()) {
        (Some(first), _) => sections(first, sid, scopes),
        (None, Some(error)) => view! { <Failure error retry=move || loader.again() /> }.into_any(),
        (None, None) => view! { <Skeleton /> }.into_any(),
    };
    let text = &t().settings;
    view! {
        <main id="content" class="page settings">
            <Heading text=text.title />
            {(!scopes.cover(Scope::Admin)).then(|| view! { <p class="notice">{text.read_only}</p> })}
            {move || content()}
        </main>
    }
}

fn sections(loaded: Loaded, sid: AccountSid, scopes: Scopes) -> AnyView {
    let question = RwSignal::new(None);
    let settings = Settings { sid, scopes, loaded: RwSignal::new(loaded), question };
    let all = [
        account::section,
        embed::section,
        sampling::section,
        origins::section,
        time_zone::section,
        retention::section,
        keys::section,
        subaccounts::section,
    ];
    let all: Vec<AnyView> = all.into_iter().map(|section| section(settings)).collect();
    view! {
        {all}
        <Confirm question />
    }
    .into_any()
}

/// As high as the first sections are.
#[component]
fn Skeleton() -> impl IntoView {
    let cards = (0..4).map(|_| view! { <div class="card setting"></div> }).collect_any();
    view! {
        <p class="visually-hidden" role="status">{t().common.loading}</p>
        <div class="skeleton" aria-hidden="true">{cards}</div>
    }
}
