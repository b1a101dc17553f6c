//! `/v1/accounts/{AC}/summaries`: the feedback summaries that there are, and whether their StatusCallbacks were told. They
//! are made and removed with the 2010 API.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{
    AccountSid, CallbackReceiver, StatusCallback, SummaryDetails, SummaryFigures, SummaryPage, SummarySid,
};

use super::callbacks::delivery;
use super::problem::{Named, Problem};
use super::query::Query;
use super::stats::issues;
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{ListedSummary, Reach, Summary, SummaryCounts, SummaryId};

/// List feedback summaries
///
/// The newest first, each with who is told when it ends, and whether they were.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/summaries", tag = tag::SUMMARIES, operation_id = "listSummaries",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many at most: 50 unless given"),
        (
            "cursor" = Option<String>, Query, pattern = "^[0-9]{1,18}$",
            description = "Go on where a page ended: its `next`",
        ),
    ),
    responses((status = OK, body = SummaryPage, description = "A page"), refusals::OfParameters, refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<SummaryPage>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &["limit", "cursor"], &[])?;
    let limit = query.limit()?;
    let before = query.row()?.map(SummaryId::new);
    // One more than asked for tells whether there is a next page.
    let mut summaries = app.store.summaries(account.id, before, limit + 1).await?;
    let more = summaries.len() > limit;
    summaries.truncate(limit);
    let next = summaries.last().filter(|_| more).map(|last| last.id.get().to_string());
    let summaries = summaries.into_iter().map(|summary| details(account.sid, summary)).collect();
    Ok(Json(SummaryPage { summaries, next }))
}

/// Read a feedback summary
///
/// As in the list.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/summaries/{FeedbackSummarySid}", tag = tag::SUMMARIES,
    operation_id = "fetchSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = OK, body = SummaryDetails, description = "The summary"), refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Named((account, summary)): Named<(String, String)>,
    caller: Caller,
) -> Result<Json<SummaryDetails>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let sid: SummarySid = summary.parse().map_err(|_| Problem::not_found())?;
    let summary = app.store.listed_summary(account.id, sid).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(details(account.sid, summary)))
}

fn details(account_sid: AccountSid, listed: ListedSummary) -> SummaryDetails {
    let ListedSummary { summary, callback, delivery: told, .. } = listed;
    let Summary { sid, scope, state, created_at, updated_at } = summary;
    SummaryDetails {
        sid,
        account_sid,
        start_date: scope.start_date,
        end_date: scope.end_date,
        include_subaccounts: scope.reach == Reach::WithSubaccounts,
        status: state.status(),
        counted: state.counts().map(figures),
        status_callback: callback
            .map(|StatusCallback { url, method }| CallbackReceiver { url: url.to_string(), method }),
        delivery: told.map(delivery),
        created_at,
        updated_at,
    }
}

fn figures(counts: &SummaryCounts) -> SummaryFigures {
    let SummaryCounts { calls, scores, issues: counted } = counts;
    SummaryFigures {
        calls: *calls,
        scores: *scores,
        average: scores.average(),
        median: scores.median(),
        standard_deviation: scores.standard_deviation(),
        issues: issues(counted),
    }
}
