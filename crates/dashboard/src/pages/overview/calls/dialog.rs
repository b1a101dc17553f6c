use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use ringback_api::{AccountSid, CallDetails, Name, OnlyDirection};
use ringback_client::v1::{self, Error};

use super::row::{labels, stars};
use crate::address::{Address, OpenCall};
use crate::loader::Loader;
use crate::local::exact_time;
use crate::nav::Nav;
use crate::pages::Failure;
use crate::text::{fill, t};
use crate::{format, words};

/// All that is known of the call that the page's address names.
#[component]
pub(super) fn Dialog(account: AccountSid, zone: Memo<String>) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let open = Memo::new(move |_| nav.address.with(|address| address.open));
    let element = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        match (open.get(), element.open()) {
            (Some(_), false) => drop(element.show_modal()),
            (None, true) => element.close(),
            _ => {}
        }
    });
    // Escape closes it without asking.
    let closed = move |_| {
        if open.get_untracked().is_some() {
            nav.change(|address| Address { open: None, ..address.clone() });
        }
    };
    let content = move || open.get().map(|open| view! { <Opened open account zone /> });
    view! {
        <dialog node_ref=element class="call" aria-labelledby="call-title" on:close=closed>
            {content}
        </dialog>
    }
}

#[component]
fn Opened(open: OpenCall, account: AccountSid, zone: Memo<String>) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let loader = Loader::new(
        move || open,
        move |OpenCall { sid, account: whose }| async move { v1::call(&whose.unwrap_or(account), sid).await },
    );
    let title = move || match loader.value.get() {
        Some(call) => fill(t().calls.call, &[&exact_time(call.started_at, &zone.get())]),
        None => fill(t().calls.call, &[&open.sid.to_string()]),
    };
    let body = move || match (loader.value.get(), loader.error.get()) {
        (Some(call), _) => details(&call, &zone.get()).into_any(),
        (None, Some(Error::Refused { status: 404, .. })) => view! { <p>{t().calls.unknown_call}</p> }.into_any(),
        (None, Some(error)) => view! { <Failure error retry=move || loader.again() /> }.into_any(),
        (None, None) => view! { <p role="status">{t().common.loading}</p> }.into_any(),
    };
    view! {
        <div class="call-head">
            <h2 id="call-title">{title}</h2>
            <button type="button" autofocus on:click=move |_| nav.change(|address| Address { open: None, ..address.clone() })>
                {t().calls.close}
            </button>
        </div>
        {body}
    }
}

fn details(call: &CallDetails, zone: &str) -> impl IntoView + use<> {
    let text = &t().calls;
    let time = |at| exact_time(at, zone);
    let name = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_owned());
    let feedback = call.feedback.as_ref();
    let facts = [
        (text.from, name(&call.from)),
        (text.to, name(&call.to)),
        (t().overview.direction, Some(words::direction(OnlyDirection(call.direction)).to_owned())),
        (text.status, call.status.map(|status| words::status(status).to_owned())),
        (text.duration, call.duration.map(format::duration)),
        (text.asked_at, call.asked_at.map(time)),
        (text.dismissed_at, call.dismissed_at.map(time)),
        (text.rated_at, feedback.map(|feedback| time(feedback.created_at))),
        (text.changed_at, feedback.filter(|f| f.updated_at != f.created_at).map(|f| time(f.updated_at))),
        (text.revision, feedback.map(|feedback| feedback.revision.to_string())),
        (text.first_heard, Some(time(call.created_at))),
        (text.updated, Some(time(call.updated_at))),
        (text.foreign_id, name(&call.call)),
        (text.party, name(&call.party)),
        (text.sid, Some(call.sid.to_string())),
        (text.account, Some(call.account_sid.to_string())),
    ];
    let fact = |(term, value): (&'static str, Option<String>)| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{term}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let said = match feedback {
        Some(feedback) => {
            let issues = feedback.issues.iter().map(|issue| view! { <li>{words::issue(issue)}</li> }).collect_view();
            let comment = match &feedback.comment {
                Some(comment) => view! { <blockquote>{comment.as_str().to_owned()}</blockquote> }.into_any(),
                None => view! { <p class="hint">{text.no_comment}</p> }.into_any(),
            };
            view! {
                <p class="said">{stars(Some(feedback.score))}</p>
                <ul class="named">{issues}</ul>
                {comment}
            }
            .into_any()
        }
        None => view! { <p class="hint">{text.not_rated}</p> }.into_any(),
    };
    view! {
        {said}
        <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
        <div class="chips">{labels(&call.labels)}</div>
    }
}
