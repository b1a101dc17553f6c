//! Seals the days that are past an account's retention period, and deletes their calls.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::watch;

use super::RETRY;
use crate::app::App;
use crate::store::{Account, StoreError};

/// The interval between rounds. Days end at midnight UTC, and sealing them up to an hour late is soon enough.
const INTERVAL: Duration = Duration::from_hours(1);

pub(super) async fn run(app: App, mut stop: watch::Receiver<()>) {
    let rounds = async {
        loop {
            let pause = match run_due(&app).await {
                Ok(()) => INTERVAL,
                Err(error) => {
                    tracing::error!(%error, "cannot delete old calls; retrying");
                    RETRY
                }
            };
            // The next round is due in either case: woken, or after the pause.
            let _ = tokio::time::timeout(pause, app.wake.retention.notified()).await;
        }
    };
    tokio::select! {
        // `changed` fails once the sender is dropped, which is the stop signal.
        _ = stop.changed() => {}
        () = rounds => {}
    }
}

/// Seals the days that are past retention, and deletes the calls of all sealed days.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    for account in app.store.accounts().await? {
        if let Some(before) = first_kept(&account, app.clock.now()) {
            app.store.seal(account.id, before).await?;
        }
        // Includes calls that an interrupted round left.
        let mut deleted = 0;
        loop {
            match app.store.delete_sealed(account.id).await? {
                0 => break,
                calls => deleted += calls,
            }
        }
        if deleted > 0 {
            tracing::info!(account = %account.sid, calls = deleted, "deleted calls of sealed days");
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
