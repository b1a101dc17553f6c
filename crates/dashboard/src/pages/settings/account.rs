use leptos::prelude::*;
use ringback_api::{AccountPatch, Name};

use super::Settings;
use super::form::{self, Field, FormState, copyable, form, saved, typed};
use crate::session::CurrentSession;
use crate::text::t;

/// The account's name and SID.
pub(super) fn section(settings: Settings) -> AnyView {
    let CurrentSession(session) = expect_context();
    let text = &t().settings;
    let state = FormState::new();
    let field = Field::new("account-name", text.name, state);
    let input = field.input;
    let submit = move || {
        let Ok(name) = typed(input).parse::<Name>() else { return state.reject(text.bad_name) };
        state.send(Box::pin(async move {
            let new_name = name.as_str().to_owned();
            settings.patch(AccountPatch { name: Some(name), ..AccountPatch::default() }).await?;
            session.update(|session| session.account_name = new_name);
            Ok(saved())
        }));
    };
    let fields = vec![field.view(settings.text(|account| account.name.clone()))];
    let controls = vec![
        copyable(t().calls.sid, settings.sid.to_string()),
        form(settings, field.id, state, text.save, fields, submit),
    ];
    form::section("account", t().calls.account, text.account_hint, controls)
}
