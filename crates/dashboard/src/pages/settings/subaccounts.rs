use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use ringback_api::{AccountPatch, AccountStatus, AccountView, Name, NewSubaccount, Scope};
use ringback_client::v1;

use super::Settings;
use super::confirm::Question;
use super::form::{
    self, Field, FormState, button, chip, clear, focus, form, line, messages, named, row, rows, saved, secret, typed,
};
use crate::text::t;
use crate::view::dynamic;

/// The subaccounts.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let is_subaccount = settings.data.with_untracked(|data| data.account.is_subaccount);
    let controls = if is_subaccount { vec![line("", text.is_subaccount.to_owned())] } else { subaccounts(settings) };
    form::section("subaccounts", text.subaccounts, text.subaccounts_hint, controls)
}

fn subaccounts(settings: Settings) -> Vec<AnyView> {
    let text = &t().settings;
    let (creating, changing) = (FormState::new(), FormState::new());
    let field = Field::new("subaccount", text.name, creating);
    let input = field.input;
    let created = RwSignal::new(None);
    let create = move || {
        let Ok(name) = typed(input).parse::<Name>() else { return creating.reject(text.bad_name) };
        creating.send(Box::pin(async move {
            let credentials = v1::create_subaccount(&settings.sid, &NewSubaccount { name }).await?;
            // First, so that the secret is shown even if the next request fails.
            created.set(Some(credentials));
            clear(input);
            settings.reload().await?;
            Ok(String::new())
        }));
    };
    let list = dynamic(move || {
        let all = settings.data.with(|data| data.subaccounts.clone());
        rows(all.into_iter().map(|account| account_row(settings, changing, account)).collect(), text.no_subaccounts)
    });
    let fields = vec![field.view(String::new())];
    let mut controls = vec![list];
    if settings.may(Scope::Admin) {
        controls.extend([
            messages("subaccounts", changing),
            secret(created, text.new_subaccount, text.auth_token),
            form(settings, field.id, creating, text.create_subaccount, fields, create),
        ]);
    }
    controls
}

fn account_row(settings: Settings, changing: FormState, account: AccountView) -> AnyView {
    let text = &t().settings;
    let AccountView { sid, name, .. } = account;
    let is_suspended = account.status == AccountStatus::Suspended;
    let change = move |patch, done: String| {
        changing.send(Box::pin(async move {
            v1::update_account(&sid, &patch).await?;
            settings.reload().await?;
            // The rows were rendered again.
            focus(&sid.to_string());
            Ok(done)
        }));
    };
    let set_status = move |status, done| change(AccountPatch { status: Some(status), ..AccountPatch::default() }, done);
    let field = NodeRef::<Input>::new();
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(name) = typed(field).parse::<Name>() else { return changing.reject(text.bad_name) };
        change(AccountPatch { name: Some(name), ..AccountPatch::default() }, saved());
    };
    let mut parts = Vec::new();
    if is_suspended {
        parts.push(chip(text.suspended));
    }
    parts.push(line("hint sid", sid.to_string()));
    if settings.may(Scope::Admin) {
        let rename = view! {
            <details>
                <summary>{text.rename}</summary>
                <form class="inline" novalidate on:submit=rename>
                    <input node_ref=field aria-label=text.name aria-describedby="subaccounts-problem" value=name.clone() />
                    <button>{text.save}</button>
                </form>
            </details>
        };
        parts.push(rename.into_any());
    }
    let (action, action_name) =
        if is_suspended { (text.resume, text.resume_account) } else { (text.suspend, text.suspend_account) };
    let account_name = name.clone();
    let press = move || {
        if is_suspended {
            return set_status(AccountStatus::Active, named(text.resumed, &account_name));
        }
        let done = named(text.suspended_now, &account_name);
        settings.question.set(Some(Question {
            title: named(text.suspend_title, &account_name),
            consequence: text.suspend_text.to_owned(),
            button: text.suspend,
            action: Callback::new(move |()| set_status(AccountStatus::Suspended, done.clone())),
        }));
    };
    let end = button(sid.to_string(), action, named(action_name, &name), !settings.may(Scope::Admin), press);
    row(is_suspended, name, parts, end)
}
