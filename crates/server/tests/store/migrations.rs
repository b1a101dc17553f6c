use std::path::Path;

use jiff::civil::date;
use ringback_api::{AccountSid, Scores, SummarySid};
use ringback_server::store::sqlite::{SqliteStore, Use};
use ringback_server::store::{Reach, Store as _, SummaryCounts, SummaryScope, SummaryState};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, SqliteConnection};

use crate::at;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sqlite/migrations");

/// A database as a server left it whose newest migration was this one.
async fn database(path: &Path, newest: i64) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    let all = Migrator::new(Path::new(MIGRATIONS)).await.unwrap();
    let until: Vec<_> = all.iter().filter(|migration| migration.version <= newest).cloned().collect();
    Migrator::with_migrations(until).run(&mut conn).await.unwrap();
    conn
}

#[tokio::test]
async fn summaries_from_before_jobs_are_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let mut conn = database(&path, 2).await;
    for sql in [
        "INSERT INTO accounts (id, sid, name, auth_token, time_zone, is_demo, created_at)
         VALUES (1, x'01010101010101010101010101010101', 'Old', x'00', 'UTC', 0, 0)",
        "INSERT INTO summaries VALUES (7, x'02020202020202020202020202020202', 1, '2026-03-01', '2026-03-31', 1, 5,
         '[1,0,2,0,0]', '[[1,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,1,0,0]]',
         1773100800000)",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();

    let store = SqliteStore::open(&path, Use::Server).await.unwrap();
    let account = store.account(AccountSid::from_bytes([1; 16])).await.unwrap().unwrap().id;
    let summary = store.summary(account, SummarySid::from_bytes([2; 16])).await.unwrap().unwrap();
    let scope =
        SummaryScope { start_date: date(2026, 3, 1), end_date: date(2026, 3, 31), reach: Reach::WithSubaccounts };
    let mut issues = [Scores::default(); 8];
    (issues[0], issues[7]) = (Scores::new([1, 0, 0, 0, 0]), Scores::new([0, 0, 1, 0, 0]));
    let counts = SummaryCounts { calls: 5, scores: Scores::new([1, 0, 2, 0, 0]), issues };
    assert_eq!((summary.scope, summary.state), (scope, SummaryState::Completed(Box::new(counts))));
    assert_eq!((summary.created_at, summary.updated_at), (at(0), at(0)));
    assert_eq!(store.take_summary(at(1)).await.unwrap(), None);
}
