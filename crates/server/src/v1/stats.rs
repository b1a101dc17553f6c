//! `GET /v1/accounts/{AC}/stats`: figures, distribution, issues and series, from the buckets. `stats.csv` has the series as
//! a table.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::tz::TimeZone;
use ringback_api::{AccountSid, DirectionStats, Issue, IssueStats, Point, Stats, Step};
use serde::Serialize;
use utoipa::PartialSchema as _;

use super::csv;
use super::extract::PathParams;
use super::parameters::{ALLOWED_DAY, DIRECTION, FROM, SUBACCOUNTS, TIME_ZONE, TO, parse_flag};
use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, ParameterList, Query, from_str};
use super::schema;
use super::steps::{clocks, steps};
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::{Account, CountQuery, IssueScores};

const STEP: Parameter<Step> =
    Parameter::new("step", "The length of one step of the series; `day` by default", Step::schema, from_str);
const WEEKDAY_HOURS: Parameter<bool> = Parameter::new(
    "weekday_hours",
    "Whether to add the figures of each hour of the week; `false` by default",
    schema::boolean,
    parse_flag,
);
const STEPS: ParameterGroup = &[&FROM.required(), &TO.required(), &STEP, &TIME_ZONE, &DIRECTION, &SUBACCOUNTS];

struct ShowParameters;

impl ParameterList for ShowParameters {
    const GROUPS: &'static [ParameterGroup] = &[STEPS, &[&WEEKDAY_HOURS]];
}

struct ExportParameters;

impl ParameterList for ExportParameters {
    const GROUPS: &'static [ParameterGroup] = &[STEPS];
}

/// Count calls and ratings of some days
///
/// Figures of the whole range and of each of its steps, at most 10,000.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/stats", tag = tag::STATISTICS, operation_id = "fetchStats",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        Query::<ShowParameters>,
    ),
    responses((status = OK, body = Stats, description = "The figures"), problem_responses::ParameterErrors, problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<Stats>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ShowParameters>::parse(query.as_deref())?;
    Ok(Json(count(&app, &account, &query).await?.0))
}

/// Export the steps as a table
///
/// For spreadsheets: UTF-8 with a byte order mark, RFC 4180, one row per step.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/stats.csv", tag = tag::STATISTICS, operation_id = "exportStats",
    params(("AccountSid" = AccountSid, Path, description = "The account"), Query::<ExportParameters>),
    responses(
        (status = OK, body = String, content_type = "text/csv", description = "The table"),
        problem_responses::ParameterErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn export(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Response, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ExportParameters>::parse(query.as_deref())?;
    let (stats, zone) = count(&app, &account, &query).await?;
    let rows = stats.series.iter().map(|point| Row::new(point, &zone));
    let table = csv::table(rows, csv::Head::Written).map_err(|error| Problem::internal(&error))?;
    let name = format!("ringback-stats-{}-{}-by-{}", stats.from, stats.to, stats.step.as_str());
    Ok(csv::response(&name, table.into()))
}

async fn count<L>(app: &App, account: &Account, query: &Query<L>) -> Result<(Stats, TimeZone), Problem> {
    let from = query.require(&FROM, &ALLOWED_DAY)?;
    let to = query.require(&TO, &ALLOWED_DAY)?;
    let step = query.get(&STEP)?.unwrap_or(Step::Day);
    let zone = query.time_zone(account)?;
    let direction = query.get(&DIRECTION)?;
    let subaccounts = query.subaccounts()?;
    let with_hours = query.get(&WEEKDAY_HOURS)?.unwrap_or(false);
    let steps = steps(from, to, step, &zone).map_err(Problem::bad_request)?;

    let clocks = match (steps.first(), steps.last()) {
        (Some(first), Some(last)) if with_hours => clocks(&(first.instants.start..last.instants.end), &zone),
        _ => Vec::new(),
    };
    let ranges = steps.iter().map(|step| step.instants.clone()).collect();
    let count_query = CountQuery { account: account.id, subaccounts, direction, steps: ranges, offset_spans: clocks };
    let counts = app.store.count(count_query).await?;
    let totals = counts.total();
    let mut directions: Vec<_> =
        counts.directions.into_iter().map(|(direction, figures)| DirectionStats { direction, figures }).collect();
    // The unknown direction is last.
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

/// Returns the issues that occurred, most frequent first.
pub(super) fn issues(scores: &IssueScores) -> Vec<IssueStats> {
    let issues = Issue::ALL.into_iter().zip(scores).map(|(issue, scores)| IssueStats { issue, scores: *scores });
    let mut issues: Vec<_> = issues.filter(|issue| issue.scores.count() > 0).collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.scores.count()));
    issues
}

/// A row of `stats.csv`.
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
