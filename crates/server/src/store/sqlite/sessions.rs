use std::ops::Range;

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::{accounts, parse};
use crate::store::{AccountId, NewSession, SecretHash, StoreError, StoredSession};

pub(super) async fn create(conn: &mut SqliteConnection, new: NewSession) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE expires_at <= ?";
    sqlx::query(sql).bind(new.lifetime.start.as_millisecond()).execute(&mut *conn).await?;
    let sql = "INSERT INTO sessions (secret_hash, account_id, scopes, api_key, expires_at) VALUES (?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(new.secret.as_slice())
        .bind(new.account.0)
        .bind(new.scopes.to_string())
        .bind(new.key.as_ref().map(|key| key.as_bytes().as_slice()))
        .bind(new.lifetime.end.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn by_secret(
    conn: &mut SqliteConnection,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<StoredSession>, StoreError> {
    let sql = "SELECT a.*, s.scopes FROM sessions s JOIN accounts_now a ON a.id = s.account_id
               WHERE s.secret_hash = ? AND s.expires_at > ?
               AND NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.sid = s.api_key AND k.revoked_at IS NOT NULL)";
    let row = sqlx::query(sql).bind(secret.as_slice()).bind(now.as_millisecond()).fetch_optional(conn).await?;
    row.map(|row| {
        let scopes = parse(row.try_get("scopes")?)?;
        Ok(StoredSession { account: accounts::account(&row)?, scopes })
    })
    .transpose()
}

pub(super) async fn delete(conn: &mut SqliteConnection, secret: SecretHash) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE secret_hash = ?").bind(secret.as_slice()).execute(conn).await?;
    Ok(())
}

pub(super) async fn create_code(
    conn: &mut SqliteConnection,
    secret: SecretHash,
    account: AccountId,
    lifetime: Range<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM sign_in_codes WHERE expires_at <= ?";
    sqlx::query(sql).bind(lifetime.start.as_millisecond()).execute(&mut *conn).await?;
    let sql = "INSERT INTO sign_in_codes (secret_hash, account_id, expires_at) VALUES (?, ?, ?)";
    sqlx::query(sql).bind(secret.as_slice()).bind(account.0).bind(lifetime.end.as_millisecond()).execute(conn).await?;
    Ok(())
}

pub(super) async fn redeem_code(
    conn: &mut SqliteConnection,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<AccountId>, StoreError> {
    let sql = "DELETE FROM sign_in_codes WHERE secret_hash = ? AND expires_at > ? RETURNING account_id";
    let account: Option<i64> =
        sqlx::query_scalar(sql).bind(secret.as_slice()).bind(now.as_millisecond()).fetch_optional(conn).await?;
    Ok(account.map(AccountId))
}
