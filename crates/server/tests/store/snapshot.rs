use std::sync::Arc;

use ringback_api::{CallSid, Issue, IssueSet, Score};
use ringback_server::store::{Store, Subaccounts, Target};

use crate::{Fixture, QUARTER, at, fixture, query, rating, reported};

const RATINGS: u8 = 200;

/// Scores and issues are counted by separate queries; a rating that arrives between them must be in neither.
#[tokio::test(flavor = "multi_thread")]
async fn a_count_is_a_snapshot() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    let accounts = [account.id, subaccount.id];
    for id in accounts {
        let calls = (0..RATINGS).map(|n| reported(CallSid::from_bytes([n; 16]), 0, None)).collect();
        store.record_calls(id, calls, at(0)).await.unwrap();
    }
    let writer: Arc<dyn Store> = store.clone();
    let rating_all = tokio::spawn(async move {
        let issues: IssueSet = [Issue::DroppedCall].into_iter().collect();
        for n in 0..RATINGS {
            for id in accounts {
                let target = Target { account: id, sid: CallSid::from_bytes([n; 16]), create_from: None };
                writer.rate(target, rating(Score::One, issues), at(1)).await.unwrap().unwrap();
            }
        }
    });
    let mut counts_made = 0;
    loop {
        let done = rating_all.is_finished();
        let query = query(account.id, Subaccounts::Included, vec![at(0)..at(QUARTER)]);
        let counts = store.count(query).await.unwrap();
        let named: u64 = counts.issues.iter().map(ringback_api::Scores::count).sum();
        assert_eq!(counts.total().rated(), named);
        counts_made += 1;
        if done {
            assert_eq!(named, 2 * u64::from(RATINGS));
            break;
        }
    }
    rating_all.await.unwrap();
    assert!(counts_made > 1, "no count ran while ratings arrived");
}
