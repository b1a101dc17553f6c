//! `/v1/accounts/{AC}/summaries`: feedback summaries with the delivery of their callbacks. The 2010-04-01 API creates and
//! deletes them.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{
    AccountSid, CallbackReceiver, StatusCallback, SummaryDetails, SummaryFigures, SummaryPage, SummarySid,
};

use super::callbacks::delivery;
use super::extract::PathParams;
use super::parameters::{ROW_CURSOR, ROW_PAGES};
use super::problem::Problem;
use super::query::{ParameterGroup, ParameterList, Query};
use super::stats::issues;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::{ListedSummary, Subaccounts, Summary, SummaryCounts, SummaryId};

struct ListParameters;

impl ParameterList for ListParameters {
    const GROUPS: &'static [ParameterGroup] = &[ROW_PAGES];
}

/// List feedback summaries
///
/// Newest first, each with its StatusCallback and the state of that callback's delivery.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/summaries", tag = tag::SUMMARIES, operation_id = "listSummaries",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        Query::<ListParameters>,
    ),
    responses((status = OK, body = SummaryPage, description = "A page"), problem_responses::ParameterErrors, problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<SummaryPage>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ListParameters>::parse(query.as_deref())?;
    let limit = query.limit()?;
    let before = query.get(&ROW_CURSOR)?.map(SummaryId::new);
    // One extra entry shows whether there is a next page.
    let mut summaries = app.store.summaries(account.id, before, limit + 1).await?;
    let more = summaries.len() > limit;
    summaries.truncate(limit);
    let next = summaries.last().filter(|_| more).map(|last| last.id.get().to_string());
    let summaries = summaries.into_iter().map(|summary| details(account.sid, summary)).collect();
    Ok(Json(SummaryPage { summaries, next }))
}

/// Read a feedback summary
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/summaries/{FeedbackSummarySid}", tag = tag::SUMMARIES,
    operation_id = "fetchSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = OK, body = SummaryDetails, description = "The summary"), problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    PathParams((account, summary)): PathParams<(String, String)>,
    head: RequestHead,
) -> Result<Json<SummaryDetails>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let sid: SummarySid = summary.parse().map_err(|_| Problem::not_found())?;
    let summary = app.store.listed_summary(account.id, sid).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(details(account.sid, summary)))
}

fn details(account_sid: AccountSid, listed: ListedSummary) -> SummaryDetails {
    let ListedSummary { summary, callback, delivery: sent, .. } = listed;
    let Summary { sid, scope, state, created_at, updated_at } = summary;
    SummaryDetails {
        sid,
        account_sid,
        start_date: scope.start_date,
        end_date: scope.end_date,
        include_subaccounts: scope.subaccounts == Subaccounts::Included,
        status: state.status(),
        counted: state.counts().map(figures),
        status_callback: callback
            .map(|StatusCallback { url, method }| CallbackReceiver { url: url.to_string(), method }),
        delivery: sent.map(delivery),
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
