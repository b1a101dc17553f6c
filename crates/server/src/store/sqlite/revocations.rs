use jiff::{SignedDuration, Timestamp};
use ringback_api::{MAX_LIFETIME_SECONDS, Revocation};
use sqlx::SqliteConnection;

use crate::store::{AccountId, StoreError, TokenId};

/// How long a revocation is kept: the longest lifetime of a token, plus a day for issuers whose clocks are ahead.
const RETENTION: SignedDuration = SignedDuration::from_secs(MAX_LIFETIME_SECONDS + 24 * 60 * 60);

pub(super) async fn revoke(
    conn: &mut SqliteConnection,
    account: AccountId,
    which: Revocation,
    now: Timestamp,
) -> Result<(), StoreError> {
    for sql in ["DELETE FROM revoked_tokens WHERE revoked_at < ?", "DELETE FROM revoked_legs WHERE revoked_at < ?"] {
        sqlx::query(sql).bind((now - RETENTION).as_millisecond()).execute(&mut *conn).await?;
    }
    let insert = match &which {
        Revocation::Token(jti) => {
            sqlx::query("INSERT OR REPLACE INTO revoked_tokens VALUES (?, ?, ?)").bind(account.0).bind(jti.as_str())
        }
        Revocation::Leg(sid) => sqlx::query("INSERT OR REPLACE INTO revoked_legs VALUES (?, ?, ?)")
            .bind(account.0)
            .bind(sid.as_bytes().as_slice()),
    };
    insert.bind(now.as_millisecond()).execute(conn).await?;
    Ok(())
}

pub(super) async fn is_revoked(
    conn: &mut SqliteConnection,
    account: AccountId,
    token: TokenId,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM revoked_tokens WHERE account_id = ?1 AND jti = ?2)
               OR EXISTS (SELECT 1 FROM revoked_legs WHERE account_id = ?1 AND sid = ?3 AND revoked_at >= ?4)";
    let revoked = sqlx::query_scalar(sql)
        .bind(account.0)
        .bind(token.jti.as_str())
        .bind(token.sid.as_bytes().as_slice())
        .bind(token.issued_at.as_millisecond())
        .fetch_one(conn)
        .await?;
    Ok(revoked)
}
