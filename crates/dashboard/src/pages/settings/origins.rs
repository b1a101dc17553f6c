use leptos::prelude::*;
use ringback_api::{AccountPatch, Origin, Scope};
use web_sys::Url;

use super::Settings;
use super::confirm::Question;
use super::form::{self, Field, Saving, button, empty, focus, form, named, row, rows, typed};
use crate::text::t;
use crate::view::live;

/// Which websites may send ratings.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let saving = Saving::new();
    let placeholder = "https://phone.example";
    let field = Field { kind: "url", placeholder, ..Field::new("origin", text.origin, saving) };
    let input = field.input;
    let origins = move || settings.loaded.with_untracked(|loaded| loaded.account.allowed_origins.clone());
    let change = move |allowed_origins, done: String, is_added| {
        saving.send(Box::pin(async move {
            let patch = AccountPatch { allowed_origins: Some(allowed_origins), ..AccountPatch::default() };
            settings.patch(patch).await?;
            if is_added {
                empty(input);
            }
            Ok(done)
        }));
    };
    let add = move || {
        let Some(origin) = origin(&typed(input)) else { return saving.refuse(text.bad_origin) };
        let mut all = origins();
        if all.contains(&origin) {
            return saving.refuse(named(text.known_origin, origin.as_str()));
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
            // The button that was pressed goes.
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
    let one = move |origin: Origin| {
        let name = named(text.remove_origin, origin.as_str());
        let title = origin.to_string();
        let end = button(String::new(), text.remove, name, !settings.may(Scope::Admin), move || remove(&origin));
        row(false, title, Vec::new(), end)
    };
    let list = live(move || {
        let all = settings.loaded.with(|loaded| loaded.account.allowed_origins.clone());
        rows(all.into_iter().map(one).collect(), text.any_origin)
    });
    let fields = vec![field.view(String::new())];
    let mut controls = vec![list];
    if settings.may(Scope::Admin) {
        controls.push(form(settings, field.id, saving, t().calls.add, fields, add));
    }
    form::section("origins", text.origins, text.origins_hint, controls)
}

/// What a person typed, or copied from where an address stands: then with its path, or in capitals.
fn origin(text: &str) -> Option<Origin> {
    Origin::try_from(text.to_owned()).ok().or_else(|| Url::new(text).ok()?.origin().try_into().ok())
}
