use leptos::html::Button;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{AccountSid, SummaryDetails, SummaryStatus};
use ringback_client::v1::{self, Error};

use super::is_unfinished;
use super::row::{callback_status, count, days};
use crate::charts::{NumberRow, Numbers};
use crate::local_time::exact_time;
use crate::nav::Nav;
use crate::pages::{Failure, Modal, error_message, facts};
use crate::query::Query;
use crate::session::OnSessionExpired;
use crate::text::{fill, t};
use crate::view::{CollectAny, dynamic};
use crate::{format, names};

/// The details of the summary that the page's address names, with downloads and deletion.
#[component]
pub(super) fn Dialog(
    account: AccountSid,
    zone: Memo<String>,
    /// Reloads the summary.
    reload: Trigger,
    #[prop(into)] deleted: Callback<()>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let open = Memo::new(move |_| nav.address.with(|address| address.summaries.open));
    let summary = RwSignal::new(None::<SummaryDetails>);
    let title = move || {
        let days = summary.with(|summary| summary.as_ref().map(days));
        fill(t().summaries.summary, &[&days.unwrap_or_default()])
    };
    let opened = move || {
        let sid = open.get()?;
        let query = Query::new(move || reload.track(), move |()| async move { v1::summary(&account, sid).await });
        // Only if it has changed, so that the focus and the selection stay.
        Effect::new(move |_| {
            let newest = query.value.get();
            if summary.with_untracked(|summary| *summary != newest) {
                summary.set(newest);
            }
        });
        let is_there = Memo::new(move |_| summary.with(Option::is_some));
        let error = Memo::new(move |_| query.error.get());
        Some(dynamic(move || match (is_there.get(), error.get()) {
            // Deleted elsewhere while the dialog was open.
            (_, Some(Error::Refused { status: 404, .. })) => view! { <p>{t().summaries.unknown}</p> }.into_any(),
            (true, _) => view! { <Details summary account zone deleted /> }.into_any(),
            (false, Some(error)) => view! { <Failure error retry=move || query.reload() /> }.into_any(),
            (false, None) => view! { <p role="status">{t().common.loading}</p> }.into_any(),
        }))
    };
    view! {
        <Modal
            is_open=Signal::derive(move || open.get().is_some())
            id="summary-title"
            title=Signal::derive(title)
            close=move |()| nav.change(|address| address.with_summaries(|summaries| summaries.open = None))
        >
            {move || opened()}
        </Modal>
    }
}

#[component]
fn Details(
    summary: RwSignal<Option<SummaryDetails>>,
    account: AccountSid,
    zone: Memo<String>,
    deleted: Callback<()>,
) -> impl IntoView {
    let details = move || summary.with(|summary| summary.as_ref().map(|summary| details(summary, &zone.get())));
    view! {
        {move || details()}
        {move || summary.with(|summary| summary.as_ref().map(|summary| downloads(summary, account)))}
        <Delete summary account deleted />
    }
}

