use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountSid, CallSid, CallStatus, Comment, Direction, IssueSet, Labels, Name, Revision, Score};

/// One leg, with everything that is known of it and what its party said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallDetails {
    /// Whose it is.
    pub account_sid: AccountSid,
    /// The leg's own.
    pub sid: CallSid,
    /// As the phone system names the call; null where it gave a CallSid.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub call: Option<Name>,
    /// Which side of `call`, where both share it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub party: Option<Name>,
    /// When it started.
    pub started_at: Timestamp,
    /// In seconds.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub duration: Option<u32>,
    /// Who called whom.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub direction: Option<Direction>,
    /// The calling number or address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub from: Option<Name>,
    /// The called number or address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub to: Option<Name>,
    /// How it ended.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub status: Option<CallStatus>,
    /// Filters for the dashboard.
    pub labels: Labels,
    /// When its party was asked; null also where somebody rated who was not asked by a widget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub asked_at: Option<Timestamp>,
    /// When its party said no.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub dismissed_at: Option<Timestamp>,
    /// When it was first heard of.
    pub created_at: Timestamp,
    /// When what is known of it last changed, but for its rating.
    pub updated_at: Timestamp,
    /// What its party said; null if nothing.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub feedback: Option<FeedbackDetails>,
}

/// What the party of a leg said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedbackDetails {
    /// 1 to 5.
    pub score: Score,
    /// What went wrong; empty when nothing was.
    pub issues: IssueSet,
    /// What the person wrote: hostile until shown as text.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub comment: Option<Comment>,
    /// Of the newest choice.
    pub revision: Revision,
    /// When the first rating came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The answer of `GET /v1/accounts/{AC}/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallPage {
    /// In the order that was asked for.
    pub calls: Vec<CallDetails>,
    /// The `cursor` of the next page; null at the end.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
    /// Whether the page is short because few calls pass the filters, and looking further would have taken long. `next`
    /// goes on from there.
    pub cut_short: bool,
}

/// In which order calls are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// By their start, the latest first.
    Newest,
    /// By their start, the earliest first.
    Oldest,
    /// By their score, the worst first; of one score, the newest first.
    Lowest,
    /// By their score, the best first; of one score, the newest first.
    Highest,
}

/// A text that is not an [`Order`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of newest, oldest, lowest, highest")]
pub struct OrderError;

impl Order {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Newest, Self::Oldest, Self::Lowest, Self::Highest];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Lowest => "lowest",
            Self::Highest => "highest",
        }
    }

    /// Whether calls are listed by score, and so only those that have one.
    #[must_use]
    pub const fn is_by_score(self) -> bool {
        matches!(self, Self::Lowest | Self::Highest)
    }
}

impl std::str::FromStr for Order {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Self, OrderError> {
        Self::ALL.into_iter().find(|order| order.as_str() == text).ok_or(OrderError)
    }
}
