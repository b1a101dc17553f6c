use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{AccountSid, Figures, Labels, Scope};

use crate::nav::Nav;
use crate::pages::{Copyable, mint};
use crate::range::Preset;
use crate::session::CurrentSession;
use crate::text::t;

/// Shown instead of charts if there are no ratings: the reason, and what to do.
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
        Figures { calls: 0, .. } => view! {
            <h2>{text.no_calls}</h2>
            <p>{text.no_calls_advice}</p>
            {move || offer()}
            <FirstRating account />
        }
        .into_any(),
        Figures { asked: 0, .. } => view! {
            <h2>{text.no_ratings}</h2>
            <p>{text.nobody_asked}</p>
            {move || offer()}
        }
        .into_any(),
        _ => view! {
            <h2>{text.no_ratings}</h2>
            <p>{text.nobody_rated}</p>
            {move || offer()}
        }
        .into_any(),
    };
    view! { <section class="card message">{move || advice()}</section> }
}

/// A command that sends a rating. It works as it is if the session may create its token.
#[component]
fn FirstRating(account: AccountSid) -> impl IntoView {
    let CurrentSession(session) = expect_context();
    let text = &t().overview;
    let may_mint = session.with_untracked(|session| session.scopes.cover(Scope::Mint));
    let origin = window().location().origin().unwrap_or_default();
    // A new call each time, because the time of a call does not change when it is rated again.
    let call = format!("first-{}", js_sys::Date::now());
    let token = RwSignal::new("TOKEN".to_owned());
    if may_mint {
        let call = call.clone();
        spawn_local(async move {
            if let Ok(minted) = mint(&account, &call, Labels::default()).await {
                token.try_set(minted.token);
            }
        });
    }
    let command = move || first_rating(&origin, &account.to_string(), &call, &token.read());
    view! {
        <p>{if may_mint { text.first_rating } else { text.first_rating_token }}</p>
        <Copyable text=Signal::derive(command) name=text.command />
    }
}

/// A shell command that rates a call. The server learns of the call from the token.
fn first_rating(origin: &str, account: &str, call: &str, token: &str) -> String {
    format!(
        "curl {origin}/2010-04-01/Accounts/{account}/Calls/{call}/Feedback.json \\\n  \
         -H 'Authorization: Bearer {token}' \\\n  -d QualityScore=5 -d Comment='My first rating'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::first_rating;

    #[test]
    fn the_command_rates_a_call_with_its_token() {
        let command = first_rating("http://127.0.0.1:8080", "AC1", "first-7", "T");
        assert_eq!(
            command,
            "curl http://127.0.0.1:8080/2010-04-01/Accounts/AC1/Calls/first-7/Feedback.json \\\n  \
             -H 'Authorization: Bearer T' \\\n  -d QualityScore=5 -d Comment='My first rating'\n"
        );
    }
}
