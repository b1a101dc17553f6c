use jiff::Timestamp;
use ringback_api::{AccountSid, CallbackMethod, CallbackUrl, StatusCallback, SummarySid, SummaryStatus};

use crate::vault::Sealed;

/// The row of a callback; the newer, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackId(i64);

impl CallbackId {
    /// As [`get`](Self::get) gave it.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// To be stored, or put into a cursor.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A callback that is to be sent now.
#[derive(Debug, Clone)]
pub struct DueCallback {
    /// Its row.
    pub id: CallbackId,
    /// The account of the summary.
    pub account: AccountSid,
    /// Signs it.
    pub auth_token: Sealed,
    /// Which summary ended.
    pub summary: SummarySid,
    /// How it ended.
    pub status: SummaryStatus,
    /// Who is to be told.
    pub to: StatusCallback,
    /// How often it was tried before.
    pub tries: u32,
    /// When the summary ended.
    pub created_at: Timestamp,
}

/// What is to be sent.
#[derive(Debug, Clone, Default)]
pub struct DueCallbacks {
    /// Those that are due, the longest due first.
    pub due: Vec<DueCallback>,
    /// When the next one becomes due.
    pub next_at: Option<Timestamp>,
}

/// How many callbacks are looked at, so that no server that is told can hold up the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackLimits {
    /// To one scheme, host and port.
    pub to_one: u32,
    /// Of one account.
    pub of_account: u32,
    /// To all together.
    pub to_all: u32,
}

/// What became of sending a callback once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// The status of the answer, or why there was none.
    pub answer: Result<u16, String>,
    /// What follows.
    pub then: CallbackState,
}

/// How far a callback is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackState {
    /// It is to be sent, or sent again.
    Pending {
        /// When.
        next_try_at: Timestamp,
    },
    /// It arrived.
    Delivered,
    /// It did not, and is not tried again.
    GivenUp,
}

/// A callback as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its row.
    pub id: CallbackId,
    /// Which summary ended.
    pub summary: SummarySid,
    /// How it ended.
    pub status: SummaryStatus,
    /// Where it is sent.
    pub url: CallbackUrl,
    /// How.
    pub method: CallbackMethod,
    /// How far it is.
    pub state: CallbackState,
    /// How often it was tried.
    pub tries: u32,
    /// The status of the last answer, or why there was none; `None` before the first try.
    pub last: Option<Result<u16, String>>,
    /// When the summary ended.
    pub created_at: Timestamp,
    /// When it was last tried, or created.
    pub updated_at: Timestamp,
}
