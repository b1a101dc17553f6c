use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use ringback_api::{Figures, Issue, Scores};
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::calls::direction;
use super::{time, unsigned, word};
use crate::store::counts::{Counted, Delta, Key, Ledger, Span, cover};
use crate::store::{AccountId, Counts, Reach, StoreError, Verification};

/// Adds what changed to the buckets, in the caller's transaction.
pub(super) async fn apply(conn: &mut SqliteConnection, ledger: Ledger) -> Result<(), StoreError> {
    for (key, delta) in ledger.into_changes() {
        let [score1, score2, score3, score4, score5] = delta.scores;
        let sql = "INSERT INTO buckets
                   (account_id, span, start, direction, calls, asked, dismissed, score1, score2, score3, score4, score5)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET
                   calls = calls + excluded.calls, asked = asked + excluded.asked,
                   dismissed = dismissed + excluded.dismissed,
                   score1 = score1 + excluded.score1, score2 = score2 + excluded.score2,
                   score3 = score3 + excluded.score3, score4 = score4 + excluded.score4,
                   score5 = score5 + excluded.score5";
        sqlx::query(sql)
            .bind(key.account.0)
            .bind(key.span.seconds())
            .bind(key.start)
            .bind(direction(key.direction))
            .bind(delta.calls)
            .bind(delta.asked)
            .bind(delta.dismissed)
            .bind(score1)
            .bind(score2)
            .bind(score3)
            .bind(score4)
            .bind(score5)
            .execute(&mut *conn)
            .await?;
        for (issue, scores) in Issue::ALL.into_iter().zip(delta.issues) {
            if scores != [0; 5] {
                apply_issue(conn, &key, issue, scores).await?;
            }
        }
    }
    Ok(())
}

