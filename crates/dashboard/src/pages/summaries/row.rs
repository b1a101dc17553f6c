use leptos::ev::MouseEvent;
use leptos::prelude::*;
use ringback_api::{SummaryDetails, SummarySid};

use crate::address::Address;
use crate::local_time::day_and_time;
use crate::nav::Nav;
use crate::text::{fill, t};
use crate::{format, names};

/// A summary in the list. Its days are a link that opens it.
#[component]
pub(super) fn Row(
    /// `None` if the summary was deleted, just before the row is removed.
    summary: Memo<Option<SummaryDetails>>,
    sid: SummarySid,
    zone: Memo<String>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let (text, charts) = (&t().summaries, &t().charts);
    let opened = move |address: &Address| address.with_summaries(|summaries| summaries.open = Some(sid));
    let part = move |of: fn(&SummaryDetails) -> String| {
        move || summary.with(|summary| summary.as_ref().map(of).unwrap_or_default())
    };
    let created = move || {
        summary.with(|summary| summary.as_ref().map(|summary| zone.with(|zone| day_and_time(summary.created_at, zone))))
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a
                    href=move || nav.address.with(|address| opened(address).write())
                    aria-label=part(|summary| fill(t().summaries.open, &[&days(summary)]))
                    on:click=move |event: MouseEvent| nav.follow(&event, nav.address.with_untracked(opened))
                >
                    {part(days)}
                </a>
            </th>
            <td role="cell" class=part(|summary| format!("status {}", summary.status.as_str()))>
                {part(|summary| names::summary_status(summary.status).to_owned())}
            </td>
            <td role="cell" class="number" data-name=charts.calls>
                {part(|summary| count(summary, |counted| counted.calls))}
            </td>
            <td role="cell" class="number" data-name=charts.ratings>
                {part(|summary| count(summary, |counted| counted.scores.count()))}
            </td>
            <td role="cell" class="number" data-name=charts.average>
                {part(|summary| format::average(summary.counted.as_ref().and_then(|counted| counted.average)))}
            </td>
            <td role="cell" class="wide" data-name=text.callback>{part(callback_status)}</td>
            <td role="cell" class="wide" data-name=text.created_on>{move || created()}</td>
        </tr>
    }
}

/// `1–28 Mar 2026`.
pub(super) fn days(summary: &SummaryDetails) -> String {
    format::days(summary.start_date, summary.end_date)
}

/// Formats a count of the summary, or a dash before it is counted.
pub(super) fn count(summary: &SummaryDetails, of: fn(&ringback_api::SummaryFigures) -> u64) -> String {
    summary.counted.as_ref().map_or_else(|| format::NONE.into(), |counted| format::count(of(counted)))
}

/// The status of the callback in words.
pub(super) fn callback_status(summary: &SummaryDetails) -> String {
    let text = &t().summaries;
    match (&summary.delivery, &summary.status_callback) {
        (Some(delivery), _) => names::delivery(delivery),
        (None, None) => text.no_callback.to_owned(),
        (None, Some(_)) if super::is_unfinished(summary) => text.callback_later.to_owned(),
        (None, Some(_)) => text.callback_forgotten.to_owned(),
    }
}
