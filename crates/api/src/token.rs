use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountSid, Direction, Labels, Name};

/// The `typ` in the header of a rating token.
pub const TYPE: &str = "ringback-rating+jwt";
/// The `aud` of a rating token.
pub const AUDIENCE: &str = "ringback";
/// A token ends at most this long after it was issued: 30 days.
pub const MAX_LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The claims of a rating token: a JWT, HS256, that may read and write one leg's feedback and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed: an AccountSid (with its AuthToken) or the sid of an API key (with its secret).
    pub iss: String,
    /// The account of the leg.
    pub sub: AccountSid,
    /// Always [`AUDIENCE`].
    pub aud: String,
    /// Issued at, in seconds since 1970.
    pub iat: i64,
    /// Ends at, in seconds since 1970; at most [`MAX_LIFETIME_SECONDS`] after `iat`.
    pub exp: i64,
    /// Not good before, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The token's own id, to revoke it by.
    pub jti: String,
    /// A CallSid, or the phone system's own id of the call.
    pub call: Name,
    /// Which side of the call, where both share its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// When the call started; `iat` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    pub started_at: Option<Timestamp>,
    /// Who called whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Filters for the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// The body of `POST /v1/accounts/{AC}/rating-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MintRequest {
    /// A CallSid, or the phone system's own id of the call.
    pub call: Name,
    /// Which side of the call, where both share its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// When the call started.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    pub started_at: Option<Timestamp>,
    /// Who called whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Filters for the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// How long the token is good for, in seconds: one day unless given, at most 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u32>,
}

/// The answer of `POST /v1/accounts/{AC}/rating-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MintedToken {
    /// For the widget's `token` attribute.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
}
