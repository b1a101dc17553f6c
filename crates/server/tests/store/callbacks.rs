use jiff::civil::date;
use ringback_api::{CallbackMethod, StatusCallback, SummarySid, SummaryStatus};
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{
    AccountId, CallbackAttempt, CallbackLimits, CallbackState, NewSummary, Store, Subaccounts, SummaryOutcome,
    SummaryScope,
};

use crate::{Fixture, at, fixture};

const LIMITS: CallbackLimits = CallbackLimits { to_one: 2, of_account: 4, to_all: 5 };

fn sid(n: u8) -> SummarySid {
    SummarySid::from_bytes([n; 16])
}

/// Stores a summary that failed at `seconds`, with a callback to `url`.
async fn fail_summary(store: &dyn Store, account: AccountId, n: u8, url: &str, seconds: i64) {
    let day = date(2026, 3, 10);
    let scope = SummaryScope { start_date: day, end_date: day, subaccounts: Subaccounts::Excluded };
    let callback = Some(StatusCallback { url: url.parse().unwrap(), method: CallbackMethod::Get });
    store.create_summary(account, NewSummary { sid: sid(n), scope, callback }, at(0)).await.unwrap().unwrap();
    let job = store.claim_summary(at(seconds)).await.unwrap().unwrap();
    store.finish_summary(job.id, SummaryOutcome::Failed, at(seconds)).await.unwrap();
    // A summary that finishes again queues no second callback.
    store.finish_summary(job.id, SummaryOutcome::Failed, at(seconds)).await.unwrap();
}

async fn due(store: &dyn Store, seconds: i64) -> Vec<SummarySid> {
    store.due_callbacks(at(seconds), LIMITS).await.unwrap().due.iter().map(|due| due.summary).collect()
}

#[tokio::test]
async fn queued_callbacks_survive_a_restart() {
    let Fixture { store, account, folder, .. } = fixture().await;
    fail_summary(&*store, account.id, 1, "https://example.com/x?y", 5).await;
    store.close().await;
    drop(store);

    let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
    let [callback] = store.due_callbacks(at(5), LIMITS).await.unwrap().due.try_into().unwrap();
    assert_eq!((callback.account, callback.summary, callback.status), (account.sid, sid(1), SummaryStatus::Failed));
    assert_eq!(
        (callback.to.url.to_string(), callback.to.method),
        ("https://example.com/x?y".into(), CallbackMethod::Get)
    );
    assert_eq!((callback.tries, callback.created_at, &callback.auth_token), (0, at(5), &account.auth_token));

    // After a failed attempt and another restart, it is due at its next attempt and not before.
    let again = CallbackState::Pending { next_try_at: at(70) };
    store
        .record_callback_attempt(
            callback.id,
            CallbackAttempt { response: Err("no connection".into()), state: again },
            at(60),
        )
        .await
        .unwrap();
    store.close().await;
    drop(store);
    let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
    let waiting = store.due_callbacks(at(69), LIMITS).await.unwrap();
    assert_eq!((waiting.due.len(), waiting.next_at), (0, Some(at(70))));
    let [callback] = store.due_callbacks(at(70), LIMITS).await.unwrap().due.try_into().unwrap();
    assert_eq!(callback.tries, 1);
    let delivered = CallbackAttempt { response: Ok(204), state: CallbackState::Delivered };
    store.record_callback_attempt(callback.id, delivered, at(71)).await.unwrap();
    assert_eq!(due(&store, 100).await, []);
    let [listed] = store.callbacks(account.id, None, 10).await.unwrap().try_into().unwrap();
    assert_eq!((listed.state, listed.tries, listed.last), (CallbackState::Delivered, 2, Some(Ok(204))));
    assert_eq!((listed.created_at, listed.updated_at), (at(5), at(71)));
}

#[tokio::test]
async fn one_account_does_not_crowd_out_another() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    for n in 1..=20 {
        fail_summary(&*store, account.id, n, &format!("https://many.example:{}/", 8000 + u16::from(n)), 1).await;
    }
    fail_summary(&*store, subaccount.id, 21, "https://one.example/", 2).await;
    assert_eq!(due(&*store, 10).await, [1, 2, 3, 4, 21].map(sid));
}

#[tokio::test]
async fn one_receiver_does_not_crowd_out_another() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    for n in 1..=20 {
        fail_summary(&*store, account.id, n, &format!("https://many.example/{n}"), 1).await;
    }
    fail_summary(&*store, account.id, 21, "https://one.example/", 2).await;
    fail_summary(&*store, subaccount.id, 22, "http://many.example/", 3).await;
    fail_summary(&*store, subaccount.id, 23, "https://many.example:8443/", 4).await;
    // A different scheme or port is a different receiver; a different path is not.
    assert_eq!(due(&*store, 10).await, [1, 2, 21, 22, 23].map(sid));
    // A callback that is not due yet makes room only for another of its receiver.
    let first = store.due_callbacks(at(10), LIMITS).await.unwrap().due.remove(0);
    let later = CallbackState::Pending { next_try_at: at(100) };
    store.record_callback_attempt(first.id, CallbackAttempt { response: Ok(500), state: later }, at(10)).await.unwrap();
    assert_eq!(due(&*store, 10).await, [2, 3, 21, 22, 23].map(sid));
    // The callbacks that waited longest come first, up to the total limit.
    fail_summary(&*store, account.id, 24, "https://sixth.example/", 5).await;
    assert_eq!(due(&*store, 10).await, [2, 3, 21, 22, 23].map(sid));
    assert_eq!(store.due_callbacks(at(2), LIMITS).await.unwrap().next_at, Some(at(3)));
}

#[tokio::test]
async fn finished_callbacks_are_deleted_after_thirty_days_and_pending_ones_are_not() {
    const DAY: i64 = 86_400;
    let Fixture { store, account, folder: _folder, .. } = fixture().await;
    fail_summary(&*store, account.id, 1, "https://example.com/", 0).await;
    fail_summary(&*store, account.id, 2, "https://example.com/", 0).await;
    let first = store.due_callbacks(at(0), LIMITS).await.unwrap().due.remove(0);
    let over = CallbackAttempt { response: Ok(404), state: CallbackState::GivenUp };
    store.record_callback_attempt(first.id, over, at(0)).await.unwrap();
    let listed = async || -> Vec<_> {
        store.callbacks(account.id, None, 10).await.unwrap().iter().map(|callback| callback.summary).collect()
    };
    fail_summary(&*store, account.id, 3, "https://example.com/", 30 * DAY).await;
    assert_eq!(listed().await, [3, 2, 1].map(sid));
    fail_summary(&*store, account.id, 4, "https://example.com/", 30 * DAY + 1).await;
    assert_eq!(listed().await, [4, 3, 2].map(sid));
}
