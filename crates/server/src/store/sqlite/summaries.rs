use ringback_api::SummarySid;
use sqlx::{FromRow, SqliteConnection};

use super::{json, parse, time, unsigned};
use crate::store::{AccountId, Reach, StoreError, Summary};

pub(super) async fn create(
    conn: &mut SqliteConnection,
    account: AccountId,
    summary: Summary,
) -> Result<(), StoreError> {
    let written = |value: serde_json::Result<String>| value.map_err(|error| StoreError::Corrupt(error.to_string()));
    let sql = "INSERT INTO summaries
               (sid, account_id, start_date, end_date, include_subaccounts, calls, scores, issues, created_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(summary.sid.as_bytes().as_slice())
        .bind(account.0)
        .bind(summary.start_date.to_string())
        .bind(summary.end_date.to_string())
        .bind(summary.reach == Reach::WithSubaccounts)
        .bind(i64::try_from(summary.calls).map_err(|_| StoreError::Corrupt("a count of calls".into()))?)
        .bind(written(serde_json::to_string(&summary.scores))?)
        .bind(written(serde_json::to_string(&summary.issues))?)
        .bind(summary.created_at.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    start_date: String,
    end_date: String,
    include_subaccounts: bool,
    calls: i64,
    scores: String,
    issues: String,
    created_at: i64,
}

pub(super) async fn by_sid(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: SummarySid,
) -> Result<Option<Summary>, StoreError> {
    let sql = "SELECT * FROM summaries WHERE sid = ? AND account_id = ?";
    let row: Option<Row> =
        sqlx::query_as(sql).bind(sid.as_bytes().as_slice()).bind(account.0).fetch_optional(conn).await?;
    row.map(|row| {
        Ok(Summary {
            sid,
            start_date: parse(&row.start_date)?,
            end_date: parse(&row.end_date)?,
            reach: if row.include_subaccounts { Reach::WithSubaccounts } else { Reach::Own },
            calls: unsigned(row.calls)?,
            scores: json(&row.scores)?,
            issues: json(&row.issues)?,
            created_at: time(row.created_at)?,
        })
    })
    .transpose()
}

pub(super) async fn delete(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: SummarySid,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM summaries WHERE sid = ? AND account_id = ?";
    let done = sqlx::query(sql).bind(sid.as_bytes().as_slice()).bind(account.0).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}
