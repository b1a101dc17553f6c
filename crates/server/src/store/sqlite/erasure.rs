//! Erasure of callers' personal data.

use jiff::Timestamp;
use ringback_api::Name;
use sqlx::SqliteConnection;

use crate::secret::CallerDigest;
use crate::store::{AccountId, StoreError};

/// Records the digest of an erased caller, so that later reports of the same calls are erased, too.
pub(super) async fn mark(
    conn: &mut SqliteConnection,
    account: AccountId,
    digest: CallerDigest,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO erased_callers (account_id, digest, erased_at) VALUES (?, ?, ?)";
    sqlx::query(sql).bind(account.0).bind(digest.as_slice()).bind(now.as_millisecond()).execute(conn).await?;
    Ok(())
}

/// Returns whether one of the callers was erased after the call started. Calls that start after the erasure keep their
/// numbers.
pub(super) async fn is_erased(
    conn: &mut SqliteConnection,
    account: AccountId,
    callers: &[CallerDigest],
    started_at: Timestamp,
) -> Result<bool, StoreError> {
    for digest in callers {
        let sql = "SELECT EXISTS (SELECT 1 FROM erased_callers WHERE account_id = ? AND digest = ? AND erased_at > ?)";
        let found = sqlx::query_scalar(sql)
            .bind(account.0)
            .bind(digest.as_slice())
            .bind(started_at.as_millisecond())
            .fetch_one(&mut *conn)
            .await?;
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the row ids of the caller's legs.
pub(super) async fn legs(
    conn: &mut SqliteConnection,
    account: AccountId,
    caller: &Name,
) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT id FROM calls WHERE account_id = ?1 AND (caller = ?2 OR callee = ?2 OR party = ?2)";
    Ok(sqlx::query_scalar(sql).bind(account.0).bind(caller.as_str()).fetch_all(conn).await?)
}

/// Removes names, numbers, comments and rating links of these legs.
pub(super) async fn erase(conn: &mut SqliteConnection, legs: &[i64], now: Timestamp) -> Result<(), StoreError> {
    for leg in legs {
        let sql = "UPDATE calls SET call = NULL, party = NULL, caller = NULL, callee = NULL,
                   erased_at = ?1, updated_at = ?1 WHERE id = ?2";
        sqlx::query(sql).bind(now.as_millisecond()).bind(leg).execute(&mut *conn).await?;
        let sql =
            "DELETE FROM rating_links WHERE (account_id, leg) IN (SELECT account_id, sid FROM calls WHERE id = ?)";
        sqlx::query(sql).bind(leg).execute(&mut *conn).await?;
        sqlx::query("UPDATE ratings SET comment = NULL WHERE call_id = ?").bind(leg).execute(&mut *conn).await?;
    }
    Ok(())
}
