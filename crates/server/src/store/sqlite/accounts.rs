use std::num::NonZeroU16;

use jiff::Timestamp;
use ringback_api::{AccountSid, KeySid, Sample};
use sqlx::{FromRow, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{from_json, parse, sid, time, to_json};
use crate::secret::Sealed;
use crate::store::{Account, AccountChanges, AccountId, ApiKey, ListedKey, NewAccount, NewApiKey, StoreError};

pub(super) async fn create(
    conn: &mut SqliteConnection,
    new: NewAccount,
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let sql = "INSERT INTO accounts (sid, parent_id, name, auth_token, time_zone, is_demo, created_at)
               VALUES (?, ?, ?, ?, 'UTC', ?, ?) ON CONFLICT (sid) DO NOTHING";
    let done = sqlx::query(sql)
        .bind(new.sid.as_bytes().as_slice())
        .bind(new.parent.map(|parent| parent.0))
        .bind(new.name)
        .bind(new.auth_token.as_bytes())
        .bind(new.is_demo)
        .bind(now.as_millisecond())
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() == 0 { Ok(None) } else { by_sid(conn, new.sid).await }
}

pub(super) async fn by_sid(conn: &mut SqliteConnection, sid: AccountSid) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT * FROM accounts_now WHERE sid = ?";
    let row = sqlx::query(sql).bind(sid.as_bytes().as_slice()).fetch_optional(conn).await?;
    row.as_ref().map(account).transpose()
}

pub(super) async fn first(conn: &mut SqliteConnection) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query("SELECT * FROM accounts_now ORDER BY id LIMIT 1").fetch_optional(conn).await?;
    row.as_ref().map(account).transpose()
}

pub(super) async fn subaccounts(conn: &mut SqliteConnection, parent: AccountId) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT * FROM accounts_now WHERE parent_id = ? ORDER BY id";
    sqlx::query(sql).bind(parent.0).fetch_all(conn).await?.iter().map(account).collect()
}

pub(super) async fn all(conn: &mut SqliteConnection) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT * FROM accounts_now ORDER BY coalesce(parent_id, id), id";
    sqlx::query(sql).fetch_all(conn).await?.iter().map(account).collect()
}

pub(super) async fn update(
    conn: &mut SqliteConnection,
    account: AccountId,
    changes: AccountChanges,
) -> Result<(), StoreError> {
    if let Some(name) = changes.name {
        let sql = "UPDATE accounts SET name = ? WHERE id = ?";
        sqlx::query(sql).bind(name.as_str()).bind(account.0).execute(&mut *conn).await?;
    }
    if let Some(since) = changes.suspended_at {
        suspend(conn, account, since).await?;
    }
    if let Some(time_zone) = changes.time_zone {
        let sql = "UPDATE accounts SET time_zone = ? WHERE id = ?";
        sqlx::query(sql).bind(time_zone).bind(account.0).execute(&mut *conn).await?;
    }
    if let Some(days) = changes.retention_days {
        let sql = "UPDATE accounts SET retention_days = ? WHERE id = ?";
        sqlx::query(sql).bind(days.map(NonZeroU16::get)).bind(account.0).execute(&mut *conn).await?;
    }
    if let Some(origins) = changes.allowed_origins {
        let sql = "UPDATE accounts SET allowed_origins = ? WHERE id = ?";
        sqlx::query(sql).bind(to_json(&origins)?).bind(account.0).execute(&mut *conn).await?;
    }
    if let Some(sample) = changes.sample {
        let sql = "UPDATE accounts SET sample = ? WHERE id = ?";
        sqlx::query(sql).bind(sample.get()).bind(account.0).execute(conn).await?;
    }
    Ok(())
}

pub(super) async fn suspend(
    conn: &mut SqliteConnection,
    account: AccountId,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET suspended_at = ? WHERE id = ?";
    sqlx::query(sql).bind(since.map(Timestamp::as_millisecond)).bind(account.0).execute(conn).await?;
    Ok(())
}

/// Reads an account from a row with the columns of `accounts_now`.
pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.try_get("id")?),
        sid: sid(row.try_get("sid")?)?,
        parent: row.try_get::<Option<i64>, _>("parent_id")?.map(AccountId),
        name: row.try_get("name")?,
        auth_token: Sealed::from_bytes(row.try_get("auth_token")?),
        time_zone: row.try_get("time_zone")?,
        is_demo: row.try_get("is_demo")?,
        is_suspended: row.try_get("is_suspended")?,
        allowed_origins: from_json(row.try_get("allowed_origins")?)?,
        sample: sample(row.try_get("sample")?)?,
        retention_days: row.try_get::<Option<u16>, _>("retention_days")?.and_then(NonZeroU16::new),
        sealed_before: row.try_get::<Option<i64>, _>("sealed_before")?.map(time).transpose()?,
    })
}

fn sample(share: f64) -> Result<Sample, StoreError> {
    Sample::try_from(share).map_err(|_| StoreError::Corrupt(format!("sample {share}")))
}

pub(super) async fn create_key(conn: &mut SqliteConnection, new: NewApiKey, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO api_keys (sid, account_id, name, scopes, secret, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(new.sid.as_bytes().as_slice())
        .bind(new.account.0)
        .bind(new.name)
        .bind(new.scopes.to_string())
        .bind(new.secret.as_bytes())
        .bind(now.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct KeyRow {
    scopes: String,
    secret: Vec<u8>,
}

pub(super) async fn key(conn: &mut SqliteConnection, sid: KeySid) -> Result<Option<ApiKey>, StoreError> {
    let sql = "SELECT a.*, k.scopes, k.secret FROM api_keys k JOIN accounts_now a ON a.id = k.account_id
               WHERE k.sid = ? AND k.revoked_at IS NULL";
    let Some(row) = sqlx::query(sql).bind(sid.as_bytes().as_slice()).fetch_optional(conn).await? else {
        return Ok(None);
    };
    let key = KeyRow::from_row(&row)?;
    Ok(Some(ApiKey {
        sid,
        account: account(&row)?,
        scopes: parse(&key.scopes)?,
        secret: Sealed::from_bytes(key.secret),
    }))
}

#[derive(FromRow)]
struct ListedRow {
    sid: Vec<u8>,
    name: String,
    scopes: String,
    created_at: i64,
    revoked_at: Option<i64>,
}

pub(super) async fn keys(conn: &mut SqliteConnection, account: AccountId) -> Result<Vec<ListedKey>, StoreError> {
    let sql = "SELECT sid, name, scopes, created_at, revoked_at FROM api_keys WHERE account_id = ? ORDER BY id";
    let rows: Vec<ListedRow> = sqlx::query_as(sql).bind(account.0).fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            Ok(ListedKey {
                sid: sid(row.sid)?,
                name: row.name,
                scopes: parse(&row.scopes)?,
                created_at: time(row.created_at)?,
                revoked_at: row.revoked_at.map(time).transpose()?,
            })
        })
        .collect()
}

pub(super) async fn revoke_key(conn: &mut SqliteConnection, sid: KeySid, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE api_keys SET revoked_at = ? WHERE sid = ? AND revoked_at IS NULL";
    let done = sqlx::query(sql).bind(now.as_millisecond()).bind(sid.as_bytes().as_slice()).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}
