use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt as _;
use ringback_api::Issue;
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::calls::direction;
use super::{from_json_string, time};
use crate::store::counts::{BucketKey, BucketSpan, CountedCall, Delta, Ledger};
use crate::store::{AccountId, StoreError, Verification};

/// Adds the ledger's changes to the buckets, in the caller's transaction.
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
    key: &BucketKey,
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
struct CountedRow {
    account_id: i64,
    started_at: i64,
    direction: Option<String>,
    asked: bool,
    dismissed: bool,
    score: Option<u8>,
    issues: Option<u8>,
    /// Whether the rating's copies of the account and the start agree with its call.
    agrees: Option<bool>,
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
    fn key(&self) -> Result<BucketKey, StoreError> {
        let span = match self.span {
            900 => BucketSpan::QuarterHour,
            86_400 => BucketSpan::Day,
            span => return Err(StoreError::Corrupt(format!("span {span}"))),
        };
        let direction = if self.direction.is_empty() { None } else { Some(from_json_string(&self.direction)?) };
        Ok(BucketKey { account: AccountId(self.account_id), span, start: self.start, direction })
    }
}

/// Recounts all buckets in one snapshot. Skips sealed days: their calls are deleted, so only the buckets are left.
pub(super) async fn verify(conn: &mut SqliteConnection) -> Result<Verification, StoreError> {
    let mut snapshot = conn.begin().await?;
    let (mut calls, mut ratings, mut strays) = (0, 0, 0_u64);
    let mut ledger = Ledger::default();
    let sql = "SELECT c.account_id, c.started_at, direction, asked_at IS NOT NULL AS asked,
               dismissed_at IS NOT NULL AS dismissed, score, issues,
               (r.account_id, r.started_at) = (c.account_id, c.started_at) AS agrees
               FROM calls c LEFT JOIN ratings r ON call_id = id WHERE c.started_at >=
               coalesce((SELECT sealed_before FROM accounts a WHERE a.id = c.account_id), c.started_at)";
    let mut rows = sqlx::query_as::<_, CountedRow>(sql).fetch(&mut *snapshot);
    while let Some(row) = rows.try_next().await? {
        let rating = super::rating(row.score, row.issues)?;
        calls += 1;
        ratings += u64::from(rating.is_some());
        strays += u64::from(row.agrees == Some(false));
        let call = CountedCall {
            account: AccountId(row.account_id),
            started_at: time(row.started_at)?,
            direction: row.direction.as_deref().map(from_json_string).transpose()?,
            asked: row.asked,
            dismissed: row.dismissed,
            rating,
        };
        ledger.change(None, &call);
    }
    drop(rows);

    let recounted: BTreeMap<BucketKey, Delta> = ledger.into_changes().collect();
    let mut stored: BTreeMap<BucketKey, Delta> = BTreeMap::new();
    let sql = "SELECT * FROM buckets
               WHERE start >= coalesce((SELECT sealed_before / 1000 FROM accounts WHERE id = account_id), start)";
    let rows: Vec<BucketRow> = sqlx::query_as(sql).fetch_all(&mut *snapshot).await?;
    for row in rows {
        let bucket = stored.entry(row.key()?).or_default();
        bucket.calls = row.calls;
        bucket.asked = row.asked;
        bucket.dismissed = row.dismissed;
        bucket.scores = [row.score1, row.score2, row.score3, row.score4, row.score5];
    }
    let sql = "SELECT * FROM bucket_issues
               WHERE start >= coalesce((SELECT sealed_before / 1000 FROM accounts WHERE id = account_id), start)";
    let rows: Vec<BucketRow> = sqlx::query_as(sql).fetch_all(&mut *snapshot).await?;
    for row in rows {
        let issue: Issue = from_json_string(row.issue.as_deref().unwrap_or_default())?;
        let bucket = stored.entry(row.key()?).or_default();
        for (slot, each) in bucket.issues.iter_mut().zip(Issue::ALL) {
            if each == issue {
                *slot = [row.score1, row.score2, row.score3, row.score4, row.score5];
            }
        }
    }

    let zero = Delta::default();
    let keys: BTreeSet<_> = recounted.keys().chain(stored.keys()).collect();
    let mut differences: Vec<_> = keys
        .into_iter()
        .map(|key| (key, stored.get(key).unwrap_or(&zero), recounted.get(key).unwrap_or(&zero)))
        .filter(|(_, stored, recounted)| stored != recounted)
        .map(|(key, stored, recounted)| format!("{key}: stored {stored}; recounted {recounted}"))
        .collect();
    if strays > 0 {
        differences.push(format!("{strays} ratings: their account or start differs from that of their call"));
    }
    Ok(Verification { calls, ratings, buckets: recounted.len() as u64, differences })
}
