use jiff::civil::Date;
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{AccountSid, CallbackMethod};
use ringback_client::v1::{self, Error, Parameters};

use crate::address::encode;
use crate::format;
use crate::pages::{DayFields, error_message};
use crate::range::{self, Preset, RangeError};
use crate::session::OnSessionExpired;
use crate::text::t;

/// The form to create a summary.
#[component]
pub(super) fn Create(account: AccountSid, today: Date, #[prop(into)] created: Callback<()>) -> impl IntoView {
    let text = &t().summaries;
    let OnSessionExpired(expired) = expect_context();
    let [from, to, url] = [(); 3].map(|()| NodeRef::<Input>::new());
    let subaccounts = NodeRef::<Input>::new();
    let method = NodeRef::<Select>::new();
    let pending = RwSignal::new(false);
    let wrong_days = RwSignal::new(None::<RangeError>);
    let failed = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(from), Some(to), Some(url)) = (from.get(), to.get(), url.get()) else { return };
        let (Some(subaccounts), Some(method)) = (subaccounts.get(), method.get()) else { return };
        if pending.get() {
            return;
        }
        failed.set(String::new());
        wrong_days.set(None);
        let (first, last) = match range::days(&from.value(), &to.value()) {
            Ok(days) => days,
            Err(error) => return wrong_days.set(Some(error)),
        };
        let form: Parameters = vec![
            ("StartDate", format::iso(first)),
            ("EndDate", format::iso(last)),
            ("IncludeSubaccounts", subaccounts.checked().to_string()),
            ("StatusCallback", url.value().trim().to_owned()),
            ("StatusCallbackMethod", method.value()),
        ];
        pending.set(true);
        spawn_local(async move {
            let answer = v1::create_summary(&account, encode(&form)).await;
            pending.set(false);
            match answer {
                Ok(()) => created.run(()),
                Err(Error::SignedOut) => expired.run(()),
                Err(error) => failed.set(error_message(error)),
            }
        });
    };
    let days = Preset::DEFAULT.range(today);
    let [post, get] = [CallbackMethod::Post, CallbackMethod::Get].map(CallbackMethod::as_str);
    view! {
        <section class="card" aria-labelledby="new-summary">
            <h2 id="new-summary">{text.new}</h2>
            <form class="create" novalidate on:submit=submit>
                <DayFields
                    fields=[from, to]
                    names=["StartDate", "EndDate"]
                    values=[format::iso(days.from()), format::iso(days.to())]
                    problem=wrong_days
                    described_by="create-problem"
                />
                <label class="check">
                    <input node_ref=subaccounts type="checkbox" name="IncludeSubaccounts" />
                    {t().overview.subaccounts}
                </label>
                <div class="url">
                    <label>
                        <span>{text.callback_url}</span>
                        <input
                            node_ref=url
                            type="url"
                            name="StatusCallback"
                            autocomplete="off"
                            aria-describedby="callback-hint create-problem"
                        />
                    </label>
                    <p id="callback-hint" class="hint">{text.callback_hint}</p>
                </div>
                <label>
                    <span>{text.method}</span>
                    <select node_ref=method name="StatusCallbackMethod">
                        <option value=post>{post}</option>
                        <option value=get>{get}</option>
                    </select>
                </label>
                <button class="primary" aria-disabled=move || pending.get().to_string()>
                    {move || if pending.get() { text.creating } else { text.create }}
                </button>
                <p id="create-problem" class="problem" role="alert">
                    {move || wrong_days.get().map_or_else(|| failed.get(), |error| error.message())}
                </p>
            </form>
        </section>
    }
}
