use jiff::{SignedDuration, Timestamp};
use ringback_api::{CallbackMethod, CallbackUrl, StatusCallback, SummarySid, SummaryStatus};
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::{from_json_string, parse, sid, time};
use crate::secret::Sealed;
use crate::store::{
    AccountId, Callback, CallbackAttempt, CallbackId, CallbackLimits, CallbackState, DueCallback, DueCallbacks,
    StoreError,
};

/// How long finished callbacks are kept.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Queues the callback of a summary that ended, and deletes old finished callbacks.
pub(super) async fn queue(
    conn: &mut SqliteConnection,
    account: AccountId,
    summary: SummarySid,
    status: SummaryStatus,
    to: &StatusCallback,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM callbacks WHERE state <> 'pending' AND updated_at < ?";
    sqlx::query(sql).bind((now - RETENTION).as_millisecond()).execute(&mut *conn).await?;
    let sql = "INSERT INTO callbacks
               (account_id, summary_sid, status, url, method, receiver, state, tries, next_try_at, created_at, updated_at)
               VALUES (?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)";
    sqlx::query(sql)
        .bind(account.0)
        .bind(summary.as_bytes().as_slice())
        .bind(status.as_str())
        .bind(to.url.to_string())
        .bind(to.method.as_str())
        .bind(to.url.url().origin().ascii_serialization())
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a receiver from its columns.
pub(super) fn status_callback(url: &str, method: &str) -> Result<StatusCallback, StoreError> {
    Ok(StatusCallback { url: parse(url)?, method: parse(method)? })
}

#[derive(FromRow)]
struct DueRow {
    id: i64,
    account_sid: Vec<u8>,
    auth_token: Vec<u8>,
    summary_sid: Vec<u8>,
    status: String,
    url: String,
    method: String,
    tries: u32,
    created_at: i64,
}

/// Prefixes a query with `receivers`: all receivers with pending callbacks. The CTE skips from one receiver to the next
/// in the index, so that it does not read the queue of each receiver.
macro_rules! with_receivers {
    ($sql:literal) => {
        concat!(
            "WITH RECURSIVE receivers (receiver) AS (
                 SELECT MIN(receiver) FROM callbacks WHERE state = 'pending'
                 UNION ALL
                 SELECT (SELECT MIN(c.receiver) FROM callbacks c
                         WHERE c.state = 'pending' AND c.receiver > receivers.receiver)
                 FROM receivers WHERE receivers.receiver IS NOT NULL
             ) ",
            $sql
        )
    };
}

pub(super) async fn due(
    conn: &mut SqliteConnection,
    now: Timestamp,
    limits: CallbackLimits,
) -> Result<DueCallbacks, StoreError> {
    let mut snapshot = conn.begin().await?;
    let sql = with_receivers!(
        ", turns AS (
             SELECT c.*, row_number() OVER (PARTITION BY c.account_id ORDER BY c.next_try_at, c.id) AS turn
             FROM receivers r CROSS JOIN callbacks c
             WHERE c.id IN (SELECT d.id FROM callbacks d
                            WHERE d.state = 'pending' AND d.receiver = r.receiver AND d.next_try_at <= ?
                            ORDER BY d.next_try_at, d.id LIMIT ?)
         )
         SELECT t.id, a.sid AS account_sid, a.auth_token, t.summary_sid, t.status, t.url, t.method, t.tries, t.created_at
         FROM turns t JOIN accounts a ON a.id = t.account_id
         WHERE t.turn <= ? ORDER BY t.next_try_at, t.id LIMIT ?"
    );
    let rows: Vec<DueRow> = sqlx::query_as(sql)
        .bind(now.as_millisecond())
        .bind(limits.to_one)
        .bind(limits.of_account)
        .bind(limits.to_all)
        .fetch_all(&mut *snapshot)
        .await?;
    let sql = with_receivers!(
        "SELECT MIN((SELECT MIN(c.next_try_at) FROM callbacks c
                     WHERE c.state = 'pending' AND c.receiver = r.receiver AND c.next_try_at > ?))
         FROM receivers r"
    );
    let next: Option<i64> = sqlx::query_scalar(sql).bind(now.as_millisecond()).fetch_one(&mut *snapshot).await?;
    let due = rows.into_iter().map(|row| {
        Ok(DueCallback {
            id: CallbackId::new(row.id),
            account: sid(row.account_sid)?,
            auth_token: Sealed::from_bytes(row.auth_token),
            summary: sid(row.summary_sid)?,
            status: from_json_string(&row.status)?,
            to: status_callback(&row.url, &row.method)?,
            tries: row.tries,
            created_at: time(row.created_at)?,
        })
    });
    Ok(DueCallbacks { due: due.collect::<Result<_, StoreError>>()?, next_at: next.map(time).transpose()? })
}

