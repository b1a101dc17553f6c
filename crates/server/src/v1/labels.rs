//! `GET /v1/accounts/{AC}/labels`: the labels of calls, as choices for a filter.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallDetails, KnownLabel, KnownLabels};

use super::extract::PathParams;
use super::parameters::DAYS;
use super::problem::Problem;
use super::query::{ParameterGroup, ParameterList, Query};
use super::{call_filters, problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::Listing;

/// The number of calls that are searched. It bounds the cost, however many calls there are.
const CALLS: usize = 2_000;
/// The longest useful list of choices.
const LABELS: usize = 200;

struct ListParameters;

impl ParameterList for ListParameters {
    const GROUPS: &'static [ParameterGroup] = &[DAYS];
}

/// List the labels of calls
///
/// The 200 most frequent labels of the newest 2,000 calls on these days.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/labels", tag = tag::CALLS, operation_id = "listLabels",
    params(("AccountSid" = AccountSid, Path, description = "The account"), Query::<ListParameters>),
    responses((status = OK, body = KnownLabels, description = "The labels"), problem_responses::ParameterErrors, problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<KnownLabels>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ListParameters>::parse(query.as_deref())?;
    let (listing, _) = call_filters::listing(&query, &account)?;
    let listed = app.store.list(&Listing { rated: None, ..listing }, None, CALLS).await?;
    Ok(Json(known(&listed.calls, listed.next.is_some())))
}

/// Returns the most frequent labels of some calls. With `more`, further calls may have other labels.
fn known(calls: &[CallDetails], more: bool) -> KnownLabels {
    let mut counts = BTreeMap::<_, usize>::new();
    for label in calls.iter().flat_map(|call| call.labels.iter()) {
        *counts.entry(label).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    // A stable sort: of equally frequent labels, the first in alphabetical order stay.
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let cut_short = more || counts.len() > LABELS;
    counts.truncate(LABELS);
    let label = |((key, value), _): ((&str, &str), usize)| KnownLabel { key: key.to_owned(), value: value.to_owned() };
    let mut labels: Vec<_> = counts.into_iter().map(label).collect();
    labels.sort_unstable();
    KnownLabels { labels, cut_short }
}
