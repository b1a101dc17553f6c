//! Test helpers: an in-memory database and query plans.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

/// Returns an in-memory database with one account, whose row id is 1.
pub(super) async fn database() -> SqliteConnection {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::migrate!("src/store/sqlite/migrations").run(&mut conn).await.unwrap();
    let sql = "INSERT INTO accounts (id, sid, name, auth_token, time_zone, is_demo, created_at)
               VALUES (1, randomblob(16), '', x'', 'UTC', 0, 0)";
    sqlx::query(sql).execute(&mut conn).await.unwrap();
    conn
}

/// Returns SQLite's plan for a query.
pub(super) async fn plan(conn: &mut SqliteConnection, sql: &str) -> String {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(conn).await.unwrap();
    rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; ")
}