pub(super) async fn record_attempt(
    conn: &mut SqliteConnection,
    id: CallbackId,
    attempt: CallbackAttempt,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, next_try_at) = match attempt.state {
        CallbackState::Pending { next_try_at } => ("pending", Some(next_try_at.as_millisecond())),
        CallbackState::Delivered => ("delivered", None),
        CallbackState::GivenUp => ("given-up", None),
    };
    let (last_status, last_error) = match attempt.response {
        Ok(status) => (Some(status), None),
        Err(error) => (None, Some(error)),
    };
    let sql = "UPDATE callbacks SET state = ?, next_try_at = ?, last_status = ?, last_error = ?, tries = tries + 1,
               updated_at = ? WHERE id = ?";
    sqlx::query(sql)
        .bind(state)
        .bind(next_try_at)
        .bind(last_status)
        .bind(last_error)
        .bind(now.as_millisecond())
        .bind(id.get())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    id: i64,
    summary_sid: Vec<u8>,
    status: String,
    url: String,
    method: String,
    state: String,
    tries: u32,
    last_status: Option<u16>,
    last_error: Option<String>,
    next_try_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

pub(super) async fn list(
    conn: &mut SqliteConnection,
    account: AccountId,
    before: Option<CallbackId>,
    limit: usize,
) -> Result<Vec<Callback>, StoreError> {
    let sql = "SELECT * FROM callbacks WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?";
    let before = before.map_or(i64::MAX, CallbackId::get);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Row> = sqlx::query_as(sql).bind(account.0).bind(before).bind(limit).fetch_all(conn).await?;
    rows.into_iter().map(callback).collect()
}

/// A summary ends once, so it has at most one callback.
pub(super) const OF_SUMMARY: &str = "SELECT * FROM callbacks WHERE summary_sid = ? AND account_id = ?";

pub(super) async fn of_summary(
    conn: &mut SqliteConnection,
    account: AccountId,
    summary: SummarySid,
) -> Result<Option<Callback>, StoreError> {
    let row: Option<Row> =
        sqlx::query_as(OF_SUMMARY).bind(summary.as_bytes().as_slice()).bind(account.0).fetch_optional(conn).await?;
    row.map(callback).transpose()
}

fn callback(row: Row) -> Result<Callback, StoreError> {
    let state = match (row.state.as_str(), row.next_try_at) {
        ("pending", Some(at)) => CallbackState::Pending { next_try_at: time(at)? },
        ("delivered", None) => CallbackState::Delivered,
        ("given-up", None) => CallbackState::GivenUp,
        (state, _) => return Err(StoreError::Corrupt(format!("callback state {state}"))),
    };
    Ok(Callback {
        id: CallbackId::new(row.id),
        summary: sid(row.summary_sid)?,
        status: from_json_string(&row.status)?,
        url: parse::<CallbackUrl>(&row.url)?,
        method: parse::<CallbackMethod>(&row.method)?,
        state,
        tries: row.tries,
        last: row.last_status.map(Ok).or_else(|| row.last_error.map(Err)),
        created_at: time(row.created_at)?,
        updated_at: time(row.updated_at)?,
    })
}
