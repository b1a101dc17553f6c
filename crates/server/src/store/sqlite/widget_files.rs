use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use crate::store::{StoreError, WidgetFile};

/// How long replaced files are kept. A tab rarely stays open longer, and no rating token is valid longer.
const RETENTION: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) async fn keep(
    conn: &mut SqliteConnection,
    files: Vec<WidgetFile>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE widget_files SET replaced_at = ? WHERE replaced_at IS NULL";
    sqlx::query(sql).bind(now.as_millisecond()).execute(&mut *conn).await?;
    for file in files {
        let sql =
            "INSERT INTO widget_files (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET replaced_at = NULL";
        sqlx::query(sql).bind(file.name).bind(file.body).execute(&mut *conn).await?;
    }
    let sql = "DELETE FROM widget_files WHERE replaced_at < ?";
    sqlx::query(sql).bind((now - RETENTION).as_millisecond()).execute(conn).await?;
    Ok(())
}

pub(super) async fn read(conn: &mut SqliteConnection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT body FROM widget_files WHERE name = ?";
    Ok(sqlx::query_scalar(sql).bind(name).fetch_optional(conn).await?)
}
