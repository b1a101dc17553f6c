//! Seals the days of accounts that keep calls for some time only, and deletes those days' calls.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::watch;

use super::RETRY;
use crate::app::App;
use crate::store::{Account, StoreError};

/// Days end at different hours for different people; UTC's is as good as any, and an hour later is early enough.
const EVERY: Duration = Duration::from_hours(1);

pub(super) async fn work(app: App, mut stop: watch::Receiver<()>) {
    let rounds = async {
        loop {
            let pause = match run_due(&app).await {
                Ok(()) => EVERY,
                Err(error) => {
                    tracing::error!(%error, "old calls stay, because the store failed");
                    RETRY
                }
            };
            // Whether woken or not, the next round is due.
            let _ = tokio::time::timeout(pause, app.wake.retention.notified()).await;
        }
    };
    tokio::select! {
        // An error says that the sender is gone, which is the signal.
        _ = stop.changed() => {}
        () = rounds => {}
    }
}

/// Seals what is over, and deletes all that is sealed.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    for account in app.store.accounts().await? {
        if let Some(before) = first_kept(&account, app.clock.now()) {
            app.store.seal(account.id, before).await?;
        }
        // Also what an earlier round left when it was cut short.
        let mut deleted = 0;
        loop {
            match app.store.delete_sealed(account.id).await? {
                0 => break,
                calls => deleted += calls,
            }
        }
        if deleted > 0 {
            tracing::info!(account = %account.sid, calls = deleted, "calls of sealed days are deleted");
        }
    }
    Ok(())
}

/// The start of the first UTC day that the account still keeps.
fn first_kept(account: &Account, now: Timestamp) -> Option<Timestamp> {
    let days = account.retention_days?.get();
    let today = TimeZone::UTC.to_datetime(now).date();
    let first = today.checked_sub(i64::from(days).days()).ok()?;
    TimeZone::UTC.to_timestamp(first.at(0, 0, 0, 0)).ok()
}
