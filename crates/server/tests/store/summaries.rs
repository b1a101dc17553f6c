use jiff::civil::date;
use ringback_api::{CallbackMethod, StatusCallback, SummarySid};
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{
    CallbackState, Counts, NewSummary, Store as _, Subaccounts, SummaryDeletion, SummaryOutcome, SummaryScope,
    SummaryState,
};

use crate::{Fixture, at, fixture};

const SCOPE: SummaryScope =
    SummaryScope { start_date: date(2026, 3, 10), end_date: date(2026, 3, 10), subaccounts: Subaccounts::Included };

fn sid(n: u8) -> SummarySid {
    SummarySid::from_bytes([n; 16])
}

fn new(n: u8) -> NewSummary {
    NewSummary { sid: sid(n), scope: SCOPE, callback: None }
}

fn counted() -> SummaryOutcome {
    SummaryOutcome::Completed(Box::new(Counts::default().into()))
}

#[tokio::test]
async fn summaries_are_taken_in_order_and_finish_once() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    store.create_summary(account.id, new(2), at(0)).await.unwrap().unwrap();
    store.create_summary(subaccount.id, new(1), at(1)).await.unwrap().unwrap();
    let first = store.claim_summary(at(2)).await.unwrap().unwrap();
    assert_eq!((first.sid, first.account, first.scope), (sid(2), account.id, SCOPE));
    store.finish_summary(first.id, SummaryOutcome::Failed, at(3)).await.unwrap();
    store.finish_summary(first.id, counted(), at(4)).await.unwrap();
    let stored = store.summary(account.id, sid(2)).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.created_at, stored.updated_at), (SummaryState::Failed, at(0), at(3)));

    let second = store.claim_summary(at(5)).await.unwrap().unwrap();
    assert_eq!((second.sid, second.account), (sid(1), subaccount.id));
    assert_eq!(store.delete_summary(subaccount.id, sid(1)).await.unwrap(), Some(SummaryDeletion::Unfinished));
    store.finish_summary(second.id, counted(), at(6)).await.unwrap();
    assert_eq!(store.claim_summary(at(7)).await.unwrap(), None);
    // Another account cannot delete it.
    assert_eq!(store.delete_summary(account.id, sid(1)).await.unwrap(), None);
    assert_eq!(store.delete_summary(subaccount.id, sid(1)).await.unwrap(), Some(SummaryDeletion::Deleted));
    assert_eq!(store.delete_summary(subaccount.id, sid(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_restart_loses_no_summary_in_any_state() {
    let Fixture { store, account, folder, .. } = fixture().await;
    for n in 1..=3 {
        store.create_summary(account.id, new(n), at(0)).await.unwrap().unwrap();
    }
    let done = store.claim_summary(at(1)).await.unwrap().unwrap();
    store.finish_summary(done.id, counted(), at(2)).await.unwrap();
    let begun = store.claim_summary(at(3)).await.unwrap().unwrap();
    assert_eq!(begun.sid, sid(2));
    store.close().await;
    drop(store);

    let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
    let state = async |n| store.summary(account.id, sid(n)).await.unwrap().unwrap().state;
    assert!(matches!(state(1).await, SummaryState::Completed(_)));
    assert_eq!((state(2).await, state(3).await), (SummaryState::InProgress, SummaryState::Queued));
    assert_eq!(store.claim_summary(at(4)).await.unwrap().unwrap(), begun);
    store.finish_summary(begun.id, counted(), at(5)).await.unwrap();
    let last = store.claim_summary(at(6)).await.unwrap().unwrap();
    assert_eq!(last.sid, sid(3));
    store.finish_summary(last.id, counted(), at(7)).await.unwrap();
    assert_eq!(store.claim_summary(at(8)).await.unwrap(), None);
}

#[tokio::test]
async fn summaries_are_listed_newest_first_with_their_callbacks() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    let callback = StatusCallback { url: "https://example.com/x".parse().unwrap(), method: CallbackMethod::Get };
    let with_callback = NewSummary { callback: Some(callback.clone()), ..new(1) };
    store.create_summary(account.id, with_callback, at(0)).await.unwrap().unwrap();
    store.create_summary(subaccount.id, new(9), at(0)).await.unwrap().unwrap();
    store.create_summary(account.id, new(2), at(1)).await.unwrap().unwrap();
    let first = store.claim_summary(at(2)).await.unwrap().unwrap();
    store.finish_summary(first.id, counted(), at(3)).await.unwrap();

    let all = store.summaries(account.id, None, 10).await.unwrap();
    let sids: Vec<_> = all.iter().map(|listed| listed.summary.sid).collect();
    assert_eq!(sids, [sid(2), sid(1)]);
    assert_eq!((all[0].callback.clone(), all[0].delivery.clone()), (None, None));
    assert_eq!(all[1].callback, Some(callback));
    let delivery = all[1].delivery.clone().unwrap();
    assert_eq!((delivery.summary, delivery.state), (sid(1), CallbackState::Pending { next_try_at: at(3) }));
    assert_eq!(store.summaries(account.id, None, 1).await.unwrap(), all[..1]);
    assert_eq!(store.summaries(account.id, Some(all[0].id), 10).await.unwrap(), all[1..]);
    assert_eq!(store.listed_summary(account.id, sid(1)).await.unwrap().as_ref(), all.get(1));
    assert_eq!(store.listed_summary(account.id, sid(9)).await.unwrap(), None);
}
