//! Reads the buckets, for summaries and charts.

use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{Figures, Issue, Scores, WeekdayHours};
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::calls::direction;
use super::{from_json_string, unsigned};
use crate::store::counts::{BucketSpan, CountQuery, Counts, OffsetSpan, bucket_ranges};
use crate::store::{StoreError, Subaccounts};

/// The columns of [`FiguresRow`] as sums over buckets `b`.
macro_rules! sums {
    () => {
        "SUM(b.calls) AS calls, SUM(b.asked) AS asked, SUM(b.dismissed) AS dismissed, SUM(b.score1) AS score1,
         SUM(b.score2) AS score2, SUM(b.score3) AS score3, SUM(b.score4) AS score4, SUM(b.score5) AS score5"
    };
}

/// Selects accounts `a` (account ?1, with subaccounts if ?2) and their buckets `b` of a direction (?3, if not null).
macro_rules! selected {
    () => {
        "(a.id = ?1 OR (?2 AND a.parent_id = ?1)) AND b.account_id = a.id AND (?3 IS NULL OR b.direction = ?3)"
    };
}

#[derive(FromRow)]
struct FiguresRow {
    calls: i64,
    asked: i64,
    dismissed: i64,
    #[sqlx(flatten)]
    scores: ScoresRow,
}

#[derive(FromRow)]
struct ScoresRow {
    score1: i64,
    score2: i64,
    score3: i64,
    score4: i64,
    score5: i64,
}

#[derive(FromRow)]
struct StepRow {
    step: i64,
    direction: String,
    #[sqlx(flatten)]
    figures: FiguresRow,
}

#[derive(FromRow)]
struct IssueRow {
    issue: String,
    #[sqlx(flatten)]
    scores: ScoresRow,
}

#[derive(FromRow)]
struct HourRow {
    hour: i64,
    #[sqlx(flatten)]
    figures: FiguresRow,
}

impl TryFrom<FiguresRow> for Figures {
    type Error = StoreError;

    fn try_from(row: FiguresRow) -> Result<Self, StoreError> {
        Ok(Self {
            calls: unsigned(row.calls)?,
            asked: unsigned(row.asked)?,
            dismissed: unsigned(row.dismissed)?,
            scores: row.scores.try_into()?,
        })
    }
}

impl TryFrom<ScoresRow> for Scores {
    type Error = StoreError;

    fn try_from(row: ScoresRow) -> Result<Self, StoreError> {
        let ScoresRow { score1, score2, score3, score4, score5 } = row;
        let mut counts = [0; 5];
        for (slot, count) in counts.iter_mut().zip([score1, score2, score3, score4, score5]) {
            *slot = unsigned(count)?;
        }
        Ok(Self::new(counts))
    }
}

/// Runs the query in one snapshot.
pub(super) async fn count(conn: &mut SqliteConnection, query: &CountQuery) -> Result<Counts, StoreError> {
    let mut counts = Counts { steps: vec![Figures::default(); query.steps.len()], ..Counts::default() };
    let (Some(first), Some(last)) = (query.steps.first(), query.steps.last()) else { return Ok(counts) };
    let mut snapshot = conn.begin().await?;
    count_steps(&mut snapshot, query, &mut counts).await?;
    count_issues(&mut snapshot, query, &(first.start..last.end), &mut counts).await?;
    if !query.offset_spans.is_empty() {
        counts.hours = Some(count_hours(&mut snapshot, query).await?);
    }
    Ok(counts)
}

async fn count_steps(conn: &mut SqliteConnection, query: &CountQuery, counts: &mut Counts) -> Result<(), StoreError> {
    // CROSS JOIN fixes the join order for SQLite's planner: each bucket range of a step is one range of the primary
    // key.
    let sql = concat!(
        "SELECT p.value ->> 0 AS step, b.direction, ",
        sums!(),
        " FROM accounts a CROSS JOIN json_each(?4) p CROSS JOIN buckets b WHERE ",
        selected!(),
        " AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3
         GROUP BY step, b.direction"
    );
    let rows: Vec<StepRow> = sqlx::query_as(sql)
        .bind(query.account.0)
        .bind(query.subaccounts == Subaccounts::Included)
        .bind(query.direction.map(|only| direction(only.0)))
        .bind(bucket_ranges_json(query.steps.iter().enumerate()))
        .fetch_all(conn)
        .await?;
    for row in rows {
        let figures = Figures::try_from(row.figures)?;
        // A call that moved to another bucket leaves an empty one.
        if figures == Figures::default() {
            continue;
        }
        let step = usize::try_from(row.step).ok().and_then(|step| counts.steps.get_mut(step));
        step.ok_or_else(|| StoreError::Corrupt(format!("step {}", row.step)))?.add(&figures);
        let direction = if row.direction.is_empty() { None } else { Some(from_json_string(&row.direction)?) };
        counts.directions.entry(direction).or_default().add(&figures);
    }
    Ok(())
}

