use leptos::html::Input;
use leptos::prelude::*;
use ringback_api::{ApiKeyView, NewApiKeyRequest, Scope, Scopes};
use ringback_client::v1;

use super::Settings;
use super::confirm::Question;
use super::form::{
    self, Field, FormState, button, chip, clear, focus, form, line, messages, named, row, rows, secret, typed,
};
use crate::local_time::day_and_time;
use crate::names;
use crate::text::t;
use crate::view::{CollectAny, dynamic};

/// The API keys and their scopes.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let controls =
        if settings.may(Scope::Admin) { keys(settings) } else { vec![line("", text.keys_hidden.to_owned())] };
    form::section("keys", text.keys, text.keys_hint, controls)
}

fn keys(settings: Settings) -> Vec<AnyView> {
    let text = &t().settings;
    let (creating, revoking) = (FormState::new(), FormState::new());
    let field = Field::new("key", text.key_name, creating);
    let input = field.input;
    let boxes = Scope::ALL.map(|scope| (scope, NodeRef::<Input>::new()));
    let created = RwSignal::new(None);

    let create = move || {
        let name = Some(typed(input)).filter(|name| !name.is_empty());
        let Ok(name) = name.map(|name| name.parse()).transpose() else { return creating.reject(text.bad_name) };
        let checked = |field: NodeRef<Input>| field.get_untracked().is_some_and(|field| field.checked());
        let chosen: Vec<_> = boxes.into_iter().filter(|(_, field)| checked(*field)).map(|(scope, _)| scope).collect();
        let Ok(scopes) = Scopes::try_from(chosen) else { return creating.reject(text.no_scope) };
        creating.send(Box::pin(async move {
            let credentials = v1::create_api_key(&settings.sid, &NewApiKeyRequest { name, scopes }).await?;
            // First, so that the secret is shown even if the next request fails.
            created.set(Some(credentials));
            for field in boxes.into_iter().filter_map(|(_, field)| field.get_untracked()) {
                field.set_checked(false);
            }
            clear(input);
            settings.reload().await?;
            Ok(String::new())
        }));
    };
    let list = dynamic(move || {
        let (all, zone) =
            settings.data.with(|data| (data.keys.clone().unwrap_or_default(), data.account.time_zone.clone()));
        rows(all.iter().map(|key| key_row(settings, revoking, key, &zone)).collect(), text.no_keys)
    });
    let choice = |(scope, field): (Scope, NodeRef<Input>)| {
        view! {
            <label class="check">
                <input node_ref=field type="checkbox" aria-describedby="key-problem" />
                <span>
                    <strong>{scope.as_str()}</strong>
                    " "
                    {names::scope(scope)}
                </span>
            </label>
        }
    };
    let choices = boxes.into_iter().map(choice).collect_any();
    let choices = view! {
        <fieldset class="choices">
            <legend>{text.scopes}</legend>
            {choices}
        </fieldset>
    };
    let fields = vec![field.view(String::new()), choices.into_any()];
    vec![
        list,
        messages("revoke", revoking),
        secret(created, text.new_key, text.secret),
        form(settings, field.id, creating, text.create_key, fields, create),
    ]
}

fn key_row(settings: Settings, revoking: FormState, key: &ApiKeyView, zone: &str) -> AnyView {
    let text = &t().settings;
    let sid = key.sid;
    let name = if key.name.is_empty() { sid.to_string() } else { key.name.clone() };
    let title = name.clone();
    let revoke = move || {
        let done = named(text.revoked, &name);
        let send = move |()| {
            let done = done.clone();
            revoking.send(Box::pin(async move {
                v1::revoke_api_key(&settings.sid, sid).await?;
                // The pressed button is removed.
                focus("keys");
                settings.reload().await?;
                Ok(done)
            }));
        };
        settings.question.set(Some(Question {
            title: named(text.revoke_title, &name),
            consequence: text.revoke_text.to_owned(),
            button: text.revoke,
            action: Callback::new(send),
        }));
    };
    let time = |template, at| line("hint", named(template, &day_and_time(at, zone)));
    let chips: Vec<_> = key.scopes.iter().map(|scope| chip(scope.as_str())).collect();
    let chips = view! { <div class="chips">{chips}</div> }.into_any();
    let parts = vec![line("hint sid", sid.to_string()), time(text.created_at, key.created_at), chips];
    let end = match key.revoked_at {
        Some(at) => time(text.revoked_at, at),
        None => button(String::new(), text.revoke, named(text.revoke_key, &title), false, revoke),
    };
    row(key.revoked_at.is_some(), title, parts, end)
}
