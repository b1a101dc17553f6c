//! Counts the summaries that were asked for: one after the other, the oldest first.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::RETRY;
use crate::app::App;
use crate::store::{Question, StoreError, SummaryJob, SummaryOutcome, SummaryScope};

pub(super) async fn work(app: App, mut stop: watch::Receiver<()>) {
    let rounds = async {
        loop {
            match run_due(&app).await {
                Ok(()) => app.wake.summaries.notified().await,
                Err(error) => {
                    tracing::error!(%error, "summaries wait, because the store failed");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    };
    tokio::select! {
        // An error says that the sender is gone, which is the signal.
        _ = stop.changed() => {}
        () = rounds => {}
    }
}

/// Counts every summary that has not ended.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    while let Some(job) = app.store.take_summary(app.clock.now()).await? {
        run(app, job).await?;
    }
    Ok(())
}

async fn run(app: &App, job: SummaryJob) -> Result<(), StoreError> {
    let question = Question {
        account: job.account,
        reach: job.scope.reach,
        direction: None,
        steps: vec![instants(&job.scope)],
        clocks: Vec::new(),
    };
    let outcome = match app.store.count(question).await {
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

/// The first instant of a UTC day; the very last day that can be written has none, and no calls.
fn start_of(date: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}
