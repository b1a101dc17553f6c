//! Feedback summaries: creates, lists, shows and deletes them.

mod create;
mod dialog;
mod row;

use std::time::Duration;

use jiff::civil::Date;
use leptos::html::H2;
use leptos::prelude::*;
use ringback_api::{AccountSid, DeliveryState, Session, SummaryDetails, SummaryPage, SummaryStatus};
use ringback_client::v1::{self, Parameters};

use self::create::Create;
use self::dialog::Dialog;
use self::row::Row;
use super::{Copyable, Failure, Heading, Pager};
use crate::format;
use crate::nav::Nav;
use crate::query::Query;
use crate::text::{fill, t};
use crate::view::{CollectAny, dynamic};

/// Summaries per page of the list.
const LIMIT: &str = "25";
/// Interval between checks whether a reload is due.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The page at `/summaries`.
#[component]
pub(crate) fn Summaries(session: Session) -> impl IntoView {
    let Session { account_sid: account, today, .. } = session;
    let text = &t().summaries;
    let nav = expect_context::<Nav>();
    let cursor = Memo::new(move |_| nav.address.with(|address| address.summaries.cursor.clone()));
    let zone = Memo::new(move |_| nav.address.with(|address| address.time_zone.clone()));
    let query = Query::new(
        move || cursor.get(),
        move |cursor: Option<String>| async move {
            let mut parameters: Parameters = vec![("limit", LIMIT.to_owned())];
            parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
            v1::summaries(&account, &parameters).await
        },
    );
    let reload_dialog = Trigger::new();
    let refresh = move || {
        query.reload();
        reload_dialog.notify();
    };
    refresh_every(move || query.value.with_untracked(|page| page.as_ref().map(reload_seconds)), refresh);
    // Confirms what the user did.
    let confirmation = RwSignal::new("");
    let heading = NodeRef::<H2>::new();
    let created = move |()| {
        nav.change(|address| address.with_summaries(|summaries| summaries.cursor = None));
        confirmation.set(text.created);
        refresh();
    };
    let deleted = move |()| {
        nav.change(|address| address.with_summaries(|summaries| summaries.open = None));
        confirmation.set(text.deleted);
        refresh();
        // After the dialog has closed, because it returns the focus to the row, which is removed.
        request_animation_frame(move || {
            if let Some(heading) = heading.get_untracked() {
                let _ = heading.focus();
            }
        });
    };
    let stale = move || {
        let is_stale = query.error.with(Option::is_some) && query.value.with(Option::is_some);
        is_stale.then(|| view! { <p class="notice">{t().overview.refresh_failed}</p> })
    };
    view! {
        <main id="content" class="page">
            <div>
                <Heading text=text.title />
                <p class="days">
                    <span>{text.lead}</span>
                    <span>{move || zone.with(|zone| fill(text.times_in, &[zone]))}</span>
                </p>
            </div>
            <Create account today created />
            <section class="card calls" aria-labelledby="summaries">
                <h2 id="summaries" tabindex="-1" node_ref=heading>{text.list}</h2>
                <div role="status">
                    <p>{confirmation}</p>
                    <p class="hint">{move || query.value.with(|page| page.as_ref().map(progress))}</p>
                    {move || stale()}
                </div>
                <List query zone account today />
                <Pager
                    cursor
                    next=Signal::derive(move || query.value.with(|page| page.as_ref()?.next.clone()))
                    go=move |cursor| nav.change(|address| address.with_summaries(|summaries| summaries.cursor = cursor))
                />
            </section>
            <Dialog account zone reload=reload_dialog deleted />
        </main>
    }
}

/// Says how many summaries of a page of the list are not counted yet.
fn progress(page: &SummaryPage) -> String {
    let waiting = page.summaries.iter().filter(|summary| is_unfinished(summary)).count();
    match (page.summaries.is_empty(), waiting) {
        (true, _) => String::new(),
        (false, 0) => t().summaries.ready.to_owned(),
        (false, _) => format::counted(waiting as u64, &t().summaries.waiting),
    }
}

fn is_unfinished(summary: &SummaryDetails) -> bool {
    matches!(summary.status, SummaryStatus::Queued | SummaryStatus::InProgress)
}

/// Seconds until the next reload of a page of the list. Shorter while a summary is counted, or a callback is pending.
fn reload_seconds(page: &SummaryPage) -> u32 {
    let is_pending = |summary: &SummaryDetails| {
        summary.delivery.as_ref().is_some_and(|delivery| delivery.state == DeliveryState::Pending)
    };
    match &page.summaries {
        summaries if summaries.iter().any(is_unfinished) => 1,
        summaries if summaries.iter().any(is_pending) => 2,
        // Other clients may create summaries.
        _ => 10,
    }
}

/// Refreshes each time `seconds` have passed, but not while they are `None` or the tab is hidden.
fn refresh_every(seconds: impl Fn() -> Option<u32> + 'static, refresh: impl Fn() + 'static) {
    let last = StoredValue::new(js_sys::Date::now());
    let check = move || {
        let now = js_sys::Date::now();
        let is_due = seconds().is_some_and(|seconds| now - last.get_value() >= 1000.0 * f64::from(seconds));
        if is_due && !document().hidden() {
            last.set_value(now);
            refresh();
        }
    };
    if let Ok(interval) = set_interval_with_handle(check, CHECK_INTERVAL) {
        on_cleanup(move || interval.clear());
    }
}

