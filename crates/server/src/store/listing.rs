use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{CallDetails, IssueSet, Labels, OnlyDirection, Order, Score};

use super::{AccountId, Reach};

/// Which calls are listed, and in which order. All that is given must hold.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Whose calls.
    pub account: AccountId,
    /// Its own, or its subaccounts' too.
    pub reach: Reach,
    /// When they started: stretches of time that do not meet, ascending.
    pub stretches: Vec<Range<Timestamp>>,
    /// Those that are rated, or those that are not; `None`: both.
    pub rated: Option<bool>,
    /// Rated with one of these; empty: with any.
    pub scores: BTreeSet<Score>,
    /// With one of these issues; empty: with any.
    pub issues: IssueSet,
    /// Those with a comment, or those without; `None`: both.
    pub has_comment: Option<bool>,
    /// Of one direction; `None`: of any.
    pub direction: Option<OnlyDirection>,
    /// With all of these.
    pub labels: Labels,
    /// By start, or by score; then only those that have one.
    pub order: Order,
}

/// A place in a list: behind one call, whether or not that is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The call's, where the order is by score.
    pub score: Option<Score>,
    /// When the call started, to the millisecond.
    pub started_at: Timestamp,
    /// The row, which tells calls apart that started at once.
    pub id: i64,
}

/// Some calls of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// In order.
    pub calls: Vec<CallDetails>,
    /// Behind the last that was looked at; `None` at the end of the list.
    pub next: Option<Place>,
    /// Whether there are fewer than were asked for because looking for more would have taken long.
    pub cut_short: bool,
}

/// A rating that is new or changed, with its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Grows with each change, over all accounts.
    pub sequence: u64,
    /// As it is now.
    pub call: CallDetails,
}
