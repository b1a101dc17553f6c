use std::collections::{BTreeMap, BTreeSet};

use ringback_api::{Direction, DirectionFilter, Issue, IssueSet, Labels};

use super::*;
use crate::store::sqlite::tests::{database, plan};

const ACCOUNT: AccountId = AccountId(1);

/// Inserts `count` rated calls, one per second.
async fn fill(conn: &mut SqliteConnection, count: i64) {
    for sql in [
        "INSERT INTO calls (account_id, sid, started_at, labels, created_at, updated_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         SELECT 1, randomblob(16), i * 1000, '{}', 0, 0 FROM n",
        "INSERT INTO ratings (call_id, account_id, started_at, score, issues, revision, created_at, updated_at, sequence)
         SELECT id, account_id, started_at, 1 + id % 5, 0, 0, 0, 0, id FROM calls LIMIT ?",
    ] {
        sqlx::query(sql).bind(count).execute(&mut *conn).await.unwrap();
    }
}

fn everything() -> Listing {
    Listing {
        account: ACCOUNT,
        subaccounts: Subaccounts::Excluded,
        ranges: vec![Timestamp::MIN..Timestamp::MAX],
        rated: None,
        scores: BTreeSet::new(),
        issues: IssueSet::default(),
        has_comment: None,
        direction: None,
        labels: Labels::default(),
        order: Order::Newest,
    }
}

fn labels() -> Labels {
    BTreeMap::from([("queue".to_owned(), "sales".to_owned())]).try_into().unwrap()
}

#[tokio::test]
async fn events_read_one_range_of_an_index_in_its_order() {
    let plan = plan(&mut database().await, CHANGES).await;
    assert_eq!(plan, "SEARCH ratings USING COVERING INDEX ratings_by_sequence (account_id=? AND sequence>?)");
}

/// Returns SQLite's plan for each source of a list.
async fn plans(conn: &mut SqliteConnection, listing: &Listing) -> Vec<String> {
    let page = PageSearch { listing, accounts: vec![ACCOUNT], wanted: 51, budget: BUDGET };
    let mut plans = Vec::new();
    for (_, indexes) in groups(listing) {
        for index in indexes {
            let (start, end) = page.ranges()[0];
            plans.push(plan(conn, page.source_query(ACCOUNT, index, start, end, 51).sql().as_str()).await);
        }
    }
    plans
}

#[tokio::test]
async fn every_list_reads_one_range_of_an_index_in_its_order() {
    let mut conn = database().await;
    let filters: [(&str, Listing, &str); 8] = [
        ("calls", everything(), "c USING COVERING INDEX calls_by_start"),
        ("rated", Listing { rated: Some(true), ..everything() }, "r USING COVERING INDEX ratings_by_start"),
        ("not rated", Listing { rated: Some(false), ..everything() }, "c USING COVERING INDEX calls_by_start"),
        (
            "scores",
            Listing { scores: [Score::One, Score::Two].into(), ..everything() },
            "r USING COVERING INDEX ratings_by_score",
        ),
        ("comments", Listing { has_comment: Some(true), ..everything() }, "r USING INDEX ratings_with_comment"),
        (
            "issues",
            Listing { issues: [Issue::DroppedCall].into_iter().collect(), ..everything() },
            "r USING INDEX ratings_by_start",
        ),
        (
            "direction of calls",
            Listing { direction: Some(DirectionFilter(Some(Direction::Inbound))), ..everything() },
            "c USING INDEX calls_by_start",
        ),
        (
            "everything",
            Listing {
                rated: Some(true),
                scores: [Score::One].into(),
                issues: [Issue::DroppedCall].into_iter().collect(),
                has_comment: Some(false),
                direction: Some(DirectionFilter(None)),
                labels: labels(),
                ..everything()
            },
            "r USING INDEX ratings_by_score",
        ),
    ];
    for (what, filter, expected) in filters {
        for order in Order::ALL {
            if order.is_by_score() && filter.rated == Some(false) {
                continue;
            }
            let plans = plans(&mut conn, &Listing { order, ..filter.clone() }).await;
            assert!(!plans.is_empty());
            for plan in plans {
                let expected = if order.is_by_score() { "INDEX ratings_by_score" } else { expected };
                assert!(plan.starts_with("SEARCH") && plan.contains(expected), "{what}, {order:?}: {plan}");
                assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{what}, {order:?}: {plan}");
                assert!(
                    plan.contains("started_at>?")
                        || plan.contains("started_at<?")
                        || plan.contains("(started_at,rowid)"),
                    "{what}, {order:?}: {plan}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_search_for_rare_calls_ends_pages_early_and_loses_none() {
    let mut conn = database().await;
    fill(&mut conn, 120_000).await;
    let rare = [7, 60_000, 119_990];
    for id in rare {
        let sql = "UPDATE calls SET labels = '{\"queue\":\"sales\"}' WHERE id = ?";
        sqlx::query(sql).bind(id).execute(&mut conn).await.unwrap();
    }
    for (order, rated) in [(Order::Newest, None), (Order::Oldest, Some(true)), (Order::Highest, Some(true))] {
        let listing = Listing { labels: labels(), rated, order, ..everything() };
        let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let listed = list(&mut conn, &listing, after, 2).await.unwrap();
            assert_eq!(listed.cut_short, listed.next.is_some(), "{order:?}");
            found.extend(listed.calls.iter().map(|call| call.started_at.as_second()));
            pages += 1;
            after = listed.next;
            if after.is_none() {
                break;
            }
        }
        let expected = match order {
            Order::Newest => [119_990, 60_000, 7],
            Order::Oldest => [7, 60_000, 119_990],
            // Their scores are 3, 1 and 1.
            Order::Lowest | Order::Highest => [7, 119_990, 60_000],
        };
        assert_eq!((found, pages), (expected.to_vec(), 3), "{order:?}");
    }
}

#[tokio::test]
async fn a_full_page_is_not_cut_short() {
    let mut conn = database().await;
    fill(&mut conn, 60_000).await;
    let listing = Listing { direction: Some(DirectionFilter(None)), ..everything() };
    let first = list(&mut conn, &listing, None, 200).await.unwrap();
    assert_eq!(
        (first.calls.len(), first.cut_short, first.next.map(|position| position.id)),
        (200, false, Some(59_801))
    );
    let listing = Listing { scores: [Score::Two, Score::Five].into(), ..everything() };
    let last = Position { score: None, started_at: Timestamp::from_second(5).unwrap(), id: 5 };
    let end = list(&mut conn, &listing, Some(last), 200).await.unwrap();
    let seconds: Vec<_> = end.calls.iter().map(|call| call.started_at.as_second()).collect();
    assert_eq!((seconds, end.next, end.cut_short), (vec![4, 1], None, false));
}
