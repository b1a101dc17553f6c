use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::date;
use ringback_api::{AccountSid, IssueSet, Labels, Order, Scores, SummarySid};
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{Listing, Store as _, Subaccounts, SummaryCounts, SummaryScope, SummaryState};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, SqliteConnection};

use crate::at;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sqlite/migrations");

/// Creates a database with the migrations up to `newest`.
async fn database(path: &Path, newest: i64) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    let all = Migrator::new(Path::new(MIGRATIONS)).await.unwrap();
    let until: Vec<_> = all.iter().filter(|migration| migration.version <= newest).cloned().collect();
    Migrator::with_migrations(until).run(&mut conn).await.unwrap();
    conn
}

#[tokio::test]
async fn summaries_from_before_the_job_queue_are_completed() {
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

    let store = SqliteStore::open(&path, OpenMode::Server).await.unwrap();
    let account = store.account(AccountSid::from_bytes([1; 16])).await.unwrap().unwrap().id;
    let summary = store.summary(account, SummarySid::from_bytes([2; 16])).await.unwrap().unwrap();
    let scope =
        SummaryScope { start_date: date(2026, 3, 1), end_date: date(2026, 3, 31), subaccounts: Subaccounts::Included };
    let mut issues = [Scores::default(); 8];
    (issues[0], issues[7]) = (Scores::new([1, 0, 0, 0, 0]), Scores::new([0, 0, 1, 0, 0]));
    let counts = SummaryCounts { calls: 5, scores: Scores::new([1, 0, 2, 0, 0]), issues };
    assert_eq!((summary.scope, summary.state), (scope, SummaryState::Completed(Box::new(counts))));
    assert_eq!((summary.created_at, summary.updated_at), (at(0), at(0)));
    assert_eq!(store.claim_summary(at(1)).await.unwrap(), None);
}

#[tokio::test]
async fn ratings_from_before_migration_4_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let mut conn = database(&path, 3).await;
    for sql in [
        "INSERT INTO accounts (id, sid, name, auth_token, time_zone, is_demo, created_at)
         VALUES (1, x'01010101010101010101010101010101', 'Old', x'00', 'UTC', 0, 0)",
        "INSERT INTO calls (id, account_id, sid, started_at, labels, created_at, updated_at) VALUES
         (1, 1, x'01010101010101010101010101010101', 1773100800000, '{}', 0, 0),
         (2, 1, x'02020202020202020202020202020202', 1773100801000, '{}', 0, 0),
         (3, 1, x'03030303030303030303030303030303', 1773100802000, '{}', 0, 0)",
        "INSERT INTO ratings (call_id, score, issues, revision, created_at, updated_at) VALUES
         (3, 5, 0, 0, 0, 1), (1, 4, 0, 0, 0, 2)",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();

    let store = SqliteStore::open(&path, OpenMode::Server).await.unwrap();
    let account = store.account(AccountSid::from_bytes([1; 16])).await.unwrap().unwrap();
    let listing = Listing {
        account: account.id,
        subaccounts: Subaccounts::Excluded,
        ranges: vec![at(-86_400)..at(86_400)],
        rated: Some(true),
        scores: BTreeSet::new(),
        issues: IssueSet::default(),
        has_comment: None,
        direction: None,
        labels: Labels::default(),
        order: Order::Newest,
    };
    let listed = store.list(&listing, None, 10).await.unwrap();
    assert_eq!(listed.calls.iter().map(|call| call.sid.as_bytes()[0]).collect::<Vec<_>>(), [3, 1]);
    let verified = store.verify().await.unwrap();
    assert!(verified.differences.iter().all(|difference| !difference.contains("listed")), "{verified:?}");
}
