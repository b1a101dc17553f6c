//! Reads the buckets: what summaries and charts are made of.

use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{Figures, Issue, Scores, WeekdayHours};
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::calls::direction;
use super::{unsigned, word};
use crate::store::counts::{ClockSpan, Counts, Question, Span, cover};
use crate::store::{Reach, StoreError};

/// The columns of [`FiguresRow`], summed over buckets `b`.
macro_rules! sums {
    () => {
        "SUM(b.calls) AS calls, SUM(b.asked) AS asked, SUM(b.dismissed) AS dismissed, SUM(b.score1) AS score1,
         SUM(b.score2) AS score2, SUM(b.score3) AS score3, SUM(b.score4) AS score4, SUM(b.score5) AS score5"
    };
}

/// The accounts `a` that are reached (?1, ?2), and of these the buckets `b` of the direction (?3).
macro_rules! reached {
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

/// Answers the question in one snapshot.
pub(super) async fn count(conn: &mut SqliteConnection, question: &Question) -> Result<Counts, StoreError> {
    let mut counts = Counts { steps: vec![Figures::default(); question.steps.len()], ..Counts::default() };
    let (Some(first), Some(last)) = (question.steps.first(), question.steps.last()) else { return Ok(counts) };
    let mut snapshot = conn.begin().await?;
    count_steps(&mut snapshot, question, &mut counts).await?;
    count_issues(&mut snapshot, question, &(first.start..last.end), &mut counts).await?;
    if !question.clocks.is_empty() {
        counts.hours = Some(count_hours(&mut snapshot, question).await?);
    }
    Ok(counts)
}

async fn count_steps(conn: &mut SqliteConnection, question: &Question, counts: &mut Counts) -> Result<(), StoreError> {
    // CROSS JOIN keeps SQLite's planner to this order: each piece of a step is one range of the primary key.
    let sql = concat!(
        "SELECT p.value ->> 0 AS step, b.direction, ",
        sums!(),
        " FROM accounts a CROSS JOIN json_each(?4) p CROSS JOIN buckets b WHERE ",
        reached!(),
        " AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3
         GROUP BY step, b.direction"
    );
    let rows: Vec<StepRow> = sqlx::query_as(sql)
        .bind(question.account.0)
        .bind(question.reach == Reach::WithSubaccounts)
        .bind(question.direction.map(|only| direction(only.0)))
        .bind(pieces(question.steps.iter().enumerate()))
        .fetch_all(conn)
        .await?;
    for row in rows {
        let figures = Figures::try_from(row.figures)?;
        // What is left where a call was before it moved.
        if figures == Figures::default() {
            continue;
        }
        let step = usize::try_from(row.step).ok().and_then(|step| counts.steps.get_mut(step));
        step.ok_or_else(|| StoreError::Corrupt(format!("step {}", row.step)))?.add(&figures);
        let direction = if row.direction.is_empty() { None } else { Some(word(&row.direction)?) };
        counts.directions.entry(direction).or_default().add(&figures);
    }
    Ok(())
}

async fn count_issues(
    conn: &mut SqliteConnection,
    question: &Question,
    range: &Range<Timestamp>,
    counts: &mut Counts,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT b.issue, SUM(b.score1) AS score1, SUM(b.score2) AS score2, SUM(b.score3) AS score3,
         SUM(b.score4) AS score4, SUM(b.score5) AS score5
         FROM accounts a CROSS JOIN json_each(?4) p CROSS JOIN bucket_issues b WHERE ",
        reached!(),
        " AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3 GROUP BY b.issue"
    );
    let rows: Vec<IssueRow> = sqlx::query_as(sql)
        .bind(question.account.0)
        .bind(question.reach == Reach::WithSubaccounts)
        .bind(question.direction.map(|only| direction(only.0)))
        .bind(pieces([(0, range)]))
        .fetch_all(conn)
        .await?;
    for row in rows {
        let issue: Issue = word(&row.issue)?;
        if let Some((slot, _)) = counts.issues.iter_mut().zip(Issue::ALL).find(|(_, each)| *each == issue) {
            *slot = row.scores.try_into()?;
        }
    }
    Ok(())
}

async fn count_hours(conn: &mut SqliteConnection, question: &Question) -> Result<Box<WeekdayHours>, StoreError> {
    // 1970 began on a Thursday, three days into a week that begins on Monday. The JSON is read once, not for each bucket.
    let sql = concat!(
        "WITH p AS MATERIALIZED
         (SELECT value ->> 0 AS start, value ->> 1 AS end, value ->> 2 AS ahead FROM json_each(?4))
         SELECT ((b.start + p.ahead) / 3600 + 72) % 168 AS hour, ",
        sums!(),
        " FROM accounts a CROSS JOIN p CROSS JOIN buckets b WHERE ",
        reached!(),
        " AND b.span = ?5 AND b.start >= p.start AND b.start < p.end GROUP BY hour"
    );
    let rows: Vec<HourRow> = sqlx::query_as(sql)
        .bind(question.account.0)
        .bind(question.reach == Reach::WithSubaccounts)
        .bind(question.direction.map(|only| direction(only.0)))
        .bind(spans(&question.clocks))
        .bind(Span::QuarterHour.seconds())
        .fetch_all(conn)
        .await?;
    let mut hours = Box::new(WeekdayHours::default());
    for row in rows {
        let slot = usize::try_from(row.hour).ok().and_then(|hour| hours.as_flattened_mut().get_mut(hour));
        *slot.ok_or_else(|| StoreError::Corrupt(format!("hour {} of a week", row.hour)))? = row.figures.try_into()?;
    }
    Ok(hours)
}

/// For `json_each`: one `[step, span, start, end]` for each piece of each step.
fn pieces<'a>(steps: impl IntoIterator<Item = (usize, &'a Range<Timestamp>)>) -> String {
    let pieces: Vec<_> = steps
        .into_iter()
        .flat_map(|(step, range)| cover(range).map(move |piece| (step, piece)))
        .map(|(step, piece)| format!("[{step},{},{},{}]", piece.span.seconds(), piece.range.start, piece.range.end))
        .collect();
    format!("[{}]", pieces.join(","))
}

/// For `json_each`: one `[start, end, ahead]` for each span.
fn spans(clocks: &[ClockSpan]) -> String {
    let spans: Vec<_> = clocks
        .iter()
        .map(|clock| format!("[{},{},{}]", clock.range.start.as_second(), clock.range.end.as_second(), clock.ahead))
        .collect();
    format!("[{}]", spans.join(","))
}