fn details(summary: &SummaryDetails, zone: &str) -> impl IntoView + use<> {
    let (text, calls, charts) = (&t().summaries, &t().calls, &t().charts);
    let time = |at| exact_time(at, zone);
    let (own, with_subaccounts) = (text.reach.own, text.reach.with_subaccounts);
    let counted = summary.counted.as_ref();
    let delivery = summary.delivery.as_ref();
    let answer = |status: u16| fill(text.answered, &[&status.to_string()]);
    let receiver = summary.status_callback.as_ref();
    let terms = vec![
        (text.days, Some(fill(text.in_utc, &[&days(summary)]))),
        (text.calls_of, Some(if summary.include_subaccounts { with_subaccounts } else { own }.to_owned())),
        (text.status, Some(names::summary_status(summary.status).to_owned())),
        (charts.calls, counted.map(|_| count(summary, |counted| counted.calls))),
        (charts.ratings, counted.map(|_| count(summary, |counted| counted.scores.count()))),
        (charts.average, counted.map(|counted| format::average(counted.average))),
        (text.median, counted.map(|counted| format::median(counted.median))),
        (text.deviation, counted.map(|counted| format::deviation(counted.standard_deviation))),
        (text.created_on, Some(time(summary.created_at))),
        (text.changed, Some(time(summary.updated_at))),
        (text.callback, Some(callback_status(summary))),
        ("StatusCallback", receiver.map(|receiver| format!("{} {}", receiver.method.as_str(), receiver.url))),
        (
            text.last_answer,
            delivery.and_then(|delivery| delivery.last_status.map(answer).or(delivery.last_error.clone())),
        ),
        (text.last_try, delivery.filter(|delivery| delivery.tries > 0).map(|delivery| time(delivery.updated_at))),
        (text.next_try, delivery.and_then(|delivery| delivery.next_try_at).map(time)),
        (calls.sid, Some(summary.sid.to_string())),
    ];
    let failed = (summary.status == SummaryStatus::Failed).then(|| view! { <p class="notice">{text.failed}</p> });
    let issues = counted.filter(|counted| !counted.issues.is_empty()).map(|counted| {
        let row = |stats: &ringback_api::IssueStats| {
            let named = stats.scores.count();
            let share = format::percent(named, counted.calls, 2);
            NumberRow { cells: vec![names::issue(stats.issue).to_owned(), format::count(named), share], target: None }
        };
        let heads = [charts.issue, charts.ratings, charts.share_of_calls].map(str::to_owned).to_vec();
        let rows: Vec<_> = counted.issues.iter().map(row).collect();
        view! {
            <h3 id="summary-issues">{calls.issues}</h3>
            <Numbers labelled_by="summary-issues" heads rows=Signal::stored(rows) />
        }
    });
    view! {
        {failed}
        {facts(terms)}
        {issues}
    }
}

/// Links to the summary as the 2010 API returns it.
fn downloads(summary: &SummaryDetails, account: AccountSid) -> impl IntoView + use<> {
    let link = |(name, extension): (&'static str, &'static str)| {
        let file = format!("{}.{extension}", summary.sid);
        let path = format!("{}/{file}", v1::summaries_path(&account));
        view! {
            <a class="button small" href=path download=file>
                {fill(t().summaries.download, &[name])}
            </a>
        }
    };
    view! { <div class="chips">{[("JSON", "json"), ("XML", "xml")].into_iter().map(link).collect_any()}</div> }
}

/// Deletes the summary, after a confirmation.
#[component]
fn Delete(summary: RwSignal<Option<SummaryDetails>>, account: AccountSid, deleted: Callback<()>) -> impl IntoView {
    let text = &t().summaries;
    let OnSessionExpired(expired) = expect_context();
    let is_confirming = RwSignal::new(false);
    let pending = RwSignal::new(false);
    let failed = RwSignal::new(String::new());
    let keep = NodeRef::<Button>::new();
    let delete = NodeRef::<Button>::new();
    // Moves the focus, because the pressed button is removed.
    let confirm = move |confirming: bool| {
        is_confirming.set(confirming);
        request_animation_frame(move || {
            if let Some(button) = if confirming { keep } else { delete }.get_untracked() {
                let _ = button.focus();
            }
        });
    };
    let confirmed = move |_| {
        let Some(sid) = summary.with_untracked(|summary| summary.as_ref().map(|summary| summary.sid)) else { return };
        if pending.get() {
            return;
        }
        pending.set(true);
        spawn_local(async move {
            let answer = v1::delete_summary(&account, sid).await;
            pending.set(false);
            match answer {
                // Or it was deleted elsewhere.
                Ok(()) | Err(Error::Refused { status: 404, .. }) => deleted.run(()),
                Err(Error::SignedOut) => expired.run(()),
                Err(error) => failed.set(error_message(error)),
            }
        });
    };
    let has_ended = Memo::new(move |_| summary.with(|summary| summary.as_ref().is_some_and(|s| !is_unfinished(s))));
    let content = move || match (has_ended.get(), is_confirming.get()) {
        (false, _) => view! { <p class="hint">{text.unfinished}</p> }.into_any(),
        (true, false) => view! {
            <button type="button" node_ref=delete on:click=move |_| confirm(true)>
                {text.delete}
            </button>
        }
        .into_any(),
        (true, true) => view! {
            <p>{text.confirm_delete}</p>
            <button type="button" node_ref=keep on:click=move |_| confirm(false)>
                {text.keep}
            </button>
            <button type="button" class="danger" aria-disabled=move || pending.get().to_string() on:click=confirmed>
                {text.delete}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="delete">
            {move || content()}
            <p class="problem" role="alert">{failed}</p>
        </div>
    }
}
