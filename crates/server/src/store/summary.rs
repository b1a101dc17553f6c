use jiff::Timestamp;
use jiff::civil::Date;
use ringback_api::{Scores, StatusCallback, SummarySid, SummaryStatus};

use super::{AccountId, Callback, Counts, IssueScores, Reach};

/// How many summaries of one account may wait to be counted.
pub const MAX_UNFINISHED_SUMMARIES: u32 = 1000;

/// A feedback summary to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSummary {
    /// FS…
    pub sid: SummarySid,
    /// What it is to count.
    pub scope: SummaryScope,
    /// Who is told when it ends.
    pub callback: Option<StatusCallback>,
}

/// What a summary counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryScope {
    /// The first UTC day.
    pub start_date: Date,
    /// The last UTC day, inclusive.
    pub end_date: Date,
    /// Own, or with subaccounts.
    pub reach: Reach,
}

/// A feedback summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// FS…
    pub sid: SummarySid,
    /// What it counts.
    pub scope: SummaryScope,
    /// How far it is.
    pub state: SummaryState,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
}

/// How far a summary is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryState {
    /// It waits.
    Queued,
    /// It is being counted.
    InProgress,
    /// It was counted.
    Completed(Box<SummaryCounts>),
    /// It could not be counted; the log says why.
    Failed,
}

impl SummaryState {
    /// As the API names it.
    #[must_use]
    pub const fn status(&self) -> SummaryStatus {
        match self {
            Self::Queued => SummaryStatus::Queued,
            Self::InProgress => SummaryStatus::InProgress,
            Self::Completed(_) => SummaryStatus::Completed,
            Self::Failed => SummaryStatus::Failed,
        }
    }

    /// What was counted.
    #[must_use]
    pub fn counts(&self) -> Option<&SummaryCounts> {
        if let Self::Completed(counts) = self { Some(counts) } else { None }
    }
}

/// What a summary found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryCounts {
    /// Calls.
    pub calls: u64,
    /// Their ratings by score.
    pub scores: Scores,
    /// How often each issue was named.
    pub issues: IssueScores,
}

impl From<Counts> for SummaryCounts {
    fn from(counts: Counts) -> Self {
        let total = counts.total();
        Self { calls: total.calls, scores: total.scores, issues: counts.issues }
    }
}

/// A summary as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSummary {
    /// Its row.
    pub id: SummaryId,
    /// The summary.
    pub summary: Summary,
    /// Who is told when it ends.
    pub callback: Option<StatusCallback>,
    /// What they were told; `None` before it ended, and when that is forgotten.
    pub delivery: Option<Callback>,
}

/// The row of a summary; the newer, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryId(pub(super) i64);

impl SummaryId {
    /// As [`get`](Self::get) gave it.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// To be put into a cursor.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A summary that is to be counted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryJob {
    /// Its row.
    pub id: SummaryId,
    /// FS…
    pub sid: SummarySid,
    /// Whose it is.
    pub account: AccountId,
    /// What it is to count.
    pub scope: SummaryScope,
}

/// How a summary ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryOutcome {
    /// It was counted.
    Completed(Box<SummaryCounts>),
    /// It could not be counted.
    Failed,
}

/// What became of the wish to delete a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryDeletion {
    /// It is gone.
    Deleted,
    /// It has not ended yet, so it stays.
    Unfinished,
}