async fn count_issues(
    conn: &mut SqliteConnection,
    query: &CountQuery,
    range: &Range<Timestamp>,
    counts: &mut Counts,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT b.issue, SUM(b.score1) AS score1, SUM(b.score2) AS score2, SUM(b.score3) AS score3,
         SUM(b.score4) AS score4, SUM(b.score5) AS score5
         FROM accounts a CROSS JOIN json_each(?4) p CROSS JOIN bucket_issues b WHERE ",
        selected!(),
        " AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3 GROUP BY b.issue"
    );
    let rows: Vec<IssueRow> = sqlx::query_as(sql)
        .bind(query.account.0)
        .bind(query.subaccounts == Subaccounts::Included)
        .bind(query.direction.map(|only| direction(only.0)))
        .bind(bucket_ranges_json([(0, range)]))
        .fetch_all(conn)
        .await?;
    for row in rows {
        let issue: Issue = from_json_string(&row.issue)?;
        if let Some((slot, _)) = counts.issues.iter_mut().zip(Issue::ALL).find(|(_, each)| *each == issue) {
            *slot = row.scores.try_into()?;
        }
    }
    Ok(())
}

async fn count_hours(conn: &mut SqliteConnection, query: &CountQuery) -> Result<Box<WeekdayHours>, StoreError> {
    // 1970 began on a Thursday, the fourth day of a week that starts on Monday. MATERIALIZED parses the JSON once
    // instead of once per bucket.
    let sql = concat!(
        "WITH p AS MATERIALIZED
         (SELECT value ->> 0 AS start, value ->> 1 AS end, value ->> 2 AS offset FROM json_each(?4))
         SELECT ((b.start + p.offset) / 3600 + 72) % 168 AS hour, ",
        sums!(),
        " FROM accounts a CROSS JOIN p CROSS JOIN buckets b WHERE ",
        selected!(),
        " AND b.span = ?5 AND b.start >= p.start AND b.start < p.end GROUP BY hour"
    );
    let rows: Vec<HourRow> = sqlx::query_as(sql)
        .bind(query.account.0)
        .bind(query.subaccounts == Subaccounts::Included)
        .bind(query.direction.map(|only| direction(only.0)))
        .bind(offset_spans_json(&query.offset_spans))
        .bind(BucketSpan::QuarterHour.seconds())
        .fetch_all(conn)
        .await?;
    let mut hours = Box::new(WeekdayHours::default());
    for row in rows {
        let slot = usize::try_from(row.hour).ok().and_then(|hour| hours.as_flattened_mut().get_mut(hour));
        *slot.ok_or_else(|| StoreError::Corrupt(format!("hour {} of a week", row.hour)))? = row.figures.try_into()?;
    }
    Ok(hours)
}

/// JSON for `json_each`: `[step, span, start, end]` for each bucket range of each step.
fn bucket_ranges_json<'a>(steps: impl IntoIterator<Item = (usize, &'a Range<Timestamp>)>) -> String {
    let ranges: Vec<_> = steps
        .into_iter()
        .flat_map(|(step, range)| bucket_ranges(range).map(move |range| (step, range)))
        .map(|(step, range)| format!("[{step},{},{},{}]", range.span.seconds(), range.range.start, range.range.end))
        .collect();
    format!("[{}]", ranges.join(","))
}

/// JSON for `json_each`: `[start, end, offset]` for each span.
fn offset_spans_json(offset_spans: &[OffsetSpan]) -> String {
    let spans: Vec<_> = offset_spans
        .iter()
        .map(|span| {
            format!("[{},{},{}]", span.range.start.as_second(), span.range.end.as_second(), span.offset_seconds)
        })
        .collect();
    format!("[{}]", spans.join(","))
}
