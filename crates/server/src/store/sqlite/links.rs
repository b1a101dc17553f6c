use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::secret::{CallerDigest, Sealed};
use crate::store::{AccountId, NewRatingLink, SecretHash, StoreError};

/// The number of expired links that each new link deletes.
const MAX_EXPIRED: i64 = 100;

pub(super) async fn create(conn: &mut SqliteConnection, new: NewRatingLink) -> Result<(), StoreError> {
    let sql = "DELETE FROM rating_links WHERE code_hash IN
               (SELECT code_hash FROM rating_links WHERE expires_at <= ? LIMIT ?)";
    sqlx::query(sql).bind(new.lifetime.start.as_millisecond()).bind(MAX_EXPIRED).execute(&mut *conn).await?;
    let sql =
        "INSERT INTO rating_links (code_hash, account_id, leg, caller, token, expires_at) VALUES (?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(new.code.as_slice())
        .bind(new.account.0)
        .bind(new.leg.as_bytes().as_slice())
        .bind(new.caller.as_ref().map(<[u8; 32]>::as_slice))
        .bind(new.token.as_bytes())
        .bind(new.lifetime.end.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes the links whose tokens name this caller.
pub(super) async fn delete_of_caller(
    conn: &mut SqliteConnection,
    account: AccountId,
    caller: CallerDigest,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM rating_links WHERE account_id = ? AND caller = ?";
    sqlx::query(sql).bind(account.0).bind(caller.as_slice()).execute(conn).await?;
    Ok(())
}

pub(super) async fn token(
    conn: &mut SqliteConnection,
    code: SecretHash,
    now: Timestamp,
) -> Result<Option<Sealed>, StoreError> {
    let sql = "SELECT token FROM rating_links WHERE code_hash = ? AND expires_at > ?";
    let token: Option<Vec<u8>> =
        sqlx::query_scalar(sql).bind(code.as_slice()).bind(now.as_millisecond()).fetch_optional(conn).await?;
    Ok(token.map(Sealed::from_bytes))
}
