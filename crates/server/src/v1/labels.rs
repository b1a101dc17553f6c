//! `GET /v1/accounts/{AC}/labels`: the labels that calls have, to choose a filter from.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallDetails, KnownLabel, KnownLabels};

use super::problem::{Named, Problem};
use super::query::Query;
use super::{filter, parameters, refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::Listing;

/// How many calls are looked at, so that it costs the same however many there are.
const CALLS: usize = 2_000;
/// More than these nobody chooses from.
const LABELS: usize = 200;

/// List the labels that calls have
///
/// Those of the newest 2,000 calls of the days, the 200 most frequent of them.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/labels", tag = tag::CALLS, operation_id = "listLabels",
    params(("AccountSid" = AccountSid, Path, description = "The account"), parameters::OfDays),
    responses((status = OK, body = KnownLabels, description = "The labels"), refusals::OfParameters, refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<KnownLabels>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &["from", "to", "tz", "subaccounts"], &[])?;
    let (listing, _) = filter::listing(&query, &account)?;
    let listed = app.store.list(&Listing { rated: None, ..listing }, None, CALLS).await?;
    Ok(Json(known(&listed.calls, listed.next.is_some())))
}

/// The most frequent labels of some calls; `more` calls may have others.
fn known(calls: &[CallDetails], more: bool) -> KnownLabels {
    let mut counts = BTreeMap::<_, usize>::new();
    for label in calls.iter().flat_map(|call| call.labels.iter()) {
        *counts.entry(label).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    // Stable, so that of those that are equally frequent the first stay.
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let cut_short = more || counts.len() > LABELS;
    counts.truncate(LABELS);
    let label = |((key, value), _): ((&str, &str), usize)| KnownLabel { key: key.to_owned(), value: value.to_owned() };
    let mut labels: Vec<_> = counts.into_iter().map(label).collect();
    labels.sort_unstable();
    KnownLabels { labels, cut_short }
}
