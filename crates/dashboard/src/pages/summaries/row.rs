use leptos::ev::MouseEvent;
use leptos::prelude::*;
use ringback_api::{SummaryDetails, SummarySid};

use crate::address::Address;
use crate::local::day_and_time;
use crate::nav::Nav;
use crate::text::{fill, t};
use crate::{format, words};

/// A summary in the list; its days are a link that opens it.
#[component]
pub(super) fn Row(
    /// `None` when it is gone, and the row with it.
    summary: Memo<Option<SummaryDetails>>,
    sid: SummarySid,
    zone: Memo<String>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let (text, charts) = (&t().summaries, &t().charts);
    let opened = move |address: &Address| address.with_summaries(|summaries| summaries.open = Some(sid));
    let shown = move |what: fn(&SummaryDetails) -> String| {
        move || summary.with(|summary| summary.as_ref().map(what).unwrap_or_default())
    };
    let created = move || {
        summary.with(|summary| summary.as_ref().map(|summary| zone.with(|zone| day_and_time(summary.created_at, zone))))
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a
                    href=move || nav.address.with(|address| opened(address).write())
                    aria-label=shown(|summary| fill(t().summaries.open, &[&days(summary)]))
                    on:click=move |event: MouseEvent| nav.follow(&event, nav.address.with_untracked(opened))
                >
                    {shown(days)}
                </a>
            </th>
            <td role="cell" class=shown(|summary| format!("status {}", summary.status.as_str()))>
                {shown(|summary| words::summary_status(summary.status).to_owned())}
            </td>
            <td role="cell" class="number" data-name=charts.calls>
                {shown(|summary| count(summary, |counted| counted.calls))}
            </td>
            <td role="cell" class="number" data-name=charts.ratings>
                {shown(|summary| count(summary, |counted| counted.scores.count()))}
            </td>
            <td role="cell" class="number" data-name=charts.average>
                {shown(|summary| format::average(summary.counted.as_ref().and_then(|counted| counted.average)))}
            </td>
            <td role="cell" class="wide" data-name=text.callback>{shown(told)}</td>
            <td role="cell" class="wide" data-name=text.asked_for>{move || created()}</td>
        </tr>
    }
}

/// `1–28 Mar 2026`.
pub(super) fn days(summary: &SummaryDetails) -> String {
    format::days(summary.start_date, summary.end_date)
}

/// A count, of which there is none before it was counted.
pub(super) fn count(summary: &SummaryDetails, of: fn(&ringback_api::SummaryFigures) -> u64) -> String {
    summary.counted.as_ref().map_or_else(|| format::NONE.into(), |counted| format::count(of(counted)))
}

/// Whether the receiver was told, or will be.
pub(super) fn told(summary: &SummaryDetails) -> String {
    let text = &t().summaries;
    match (&summary.delivery, &summary.status_callback) {
        (Some(delivery), _) => words::delivery(delivery),
        (None, None) => text.nobody_told.to_owned(),
        (None, Some(_)) if super::is_unfinished(summary) => text.told_later.to_owned(),
        (None, Some(_)) => text.forgotten.to_owned(),
    }
}
