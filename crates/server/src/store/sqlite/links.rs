use std::ops::Range;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::store::{SecretHash, StoreError};
use crate::vault::Sealed;

/// How many that have expired are forgotten with each new one.
const FORGOTTEN: i64 = 100;

pub(super) async fn create(
    conn: &mut SqliteConnection,
    code: SecretHash,
    token: Sealed,
    lifetime: Range<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM rating_links WHERE code_hash IN
               (SELECT code_hash FROM rating_links WHERE expires_at <= ? LIMIT ?)";
    sqlx::query(sql).bind(lifetime.start.as_millisecond()).bind(FORGOTTEN).execute(&mut *conn).await?;
    let sql = "INSERT INTO rating_links (code_hash, token, expires_at) VALUES (?, ?, ?)";
    sqlx::query(sql)
        .bind(code.as_slice())
        .bind(token.as_bytes())
        .bind(lifetime.end.as_millisecond())
        .execute(conn)
        .await?;
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
