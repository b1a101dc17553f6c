use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{CallDetails, DirectionFilter, IssueSet, Labels, Order, Score};

use super::{AccountId, Subaccounts};

/// The filters and the order of a list of calls. A call must pass all filters.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The account whose calls are listed.
    pub account: AccountId,
    /// Whether to list the subaccounts' calls, too.
    pub subaccounts: Subaccounts,
    /// Ranges of start times, disjoint and ascending.
    pub ranges: Vec<Range<Timestamp>>,
    /// Only rated or only unrated calls; `None` lists both.
    pub rated: Option<bool>,
    /// Only calls rated with one of these scores; empty allows all.
    pub scores: BTreeSet<Score>,
    /// Only calls whose rating names at least one of these issues; empty allows all.
    pub issues: IssueSet,
    /// Only calls with or only calls without a comment; `None` lists both.
    pub has_comment: Option<bool>,
    /// Only calls of this direction; `None` lists all.
    pub direction: Option<DirectionFilter>,
    /// Only calls with all of these labels.
    pub labels: Labels,
    /// The order. An order by score lists only rated calls.
    pub order: Order,
}

/// The position after a call in a list. It stays valid if the call is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The call's score, if the order is by score.
    pub score: Option<Score>,
    /// The start of the call, in whole milliseconds.
    pub started_at: Timestamp,
    /// The row id, which orders calls with the same start.
    pub id: i64,
}

/// A page of a list of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCalls {
    /// The calls, in order.
    pub calls: Vec<CallDetails>,
    /// The position after the last call that was examined; `None` at the end of the list.
    pub next: Option<Position>,
    /// Whether the search reached its budget before it found the requested number of calls.
    pub cut_short: bool,
}

/// A new or changed rating with its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Increases with every change, across all accounts.
    pub sequence: u64,
    /// The current state of the call and its rating.
    pub call: CallDetails,
}
