use std::sync::Arc;

use ringback_api::{CallSid, Issue, IssueSet, Score};
use ringback_server::store::{Reach, Store, Target};

use crate::{Fixture, QUARTER, at, fixture, question, rating, reported};

const RATINGS: u8 = 200;

/// Counting scores is one question to the database and counting issues another: what is rated in between is in neither.
#[tokio::test(flavor = "multi_thread")]
async fn a_count_is_of_one_moment() {
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
                let target = Target { account: id, sid: CallSid::from_bytes([n; 16]), unless_known: None };
                writer.rate(target, rating(Score::One, issues), at(1)).await.unwrap().unwrap();
            }
        }
    });
    let mut looks = 0;
    loop {
        let done = rating_all.is_finished();
        let question = question(account.id, Reach::WithSubaccounts, vec![at(0)..at(QUARTER)]);
        let counts = store.count(question).await.unwrap();
        let named: u64 = counts.issues.iter().map(ringback_api::Scores::count).sum();
        assert_eq!(counts.total().rated(), named);
        looks += 1;
        if done {
            assert_eq!(named, 2 * u64::from(RATINGS));
            break;
        }
    }
    rating_all.await.unwrap();
    assert!(looks > 1, "nothing was counted while there were ratings");
}