async fn apply_issue(
    conn: &mut SqliteConnection,
    key: &Key,
    issue: Issue,
    [score1, score2, score3, score4, score5]: [i64; 5],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO bucket_issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET
               score1 = score1 + excluded.score1, score2 = score2 + excluded.score2,
               score3 = score3 + excluded.score3, score4 = score4 + excluded.score4,
               score5 = score5 + excluded.score5";
    sqlx::query(sql)
        .bind(key.account.0)
        .bind(key.span.seconds())
        .bind(key.start)
        .bind(direction(key.direction))
        .bind(issue.as_str())
        .bind(score1)
        .bind(score2)
        .bind(score3)
        .bind(score4)
        .bind(score5)
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct StepRow {
    step: i64,
    calls: i64,
    asked: i64,
    dismissed: i64,
    score1: i64,
    score2: i64,
    score3: i64,
    score4: i64,
    score5: i64,
}

#[derive(FromRow)]
struct IssueRow {
    issue: String,
    score1: i64,
    score2: i64,
    score3: i64,
    score4: i64,
    score5: i64,
}

pub(super) async fn count(
    conn: &mut SqliteConnection,
    account: AccountId,
    reach: Reach,
    steps: &[Range<Timestamp>],
) -> Result<Counts, StoreError> {
    let mut counts = Counts { steps: vec![Figures::default(); steps.len()], ..Counts::default() };
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Ok(counts) };
    let mut snapshot = conn.begin().await?;

    // CROSS JOIN keeps SQLite's planner to this order: each piece of a step is one range of the primary key.
    let sql = "SELECT p.value ->> 0 AS step, SUM(b.calls) AS calls, SUM(b.asked) AS asked,
               SUM(b.dismissed) AS dismissed, SUM(b.score1) AS score1, SUM(b.score2) AS score2, SUM(b.score3) AS score3, SUM(b.score4) AS score4, SUM(b.score5) AS score5
               FROM accounts a CROSS JOIN json_each(?3) p CROSS JOIN buckets b
               WHERE (a.id = ?1 OR (?2 AND a.parent_id = ?1)) AND b.account_id = a.id
               AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3
               GROUP BY step";
    let rows: Vec<StepRow> = sqlx::query_as(sql)
        .bind(account.0)
        .bind(reach == Reach::WithSubaccounts)
        .bind(pieces(steps.iter().enumerate()))
        .fetch_all(&mut *snapshot)
        .await?;
    for row in rows {
        let figures = Figures {
            calls: unsigned(row.calls)?,
            asked: unsigned(row.asked)?,
            dismissed: unsigned(row.dismissed)?,
            scores: scores([row.score1, row.score2, row.score3, row.score4, row.score5])?,
        };
        let step = usize::try_from(row.step).ok().and_then(|step| counts.steps.get_mut(step));
        *step.ok_or_else(|| StoreError::Corrupt(format!("step {}", row.step)))? = figures;
    }

    let sql = "SELECT b.issue, SUM(b.score1) AS score1, SUM(b.score2) AS score2, SUM(b.score3) AS score3,
               SUM(b.score4) AS score4, SUM(b.score5) AS score5
               FROM accounts a CROSS JOIN json_each(?3) p CROSS JOIN bucket_issues b
               WHERE (a.id = ?1 OR (?2 AND a.parent_id = ?1)) AND b.account_id = a.id
               AND b.span = p.value ->> 1 AND b.start >= p.value ->> 2 AND b.start < p.value ->> 3
               GROUP BY b.issue";
    let rows: Vec<IssueRow> = sqlx::query_as(sql)
        .bind(account.0)
        .bind(reach == Reach::WithSubaccounts)
        .bind(pieces([(0, &(first.start..last.end))]))
        .fetch_all(&mut *snapshot)
        .await?;
    for row in rows {
        let issue: Issue = word(&row.issue)?;
        let slot = counts.issues.iter_mut().zip(Issue::ALL).find(|(_, each)| *each == issue);
        if let Some((slot, _)) = slot {
            *slot = scores([row.score1, row.score2, row.score3, row.score4, row.score5])?;
        }
    }
    Ok(counts)
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

fn scores(counts: [i64; 5]) -> Result<Scores, StoreError> {
    let mut unsigned_counts = [0; 5];
    for (slot, count) in unsigned_counts.iter_mut().zip(counts) {
        *slot = unsigned(count)?;
    }
    Ok(Scores::new(unsigned_counts))
}

#[derive(FromRow)]
struct CountedRow {
    account_id: i64,
    started_at: i64,
    direction: Option<String>,
    asked: bool,
    dismissed: bool,
    score: Option<u8>,
    issues: Option<u8>,
}

#[derive(FromRow)]
struct BucketRow {
    account_id: i64,
    span: i64,
    start: i64,
    direction: String,
    #[sqlx(default)]
    calls: i64,
    #[sqlx(default)]
    asked: i64,
    #[sqlx(default)]
    dismissed: i64,
    #[sqlx(default)]
    issue: Option<String>,
    score1: i64,
    score2: i64,
    score3: i64,
    score4: i64,
    score5: i64,
}

impl BucketRow {
    fn key(&self) -> Result<Key, StoreError> {
        let span = match self.span {
            900 => Span::QuarterHour,
            86_400 => Span::Day,
            span => return Err(StoreError::Corrupt(format!("span {span}"))),
        };
        let direction = if self.direction.is_empty() { None } else { Some(word(&self.direction)?) };
        Ok(Key { account: AccountId(self.account_id), span, start: self.start, direction })
    }
}

/// Recounts every bucket from the rows, in one snapshot.
pub(super) async fn verify(conn: &mut SqliteConnection) -> Result<Verification, StoreError> {
    let mut snapshot = conn.begin().await?;
    let (mut calls, mut ratings) = (0, 0);
    let mut ledger = Ledger::default();
    let sql = "SELECT account_id, started_at, direction, asked_at IS NOT NULL AS asked,
               dismissed_at IS NOT NULL AS dismissed, score, issues
               FROM calls LEFT JOIN ratings ON call_id = id";
    let mut rows = sqlx::query_as::<_, CountedRow>(sql).fetch(&mut *snapshot);
    while let Some(row) = rows.try_next().await? {
        let rating = super::rating(row.score, row.issues)?;
        calls += 1;
        ratings += u64::from(rating.is_some());
        let call = Counted {
            account: AccountId(row.account_id),
            started_at: time(row.started_at)?,
            direction: row.direction.as_deref().map(word).transpose()?,
            asked: row.asked,
            dismissed: row.dismissed,
            rating,
        };
        ledger.change(None, &call);
    }
    drop(rows);

    let recounted: BTreeMap<Key, Delta> = ledger.into_changes().collect();
    let mut stored: BTreeMap<Key, Delta> = BTreeMap::new();
    let rows: Vec<BucketRow> = sqlx::query_as("SELECT * FROM buckets").fetch_all(&mut *snapshot).await?;
    for row in rows {
        let bucket = stored.entry(row.key()?).or_default();
        bucket.calls = row.calls;
        bucket.asked = row.asked;
        bucket.dismissed = row.dismissed;
        bucket.scores = [row.score1, row.score2, row.score3, row.score4, row.score5];
    }
    let rows: Vec<BucketRow> = sqlx::query_as("SELECT * FROM bucket_issues").fetch_all(&mut *snapshot).await?;
    for row in rows {
        let issue: Issue = word(row.issue.as_deref().unwrap_or_default())?;
        let bucket = stored.entry(row.key()?).or_default();
        for (slot, each) in bucket.issues.iter_mut().zip(Issue::ALL) {
            if each == issue {
                *slot = [row.score1, row.score2, row.score3, row.score4, row.score5];
            }
        }
    }

    let nothing = Delta::default();
    let keys: BTreeSet<_> = recounted.keys().chain(stored.keys()).collect();
    let differences = keys
        .into_iter()
        .map(|key| (key, stored.get(key).unwrap_or(&nothing), recounted.get(key).unwrap_or(&nothing)))
        .filter(|(_, stored, recounted)| stored != recounted)
        .map(|(key, stored, recounted)| format!("{key}: stored {stored}; recounted {recounted}"))
        .collect();
    Ok(Verification { calls, ratings, buckets: recounted.len() as u64, differences })
}
