use jiff::Timestamp;
use jiff::civil::Date;
use ringback_api::{Scores, StatusCallback, SummarySid, SummaryStatus};

use super::{AccountId, Callback, Counts, IssueScores, Subaccounts};

/// The maximum number of unfinished summaries and pending callbacks per account, counted together.
pub const MAX_UNFINISHED_SUMMARIES: u32 = 1000;

/// A feedback summary to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSummary {
    /// The sid, FS….
    pub sid: SummarySid,
    /// The days and accounts to count.
    pub scope: SummaryScope,
    /// The receiver of its StatusCallback.
    pub callback: Option<StatusCallback>,
}

/// The days and accounts that a summary counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryScope {
    /// The first UTC day.
    pub start_date: Date,
    /// The last UTC day (inclusive).
    pub end_date: Date,
    /// Whether to count the subaccounts' calls, too.
    pub subaccounts: Subaccounts,
}

/// A feedback summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The sid, FS….
    pub sid: SummarySid,
    /// The days and accounts that it counts.
    pub scope: SummaryScope,
    /// The processing state.
    pub state: SummaryState,
    /// When the summary was requested.
    pub created_at: Timestamp,
    /// When the state last changed.
    pub updated_at: Timestamp,
}

/// The processing state of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryState {
    /// Waits for the job.
    Queued,
    /// The job is counting.
    InProgress,
    /// Counted.
    Completed(Box<SummaryCounts>),
    /// Counting failed; the log says why.
    Failed,
}

impl SummaryState {
    /// Returns the status that the API reports.
    #[must_use]
    pub const fn status(&self) -> SummaryStatus {
        match self {
            Self::Queued => SummaryStatus::Queued,
            Self::InProgress => SummaryStatus::InProgress,
            Self::Completed(_) => SummaryStatus::Completed,
            Self::Failed => SummaryStatus::Failed,
        }
    }

    /// Returns the counts of a completed summary.
    #[must_use]
    pub fn counts(&self) -> Option<&SummaryCounts> {
        if let Self::Completed(counts) = self { Some(counts) } else { None }
    }
}

/// The counts of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryCounts {
    /// The number of calls.
    pub calls: u64,
    /// The ratings of these calls, by score.
    pub scores: Scores,
    /// The ratings that name each issue.
    pub issues: IssueScores,
}

impl From<Counts> for SummaryCounts {
    fn from(counts: Counts) -> Self {
        let total = counts.total();
        Self { calls: total.calls, scores: total.scores, issues: counts.issues }
    }
}

/// A summary in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSummary {
    /// The row id.
    pub id: SummaryId,
    /// The summary.
    pub summary: Summary,
    /// The receiver of its StatusCallback.
    pub callback: Option<StatusCallback>,
    /// The delivery of the StatusCallback; `None` before the summary ends, and after its callback is deleted.
    pub delivery: Option<Callback>,
}

/// The row id of a summary; newer summaries have greater ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryId(pub(super) i64);

impl SummaryId {
    /// Restores an id from [`get`](Self::get).
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number for a cursor.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A claimed summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryJob {
    /// The row id.
    pub id: SummaryId,
    /// The sid, FS….
    pub sid: SummarySid,
    /// The account that requested the summary.
    pub account: AccountId,
    /// The days and accounts to count.
    pub scope: SummaryScope,
}

/// The result of counting a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryOutcome {
    /// Counting succeeded.
    Completed(Box<SummaryCounts>),
    /// Counting failed.
    Failed,
}

/// The result of a request to delete a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryDeletion {
    /// The summary is deleted.
    Deleted,
    /// The summary is unfinished, so it was not deleted.
    Unfinished,
}
