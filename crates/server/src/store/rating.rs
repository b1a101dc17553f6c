//! Calls, and what was said of them.

use jiff::Timestamp;
use ringback_api::{Call, CallSid, Comment, Direction, Labels, Leg, Name, Rating, Revision};

use super::AccountId;

/// What a rating token tells of its call: enough to note a call that no feed has reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCall {
    /// Which leg.
    pub leg: Leg,
    /// When it started, as far as the token knows.
    pub started_at: Timestamp,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// Filters for the dashboard.
    pub labels: Labels,
    /// Digests of who took part.
    pub callers: Vec<CallerDigest>,
}

/// A leg that is to be rated or asked about.
#[derive(Debug, Clone)]
pub struct Target {
    /// Whose it is.
    pub account: AccountId,
    /// Its sid.
    pub sid: CallSid,
    /// If the call is not known yet, it is noted from this; without it, nothing is.
    pub unless_known: Option<TokenCall>,
}

/// A rating to be stored.
#[derive(Debug, Clone)]
pub struct NewRating {
    /// Score and issues.
    pub rating: Rating,
    /// `None` keeps what is stored, `Some(None)` clears it.
    pub comment: Option<Option<Comment>>,
    /// With a lower one than the stored, nothing changes.
    pub revision: Option<Revision>,
}

/// A call as a phone system reports it.
#[derive(Debug, Clone)]
pub struct ReportedCall {
    /// Its sid.
    pub sid: CallSid,
    /// What is known of it.
    pub call: Call,
    /// Digests of who took part.
    pub callers: Vec<CallerDigest>,
}

/// A keyed digest of a caller's number or name, by which it is known again after it was erased.
pub type CallerDigest = [u8; 32];

/// Who is to be erased.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As calls were reported with it.
    pub name: Name,
    /// Its digest.
    pub digest: CallerDigest,
}

/// A call that is over, and what became of it.
#[derive(Debug, Clone)]
pub struct PastCall {
    /// Its sid.
    pub sid: CallSid,
    /// What is known of it.
    pub call: Call,
    /// When its party was asked, if it was.
    pub asked_at: Option<Timestamp>,
    /// What the party said, and when.
    pub rating: Option<(NewRating, Timestamp)>,
}

/// A rating as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRating {
    /// Score and issues.
    pub rating: Rating,
    /// What the person wrote.
    pub comment: Option<Comment>,
    /// Of the newest choice.
    pub revision: Revision,
    /// When the first rating came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What became of a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rated {
    /// It is the first of its call.
    Created(StoredRating),
    /// The call had one, which now is this: the new one, or the old one if that has a higher revision.
    Updated(StoredRating),
}
