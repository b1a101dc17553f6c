use jiff::civil::Date;
use leptos::prelude::*;
use ringback_api::{AccountSid, Figures};

use crate::nav::Nav;
use crate::pages::Copied;
use crate::range::Preset;
use crate::text::t;

/// Why there is nothing to draw, and what to do about it.
#[component]
pub(super) fn Empty(#[prop(into)] totals: Signal<Figures>, account: AccountSid, today: Date) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().overview;
    let longer = Preset::Days90.range(today);
    let offer = move || {
        nav.address.with(|address| address.range.from() > longer.from()).then(|| {
            view! {
                <button type="button" class="primary" on:click=move |_| nav.change(|address| address.with_range(longer))>
                    {text.longer}
                </button>
            }
        })
    };
    let advice = move || match totals.get() {
        Figures { calls: 0, .. } => {
            let origin = window().location().origin().unwrap_or_default();
            let now = String::from(js_sys::Date::new_0().to_iso_string());
            view! {
                <h2>{text.no_calls_at_all}</h2>
                <p>{text.no_calls_advice}</p>
                {offer}
                <p>{text.first_rating}</p>
                <Copied text=first_rating(&origin, &account.to_string(), &now) />
            }
            .into_any()
        }
        Figures { asked: 0, .. } => view! {
            <h2>{text.no_ratings}</h2>
            <p>{text.nobody_asked}</p>
            {offer}
        }
        .into_any(),
        _ => view! {
            <h2>{text.no_ratings}</h2>
            <p>{text.nobody_rated}</p>
            {offer}
        }
        .into_any(),
    };
    view! { <section class="card message">{advice}</section> }
}

/// Reports a call and rates it, in a shell.
fn first_rating(origin: &str, account: &str, now: &str) -> String {
    let call = format!(r#"{{"call": "first", "started_at": "{now}", "duration": 60, "direction": "inbound"}}"#);
    format!(
        "curl -u {account}:AUTH_TOKEN {origin}/v1/accounts/{account}/calls \\\n  \
         -H 'Content-Type: application/json' -d '{call}'\n\
         curl -u {account}:AUTH_TOKEN {origin}/2010-04-01/Accounts/{account}/Calls/first/Feedback.json \\\n  \
         -d QualityScore=5 -d Comment='My first rating'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::first_rating;

    #[test]
    fn the_command_reports_a_call_and_rates_it() {
        let command = first_rating("http://127.0.0.1:8080", "AC1", "2026-03-01T09:30:00.000Z");
        assert_eq!(
            command,
            "curl -u AC1:AUTH_TOKEN http://127.0.0.1:8080/v1/accounts/AC1/calls \\\n  \
             -H 'Content-Type: application/json' -d '{\"call\": \"first\", \
             \"started_at\": \"2026-03-01T09:30:00.000Z\", \"duration\": 60, \"direction\": \"inbound\"}'\n\
             curl -u AC1:AUTH_TOKEN http://127.0.0.1:8080/2010-04-01/Accounts/AC1/Calls/first/Feedback.json \\\n  \
             -d QualityScore=5 -d Comment='My first rating'\n"
        );
    }
}
