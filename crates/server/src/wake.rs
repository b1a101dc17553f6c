//! Signals from request handlers to the background jobs.

use tokio::sync::Notify;

/// Wakes a background job when there is work for it.
#[derive(Debug, Default)]
pub struct Wake {
    /// An account's retention changed.
    pub retention: Notify,
    /// A summary was queued.
    pub summaries: Notify,
    /// A callback was queued.
    pub callbacks: Notify,
}
