//! Sealed days, whose calls are deleted.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::time;
use crate::store::{AccountId, StoreError};

/// The number of calls that one transaction deletes, so that other writes do not wait long.
const CHUNK: i64 = 500;

/// Returns the start of the first UTC day that is not sealed, or [`Timestamp::MIN`].
pub(super) async fn sealed_before(conn: &mut SqliteConnection, account: AccountId) -> Result<Timestamp, StoreError> {
    let sql = "SELECT sealed_before FROM accounts WHERE id = ?";
    let before: Option<i64> = sqlx::query_scalar(sql).bind(account.0).fetch_one(conn).await?;
    before.map_or(Ok(Timestamp::MIN), time)
}

pub(super) async fn seal(conn: &mut SqliteConnection, account: AccountId, before: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET sealed_before = ?1 WHERE id = ?2 AND coalesce(sealed_before < ?1, 1)";
    sqlx::query(sql).bind(before.as_millisecond()).bind(account.0).execute(conn).await?;
    Ok(())
}

pub(super) async fn delete(conn: &mut SqliteConnection, account: AccountId) -> Result<u64, StoreError> {
    let sql = "SELECT id FROM calls WHERE account_id = ?1
               AND started_at < (SELECT sealed_before FROM accounts a WHERE a.id = ?1) LIMIT ?2";
    let calls: Vec<i64> = sqlx::query_scalar(sql).bind(account.0).bind(CHUNK).fetch_all(&mut *conn).await?;
    for call in &calls {
        sqlx::query("DELETE FROM ratings WHERE call_id = ?").bind(call).execute(&mut *conn).await?;
        sqlx::query("DELETE FROM calls WHERE id = ?").bind(call).execute(&mut *conn).await?;
    }
    Ok(calls.len() as u64)
}
