//! Background jobs, one per file. The store holds their pending work, so a restart loses nothing.

mod backoff;
pub mod callback_delivery;
pub mod retention;
pub mod summaries;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;

/// Pause of a job after a store error.
const RETRY: Duration = Duration::from_secs(10);

/// Starts all jobs. They end when the sender of `stop` is dropped; the next start repeats interrupted work.
pub(crate) fn start(app: &App, stop: &watch::Receiver<()>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(retention::run(app.clone(), stop.clone()));
    jobs.spawn(summaries::run(app.clone(), stop.clone()));
    jobs.spawn(callback_delivery::run(app.clone(), stop.clone()));
    jobs
}
