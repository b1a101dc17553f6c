//! What is done behind the requests: a file a job. What it has to do is in the store, so that a restart loses nothing.

mod backoff;
pub mod callbacks;
pub mod retention;
pub mod summaries;

use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::app::App;

/// How long a job waits after the store has failed.
const RETRY: Duration = Duration::from_secs(10);

/// Wakes a job when there is work for it.
#[derive(Debug, Default)]
pub struct Wake {
    /// An account keeps its calls for another time than before.
    pub retention: Notify,
    /// A summary was queued.
    pub summaries: Notify,
    /// A callback was queued.
    pub callbacks: Notify,
}

/// Starts every job. They end when the sender of `stop` is gone; what is cut short is done again after the next start.
pub(crate) fn start(app: &App, stop: &watch::Receiver<()>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(retention::work(app.clone(), stop.clone()));
    jobs.spawn(summaries::work(app.clone(), stop.clone()));
    jobs.spawn(callbacks::work(app.clone(), stop.clone()));
    jobs
}