#[component]
fn List(query: Query<SummaryPage>, zone: Memo<String>, account: AccountSid, today: Date) -> impl IntoView {
    let sids = Memo::new(move |_| {
        query.value.with(|page| page.as_ref().map(|page| page.summaries.iter().map(|s| s.sid).collect::<Vec<_>>()))
    });
    let error = Memo::new(move |_| query.error.get());
    let is_empty = Memo::new(move |_| sids.with(|sids| sids.as_ref().map(Vec::is_empty)));
    dynamic(move || match (is_empty.get(), error.get().filter(|_| is_empty.get().is_none())) {
        (Some(false), _) => view! { <Table sids query zone /> }.into_any(),
        (Some(true), _) => view! { <Empty account today /> }.into_any(),
        (None, Some(error)) => view! { <Failure error retry=move || query.reload() /> }.into_any(),
        (None, None) => view! {
            <p class="visually-hidden" role="status">{t().common.loading}</p>
            <div class="list-skeleton" aria-hidden="true"></div>
        }
        .into_any(),
    })
}

#[component]
fn Table(
    sids: Memo<Option<Vec<ringback_api::SummarySid>>>,
    query: Query<SummaryPage>,
    zone: Memo<String>,
) -> impl IntoView {
    let (text, charts) = (&t().summaries, &t().charts);
    let heads = [text.days, text.status, charts.calls, charts.ratings, charts.average, text.callback, text.created_on];
    let heads = heads.into_iter().map(|head| view! { <th scope="col" role="columnheader">{head}</th> }).collect_any();
    let find =
        move |sid| query.value.with(|page| page.as_ref()?.summaries.iter().find(|summary| summary.sid == sid).cloned());
    // A reload keeps the rows of the same summaries, and with them the focus.
    view! {
        <table class="call-list summary-list" role="table" aria-labelledby="summaries">
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">
                <For
                    each=move || sids.get().unwrap_or_default()
                    key=|sid| *sid
                    children=move |sid| view! { <Row summary=Memo::new(move |_| find(sid)) sid zone /> }
                />
            </tbody>
        </table>
    }
}

#[component]
fn Empty(account: AccountSid, today: Date) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <div class="message">
            <h3>{t().summaries.none}</h3>
            <p>{t().summaries.none_advice}</p>
            <Copyable text=first_summary(&origin, &account, today) name=t().overview.command />
        </div>
    }
}

/// A shell command that creates a summary of a day.
fn first_summary(origin: &str, account: &AccountSid, day: Date) -> String {
    let (path, day) = (v1::summaries_path(account), format::iso(day));
    format!("curl -u {account}:AUTH_TOKEN {origin}{path}.json \\\n  -d StartDate={day} -d EndDate={day}\n")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use ringback_api::{CallbackDelivery, CallbackMethod, SummarySid};

    use super::*;

    fn page(summaries: Vec<SummaryDetails>) -> SummaryPage {
        SummaryPage { summaries, next: None }
    }

    fn summary(status: SummaryStatus, delivery: Option<DeliveryState>) -> SummaryDetails {
        let (sid, at) = (SummarySid::from_bytes([1; 16]), Timestamp::UNIX_EPOCH);
        let delivery = delivery.map(|state| CallbackDelivery {
            summary_sid: sid,
            summary_status: status,
            url: "https://example.com/".to_owned(),
            method: CallbackMethod::Get,
            state,
            tries: 1,
            last_status: None,
            last_error: None,
            next_try_at: None,
            created_at: at,
            updated_at: at,
        });
        SummaryDetails {
            sid,
            account_sid: AccountSid::from_bytes([2; 16]),
            start_date: date(2026, 3, 1),
            end_date: date(2026, 3, 2),
            include_subaccounts: false,
            status,
            counted: None,
            status_callback: None,
            delivery,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn reloads_are_more_frequent_while_something_is_pending() {
        let done = summary(SummaryStatus::Completed, Some(DeliveryState::Delivered));
        let given_up = summary(SummaryStatus::Failed, Some(DeliveryState::GivenUp));
        let pending = summary(SummaryStatus::Completed, Some(DeliveryState::Pending));
        let begun = summary(SummaryStatus::InProgress, None);
        assert_eq!(reload_seconds(&page(vec![])), 10);
        assert_eq!(reload_seconds(&page(vec![done.clone(), given_up.clone()])), 10);
        assert_eq!(reload_seconds(&page(vec![done.clone(), pending.clone()])), 2);
        assert_eq!(reload_seconds(&page(vec![pending.clone(), begun.clone(), done.clone()])), 1);

        assert_eq!(progress(&page(vec![])), "");
        assert_eq!(progress(&page(vec![done.clone(), given_up, pending])), "All summaries on this page are counted");
        let queued = summary(SummaryStatus::Queued, None);
        assert_eq!(progress(&page(vec![queued.clone(), done])), "1 summary is not counted yet");
        assert_eq!(progress(&page(vec![queued, begun])), "2 summaries are not counted yet");
    }

    #[test]
    fn the_command_creates_a_summary_of_a_day() {
        let account = AccountSid::from_bytes([0xab; 16]);
        assert_eq!(
            first_summary("http://127.0.0.1:8080", &account, date(2026, 3, 1)),
            format!(
                "curl -u {account}:AUTH_TOKEN \
                 http://127.0.0.1:8080/2010-04-01/Accounts/{account}/Calls/FeedbackSummary.json \\\n  \
                 -d StartDate=2026-03-01 -d EndDate=2026-03-01\n"
            )
        );
    }
}
