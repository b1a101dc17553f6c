//! The account's settings, one file per section.
//!
//! Sections are composed of the views in `form`, which have one type, because each type of view costs kilobytes of
//! code.

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
use crate::query::Query;
use crate::session::CurrentSession;
use crate::text::t;
use crate::view::CollectAny;

/// The data that the sections show.
#[derive(Debug, Clone)]
struct AccountData {
    account: AccountView,
    /// `None` if the session may not read them.
    keys: Option<Vec<ApiKeyView>>,
    subaccounts: Vec<AccountView>,
}

impl AccountData {
    async fn fetch(sid: AccountSid, scopes: Scopes) -> Result<Self, Error> {
        let keys = async { if scopes.cover(Scope::Admin) { v1::api_keys(&sid).await.map(Some) } else { Ok(None) } };
        let (account, keys, subaccounts) = try_join3(v1::account(&sid), keys, v1::subaccounts(&sid)).await?;
        Ok(Self { account, keys, subaccounts })
    }
}

/// The context of all sections.
#[derive(Clone, Copy)]
struct Settings {
    sid: AccountSid,
    scopes: Scopes,
    /// The server's last response.
    data: RwSignal<AccountData>,
    /// Set to ask the user for confirmation.
    question: RwSignal<Option<Question>>,
}

impl Settings {
    fn may(self, scope: Scope) -> bool {
        self.scopes.cover(scope)
    }

    /// A text of the account, which changes only if the account's value does.
    fn text(self, of: fn(&AccountView) -> String) -> Memo<String> {
        Memo::new(move |_| self.data.with(|data| of(&data.account)))
    }

    /// Changes the account, then reloads the data.
    async fn patch(self, patch: AccountPatch) -> Result<(), Error> {
        v1::update_account(&self.sid, &patch).await?;
        self.reload().await
    }

    /// Reloads the data from the server.
    async fn reload(self) -> Result<(), Error> {
        self.data.set(AccountData::fetch(self.sid, self.scopes).await?);
        tick().await;
        Ok(())
    }
}

/// The page at `/settings`.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let CurrentSession(session) = expect_context();
    let (sid, scopes) = session.with_untracked(|session| (session.account_sid, session.scopes));
    let query = Query::new(|| (), move |()| AccountData::fetch(sid, scopes));
    let content = move || match (query.value.get(), query.error.get()) {
        (Some(first), _) => sections(first, sid, scopes),
        (None, Some(error)) => view! { <Failure error retry=move || query.reload() /> }.into_any(),
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

fn sections(data: AccountData, sid: AccountSid, scopes: Scopes) -> AnyView {
    let question = RwSignal::new(None);
    let settings = Settings { sid, scopes, data: RwSignal::new(data), question };
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

/// A placeholder of the height of the first sections.
#[component]
fn Skeleton() -> impl IntoView {
    let cards = (0..4).map(|_| view! { <div class="card setting"></div> }).collect_any();
    view! {
        <p class="visually-hidden" role="status">{t().common.loading}</p>
        <div class="skeleton" aria-hidden="true">{cards}</div>
    }
}
