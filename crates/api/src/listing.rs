use jiff::Timestamp;
use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{AccountSid, CallSid, CallStatus, Comment, Direction, IssueSet, Labels, Name, Revision, Score};

/// A leg with the details of its call and its rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallDetails {
    /// The account that the call belongs to.
    pub account_sid: AccountSid,
    /// The leg's sid.
    pub sid: CallSid,
    /// The phone system's id of the call; null if the leg is named by a CallSid.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub call: Option<Name>,
    /// The party, if both parties share the id in `call`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub party: Option<Name>,
    /// When the call started.
    pub started_at: Timestamp,
    /// In seconds.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub duration: Option<u32>,
    /// Direction, as seen from the account.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub direction: Option<Direction>,
    /// The calling number or address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub from: Option<Name>,
    /// The called number or address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub to: Option<Name>,
    /// How the call ended.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub status: Option<CallStatus>,
    /// Key-value pairs to filter by on the dashboard.
    pub labels: Labels,
    /// When a widget asked the party for a rating; null if none did, even if the call was rated.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub asked_at: Option<Timestamp>,
    /// When the party declined.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub dismissed_at: Option<Timestamp>,
    /// When the leg was first reported, asked about or rated.
    pub created_at: Timestamp,
    /// When the details last changed. Changes of the rating do not count.
    pub updated_at: Timestamp,
    /// The party's rating; null if there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub feedback: Option<FeedbackDetails>,
}

/// A leg's rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedbackDetails {
    /// 1 to 5.
    pub score: Score,
    /// Issues that the visitor named; may be empty.
    pub issues: IssueSet,
    /// The visitor's comment. It is untrusted; show it only as text.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub comment: Option<Comment>,
    /// Revision of the visitor's latest choice.
    pub revision: Revision,
    /// When the first rating arrived.
    pub created_at: Timestamp,
    /// When the rating last changed.
    pub updated_at: Timestamp,
}

/// The response to `GET /v1/accounts/{AC}/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallPage {
    /// In the requested order.
    pub calls: Vec<CallDetails>,
    /// The `cursor` of the next page; null on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
    /// Whether the page is short because few calls match the filters and the search was stopped. `next` continues it.
    pub cut_short: bool,
}

string_enum! {
    /// Order of a list of calls.
    pub enum Order: FromStr<Err = OrderError> {
        /// By start, latest first.
        Newest = "newest",
        /// By start, earliest first.
        Oldest = "oldest",
        /// By score, worst first; equal scores by start, latest first.
        Lowest = "lowest",
        /// By score, best first; equal scores by start, latest first.
        Highest = "highest",
    }
}

impl Order {
    /// Whether calls are listed by score, which leaves out unrated ones.
    #[must_use]
    pub const fn is_by_score(self) -> bool {
        matches!(self, Self::Lowest | Self::Highest)
    }
}
