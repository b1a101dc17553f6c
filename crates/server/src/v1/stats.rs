//! `GET /v1/accounts/{AC}/stats?from&to&step&tz&direction&subaccounts&weekday_hours`: figures, distribution, issues and
//! series, from the buckets. `stats.csv` has the series as a table.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::tz::TimeZone;
use ringback_api::{AccountSid, DirectionStats, Issue, IssueStats, OnlyDirection, Point, Stats, Step};
use serde::Serialize;

use super::csv;
use super::problem::{Named, Problem};
use super::query::Query;
use super::steps::{clocks, steps};
use super::{parameters, refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{Account, IssueScores, Question};

/// Count calls and ratings over some days
///
/// Figures of the whole range and of each step of it: at most 10,000 steps.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/stats", tag = tag::STATISTICS, operation_id = "fetchStats",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        parameters::OfStats,
        ("weekday_hours" = Option<bool>, Query, description = "Whether to add the figures of each hour of the week"),
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
    let names = ["from", "to", "step", "tz", "direction", "subaccounts", "weekday_hours"];
    let query = Query::parse(query.as_deref(), &names, &[])?;
    Ok(Json(count(&app, &account, &query).await?.0))
}

/// The steps of some days as a table
///
/// For spreadsheets: UTF-8 with a byte order mark, RFC 4180, a row a step.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/stats.csv", tag = tag::STATISTICS, operation_id = "exportStats",
    params(("AccountSid" = AccountSid, Path, description = "The account"), parameters::OfStats),
    responses(
        (status = OK, body = String, content_type = "text/csv", description = "The table"),
        refusals::OfParameters,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn export(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let names = ["from", "to", "step", "tz", "direction", "subaccounts"];
    let query = Query::parse(query.as_deref(), &names, &[])?;
    let (stats, zone) = count(&app, &account, &query).await?;
    let rows = stats.series.iter().map(|point| Row::new(point, &zone));
    let table = csv::table(rows, csv::Head::Written).map_err(|error| Problem::internal(&error))?;
    let name = format!("ringback-stats-{}-{}-by-{}", stats.from, stats.to, stats.step.as_str());
    Ok(csv::response(&name, table.into()))
}

async fn count(app: &App, account: &Account, query: &Query) -> Result<(Stats, TimeZone), Problem> {
    let from = query.required_date("from")?;
    let to = query.required_date("to")?;
    let step = query.parse("step")?.unwrap_or(Step::Day);
    let zone = query.zone(account)?;
    let direction = query.parse::<OnlyDirection>("direction")?;
    let reach = query.reach()?;
    let with_hours = query.flag("weekday_hours")?.unwrap_or(false);
    let steps = steps(from, to, step, &zone).map_err(Problem::bad_request)?;

    let clocks = match (steps.first(), steps.last()) {
        (Some(first), Some(last)) if with_hours => clocks(&(first.instants.start..last.instants.end), &zone),
        _ => Vec::new(),
    };
    let ranges = steps.iter().map(|step| step.instants.clone()).collect();
    let question = Question { account: account.id, reach, direction, steps: ranges, clocks };
    let counts = app.store.count(question).await?;
    let totals = counts.total();
    let mut directions: Vec<_> =
        counts.directions.into_iter().map(|(direction, figures)| DirectionStats { direction, figures }).collect();
    // What is not known comes last.
    directions.sort_by_key(|stats| (stats.direction.is_none(), stats.direction));
    let series = steps.iter().zip(counts.steps);
    let stats = Stats {
        from,
        to,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        step,
        totals,
        average: totals.scores.average(),
        median: totals.scores.median(),
        standard_deviation: totals.scores.standard_deviation(),
        response_rate: totals.response_rate(),
        issues: issues(&counts.issues),
        directions,
        weekday_hours: counts.hours,
        series: series.map(|(step, figures)| Point { date: step.date, start: step.instants.start, figures }).collect(),
    };
    Ok((stats, zone))
}

/// Those that occurred, the most frequent first.
pub(super) fn issues(scores: &IssueScores) -> Vec<IssueStats> {
    let issues = Issue::ALL.into_iter().zip(scores).map(|(issue, scores)| IssueStats { issue, scores: *scores });
    let mut issues: Vec<_> = issues.filter(|issue| issue.scores.count() > 0).collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.scores.count()));
    issues
}

/// A step as `stats.csv` shows it.
#[derive(Serialize)]
struct Row {
    start: String,
    calls: u64,
    asked: u64,
    dismissed: u64,
    rated: u64,
    score_1: u64,
    score_2: u64,
    score_3: u64,
    score_4: u64,
    score_5: u64,
    average: Option<f64>,
    median: Option<f64>,
    standard_deviation: Option<f64>,
    response_rate: Option<f64>,
}

impl Row {
    fn new(Point { start, figures, .. }: &Point, zone: &TimeZone) -> Self {
        let scores = figures.scores;
        let [score_1, score_2, score_3, score_4, score_5] = ringback_api::Score::ALL.map(|score| scores.of(score));
        Self {
            start: csv::time(*start, zone),
            calls: figures.calls,
            asked: figures.asked,
            dismissed: figures.dismissed,
            rated: figures.rated(),
            score_1,
            score_2,
            score_3,
            score_4,
            score_5,
            average: scores.average(),
            median: scores.median(),
            standard_deviation: scores.standard_deviation(),
            response_rate: figures.response_rate(),
        }
    }
}
