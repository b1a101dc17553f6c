//! `GET /v1/accounts/{AC}/stats?from&to&step&tz`: figures, distribution, issues and series, from the buckets.

use axum::Json;
use axum::extract::{RawQuery, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ringback_api::{AccountSid, FormError, Issue, IssueStats, Pairs, Point, Stats, Step, parse_date};

use super::problem::{Named, Problem};
use super::steps::steps;
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::Reach;

/// Count calls and ratings over some days
///
/// Figures of the whole range and of each step of it: at most 10,000 steps.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/stats", tag = tag::STATISTICS, operation_id = "fetchStats",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        ("from" = Date, Query, description = "The first day, in `tz`, of the years 2000 to 9998"),
        ("to" = Date, Query, description = "The last day, inclusive"),
        ("step" = Option<Step>, Query, description = "How long one point of the series is: a day unless given"),
        (
            "tz" = Option<String>, Query, example = "Europe/Berlin",
            description = "An IANA time zone, whose days and hours are meant: the account's unless given",
        ),
    ),
    responses((status = OK, body = Stats, description = "What was counted"), refusals::OfParameters, refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<Stats>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = query.unwrap_or_default();
    let pairs: Pairs<'_> = form_urlencoded::parse(query.as_bytes()).collect();
    let from = date(&pairs, "from")?;
    let to = date(&pairs, "to")?;
    let step = pairs.parse("step").map_err(Problem::bad_request)?.unwrap_or(Step::Day);
    let zone = pairs.first("tz").unwrap_or(&account.time_zone);
    let zone = TimeZone::get(zone).ok().filter(|known| !known.is_unknown()).ok_or_else(|| {
        Problem::bad_request(FormError::invalid("tz", zone, &"must be an IANA time zone such as Europe/Berlin"))
    })?;
    let steps = steps(from, to, step, &zone).map_err(Problem::bad_request)?;

    let ranges = steps.iter().map(|step| step.instants.clone()).collect();
    let counts = app.store.count(account.id, Reach::Own, ranges).await?;
    let totals = counts.total();
    let mut issues: Vec<_> = Issue::ALL
        .into_iter()
        .zip(counts.issues)
        .filter(|(_, scores)| scores.count() > 0)
        .map(|(issue, scores)| IssueStats { issue, scores })
        .collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.scores.count()));
    let series = steps.iter().zip(counts.steps);
    Ok(Json(Stats {
        from,
        to,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        step,
        totals,
        average: totals.scores.average(),
        median: totals.scores.median(),
        standard_deviation: totals.scores.standard_deviation(),
        response_rate: totals.response_rate(),
        issues,
        series: series.map(|(step, figures)| Point { date: step.date, start: step.instants.start, figures }).collect(),
    }))
}

fn date(pairs: &Pairs<'_>, name: &'static str) -> Result<Date, Problem> {
    const ALLOWED: &str = "must be a date that exists, written YYYY-MM-DD";
    let text = pairs.first(name).ok_or_else(|| Problem::bad_request(FormError::missing(name, &ALLOWED)))?;
    parse_date(text).ok_or_else(|| Problem::bad_request(FormError::invalid(name, text, &ALLOWED)))
}
