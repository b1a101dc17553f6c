//! Counts queued summaries one at a time, oldest first.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::RETRY;
use crate::app::App;
use crate::store::{CountQuery, StoreError, SummaryJob, SummaryOutcome, SummaryScope};

pub(super) async fn run(app: App, mut stop: watch::Receiver<()>) {
    let rounds = async {
        loop {
            match run_due(&app).await {
                Ok(()) => app.wake.summaries.notified().await,
                Err(error) => {
                    tracing::error!(%error, "cannot process summaries; retrying");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    };
    tokio::select! {
        // `changed` fails once the sender is dropped, which is the stop signal.
        _ = stop.changed() => {}
        () = rounds => {}
    }
}

/// Counts every unfinished summary.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    while let Some(job) = app.store.claim_summary(app.clock.now()).await? {
        count(app, job).await?;
    }
    Ok(())
}

async fn count(app: &App, job: SummaryJob) -> Result<(), StoreError> {
    let query = CountQuery {
        account: job.account,
        subaccounts: job.scope.subaccounts,
        direction: None,
        steps: vec![instants(&job.scope)],
        offset_spans: Vec::new(),
    };
    let outcome = match app.store.count(query).await {
        Ok(counts) => SummaryOutcome::Completed(Box::new(counts.into())),
        Err(error) => {
            tracing::error!(summary = %job.sid, %error, "a summary failed");
            SummaryOutcome::Failed
        }
    };
    app.store.finish_summary(job.id, outcome, app.clock.now()).await?;
    app.wake.callbacks.notify_one();
    Ok(())
}

fn instants(scope: &SummaryScope) -> Range<Timestamp> {
    start_of(scope.start_date)..scope.end_date.tomorrow().map_or(Timestamp::MAX, start_of)
}

/// The first instant of a UTC day, or [`Timestamp::MAX`] if the day is out of range.
fn start_of(date: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}
