use leptos::prelude::*;
use ringback_api::{AccountPatch, Name};

use super::Settings;
use super::form::{self, Field, Saving, copied, form, saved, typed};
use crate::app::SignedIn;
use crate::text::t;

/// What the account is called.
pub(super) fn section(settings: Settings) -> AnyView {
    let SignedIn(session) = expect_context();
    let text = &t().settings;
    let saving = Saving::new();
    let field = Field::new("account-name", text.name, saving);
    let input = field.input;
    let submit = move || {
        let Ok(name) = typed(input).parse::<Name>() else { return saving.refuse(text.bad_name) };
        saving.send(Box::pin(async move {
            let shown = name.as_str().to_owned();
            settings.patch(AccountPatch { name: Some(name), ..AccountPatch::default() }).await?;
            session.update(|session| session.account_name = shown);
            Ok(saved())
        }));
    };
    let fields = vec![field.view(settings.text(|account| account.name.clone()))];
    let controls = vec![
        copied(t().calls.sid, settings.sid.to_string()),
        form(settings, field.id, saving, text.save, fields, submit),
    ];
    form::section("account", t().calls.account, text.account_hint, controls)
}
