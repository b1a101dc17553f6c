use leptos::prelude::*;
use ringback_api::{AccountPatch, Origin, Scope};
use web_sys::Url;

use super::Settings;
use super::confirm::Question;
use super::form::{self, Field, FormState, button, clear, focus, form, named, row, rows, typed};
use crate::text::t;
use crate::view::dynamic;

/// The websites that may send ratings.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let state = FormState::new();
    let placeholder = "https://phone.example";
    let field = Field { kind: "url", placeholder, ..Field::new("origin", text.origin, state) };
    let input = field.input;
    let origins = move || settings.data.with_untracked(|data| data.account.allowed_origins.clone());
    let change = move |allowed_origins, done: String, is_added| {
        state.send(Box::pin(async move {
            let patch = AccountPatch { allowed_origins: Some(allowed_origins), ..AccountPatch::default() };
            settings.patch(patch).await?;
            if is_added {
                clear(input);
            }
            Ok(done)
        }));
    };
    let add = move || {
        let Some(origin) = origin(&typed(input)) else { return state.reject(text.bad_origin) };
        let mut all = origins();
        if all.contains(&origin) {
            return state.reject(named(text.known_origin, origin.as_str()));
        }
        let done = named(text.added, origin.as_str());
        all.push(origin);
        change(all, done, true);
    };
    let remove = move |origin: &Origin| {
        let mut rest = origins();
        rest.retain(|other| other != origin);
        let is_last = rest.is_empty();
        let done = named(text.removed, origin.as_str());
        let remove = Callback::new(move |()| {
            // The pressed button is removed.
            focus("origin");
            change(rest.clone(), done.clone(), false);
        });
        if !is_last {
            return remove.run(());
        }
        settings.question.set(Some(Question {
            title: named(text.remove_title, origin.as_str()),
            consequence: text.remove_last.to_owned(),
            button: text.remove,
            action: remove,
        }));
    };
    let origin_row = move |origin: Origin| {
        let name = named(text.remove_origin, origin.as_str());
        let title = origin.to_string();
        let end = button(String::new(), text.remove, name, !settings.may(Scope::Admin), move || remove(&origin));
        row(false, title, Vec::new(), end)
    };
    let list = dynamic(move || {
        let all = settings.data.with(|data| data.account.allowed_origins.clone());
        rows(all.into_iter().map(origin_row).collect(), text.any_origin)
    });
    let fields = vec![field.view(String::new())];
    let mut controls = vec![list];
    if settings.may(Scope::Admin) {
        controls.push(form(settings, field.id, state, t().calls.add, fields, add));
    }
    form::section("origins", text.origins, text.origins_hint, controls)
}

/// Parses an origin. Also accepts a URL with a path or in capitals, as copied from an address bar.
fn origin(text: &str) -> Option<Origin> {
    Origin::try_from(text.to_owned()).ok().or_else(|| Url::new(text).ok()?.origin().try_into().ok())
}
