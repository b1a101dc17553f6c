//! Calls and their ratings.

use jiff::Timestamp;
use ringback_api::{Call, CallSid, Comment, Direction, Labels, Leg, Name, Rating, Revision};

use super::AccountId;
use crate::secret::CallerDigest;

/// The claims of a rating token about its call. They suffice to store a call that no feed has reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCall {
    /// The leg to rate.
    pub leg: Leg,
    /// The start of the call according to the token.
    pub started_at: Timestamp,
    /// The direction, if the token has one.
    pub direction: Option<Direction>,
    /// Labels for the dashboard's filters.
    pub labels: Labels,
    /// Digests of the callers that the token names.
    pub callers: Vec<CallerDigest>,
}

/// A leg to be rated or marked.
#[derive(Debug, Clone)]
pub struct Target {
    /// The account that the leg belongs to.
    pub account: AccountId,
    /// The leg's sid.
    pub sid: CallSid,
    /// The data to create the call from if it is unknown; with `None`, an unknown call is not created.
    pub create_from: Option<TokenCall>,
}

/// A rating to be stored.
#[derive(Debug, Clone)]
pub struct NewRating {
    /// The score and issues.
    pub rating: Rating,
    /// `None` keeps the stored comment, `Some(None)` removes it.
    pub comment: Option<Option<Comment>>,
    /// A revision below the stored one changes nothing.
    pub revision: Option<Revision>,
}

/// A call report from a phone system.
#[derive(Debug, Clone)]
pub struct ReportedCall {
    /// The leg's sid.
    pub sid: CallSid,
    /// The reported data.
    pub call: Call,
    /// Digests of the reported callers.
    pub callers: Vec<CallerDigest>,
}

/// A caller whose data is to be erased.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The name or number, as calls were reported with it.
    pub name: Name,
    /// The digest of the name.
    pub digest: CallerDigest,
}

/// A past call to import.
#[derive(Debug, Clone)]
pub struct PastCall {
    /// The leg's sid.
    pub sid: CallSid,
    /// The data of the call.
    pub call: Call,
    /// When the party was asked, if it was.
    pub asked_at: Option<Timestamp>,
    /// The rating and its time, if there is one.
    pub rating: Option<(NewRating, Timestamp)>,
}

/// A stored rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRating {
    /// The score and issues.
    pub rating: Rating,
    /// The comment, if there is one.
    pub comment: Option<Comment>,
    /// The revision of the newest choice.
    pub revision: Revision,
    /// When the leg was first rated.
    pub created_at: Timestamp,
    /// When the rating last changed.
    pub updated_at: Timestamp,
}

/// The result of storing a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rated {
    /// The first rating of the call.
    Created(StoredRating),
    /// The current rating of a call that already had one: the new rating, or the old one if its revision is higher.
    Updated(StoredRating),
}
