use std::num::NonZeroU16;

use jiff::ToSpan as _;
use jiff::civil::Date;
use leptos::prelude::*;
use ringback_api::{AccountPatch, parse_date};

use super::Settings;
use super::confirm::Question;
use super::form::{self, Field, FormState, form, line, named, saved, typed};
use crate::format;
use crate::text::{fill, t};

/// How long calls are kept.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let state = FormState::new();
    let field = Field { kind: "number", placeholder: text.forever, ..Field::new("days", text.days, state) };
    let input = field.input;
    let save = move |retention_days| {
        state.send(Box::pin(async move {
            let patch = AccountPatch { retention_days: Some(retention_days), ..AccountPatch::default() };
            settings.patch(patch).await?;
            Ok(saved())
        }));
    };
    let submit = move || {
        // For text that is no number, the browser returns an empty value and sets `badInput`.
        let is_bad = input.get_untracked().is_some_and(|input| input.validity().bad_input());
        let Some(days) = days(&typed(input)).ok().filter(|_| !is_bad) else { return state.reject(text.bad_days) };
        let kept = settings.data.with_untracked(|data| data.account.retention_days);
        // Keeping calls longer deletes nothing, so it needs no confirmation.
        let Some(shorter) = days.filter(|days| kept.is_none_or(|kept| *days < kept)) else { return save(days) };
        let today = String::from(js_sys::Date::new_0().to_iso_string()).get(..10).and_then(parse_date);
        let first = today.and_then(|today| first_kept(today, shorter)).map(format::full_day).unwrap_or_default();
        settings.question.set(Some(Question {
            title: named(text.delete_title, &first),
            consequence: fill(text.delete_text, &[&first, &shorter.to_string()]),
            button: text.delete_old,
            action: Callback::new(move |()| save(Some(shorter))),
        }));
    };
    let kept = settings.text(|account| account.retention_days.map(|days| days.to_string()).unwrap_or_default());
    let sealed = settings.text(|account| {
        account.sealed_before.map(|before| named(t().settings.sealed, &format::full_day(before))).unwrap_or_default()
    });
    let fields = vec![field.view(kept)];
    let controls = vec![form(settings, field.id, state, text.save, fields, submit), line("hint", sealed)];
    form::section("retention", text.retention, text.retention_hint, controls)
}

/// Parses a number of days. `None` means for ever.
fn days(text: &str) -> Result<Option<NonZeroU16>, std::num::ParseIntError> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

/// The first UTC day that is kept, as the server computes it.
fn first_kept(today: Date, days: NonZeroU16) -> Option<Date> {
    today.checked_sub(i64::from(days.get()).days()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_counted_back_from_today() {
        let five = days("5").unwrap().unwrap();
        assert_eq!(first_kept(date(2026, 3, 15), five), Some(date(2026, 3, 10)));
        assert_eq!(days(""), Ok(None));
        for wrong in ["0", "-1", "1.5", "65536", "x"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
