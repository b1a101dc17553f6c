use jiff::Timestamp;
use ringback_api::{AccountSid, CallbackMethod, CallbackUrl, StatusCallback, SummarySid, SummaryStatus};

use crate::secret::Sealed;

/// The row id of a callback; newer callbacks have greater ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackId(i64);

impl CallbackId {
    /// Restores an id from [`get`](Self::get).
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number for the database or a cursor.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A callback that is due.
#[derive(Debug, Clone)]
pub struct DueCallback {
    /// The row id.
    pub id: CallbackId,
    /// The account of the summary.
    pub account: AccountSid,
    /// The key of the callback's signature.
    pub auth_token: Sealed,
    /// The summary that ended.
    pub summary: SummarySid,
    /// The final status of the summary.
    pub status: SummaryStatus,
    /// The receiver.
    pub to: StatusCallback,
    /// The number of earlier attempts.
    pub tries: u32,
    /// When the summary ended.
    pub created_at: Timestamp,
}

/// The callbacks to send now, and when to look again.
#[derive(Debug, Clone, Default)]
pub struct DueCallbacks {
    /// The due callbacks, the longest overdue first.
    pub due: Vec<DueCallback>,
    /// When the next callback becomes due.
    pub next_at: Option<Timestamp>,
}

/// Limits on the number of due callbacks in one query, so that a slow receiver cannot delay the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackLimits {
    /// For one receiver: a scheme, host and port.
    pub to_one: u32,
    /// For one account.
    pub of_account: u32,
    /// In total.
    pub to_all: u32,
}

/// The outcome of one attempt to send a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAttempt {
    /// The status of the response, or the reason that there was none.
    pub response: Result<u16, String>,
    /// The callback's state after the attempt.
    pub state: CallbackState,
}

/// The delivery state of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackState {
    /// Waits for its first or next attempt.
    Pending {
        /// When the attempt is due.
        next_try_at: Timestamp,
    },
    /// The receiver accepted it.
    Delivered,
    /// All attempts failed, and there will be no more.
    GivenUp,
}

/// A callback in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The row id.
    pub id: CallbackId,
    /// The summary that ended.
    pub summary: SummarySid,
    /// The final status of the summary.
    pub status: SummaryStatus,
    /// The receiver's URL.
    pub url: CallbackUrl,
    /// The HTTP method.
    pub method: CallbackMethod,
    /// The delivery state.
    pub state: CallbackState,
    /// The number of attempts.
    pub tries: u32,
    /// The status of the last response, or the reason that there was none; `None` before the first attempt.
    pub last: Option<Result<u16, String>>,
    /// When the summary ended.
    pub created_at: Timestamp,
    /// The time of the last attempt, or of the creation before the first attempt.
    pub updated_at: Timestamp,
}
