use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountSid, CallSid, Direction, Labels, Leg, LegError, Name};

/// The `typ` in the header of a rating token.
pub const TYPE: &str = "ringback-rating+jwt";
/// The `aud` of a rating token.
pub const AUDIENCE: &str = "ringback";
/// Maximum lifetime of a rating token: 30 days.
pub const MAX_LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The claims of a rating token: a JWT (HS256) that permits access to the feedback of one leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: an AccountSid (signed with its AuthToken) or the sid of an API key (signed with its secret).
    pub iss: String,
    /// The account of the leg.
    pub sub: AccountSid,
    /// Always [`AUDIENCE`].
    pub aud: String,
    /// Issued at, in Unix seconds.
    pub iat: i64,
    /// Expires at, in Unix seconds; at most [`MAX_LIFETIME_SECONDS`] after `iat`.
    pub exp: i64,
    /// Not valid before, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The token's id, for revoking it.
    pub jti: Name,
    /// A CallSid, or the phone system's id of the call.
    pub call: Name,
    /// The party, if both parties share the call id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// When the call started; `iat` if missing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    pub started_at: Option<Timestamp>,
    /// Direction, as seen from the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Key-value pairs to filter by on the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// The body of `POST /v1/accounts/{AC}/rating-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MintRequest {
    /// A CallSid, or the phone system's id of the call.
    pub call: Name,
    /// The party, if both parties share the call id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// When the call started.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    pub started_at: Option<Timestamp>,
    /// Direction, as seen from the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Key-value pairs to filter by on the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Lifetime of the token in seconds: one day by default, at most 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_592_000))]
    pub expires_in: Option<u32>,
    /// Whether to create a short link too, for a text message or an email.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub link: bool,
}

/// The response to `POST /v1/accounts/{AC}/rating-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MintedToken {
    /// For the widget's `token` attribute.
    pub token: String,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// Short link to a page on which the call can be rated until then; present if it was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The body of `POST /v1/accounts/{AC}/rating-tokens/revocations`: `jti`, or `call` and optionally `party`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The `jti` of one token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<Name>,
    /// A CallSid, or the phone system's id of the call. Revokes every token issued for the leg up to now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Name>,
    /// The party, if both parties share the call id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
}

/// The rating tokens to revoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// The token with this `jti`.
    Token(Name),
    /// Every token issued for a leg up to now.
    Leg(CallSid),
}

/// Why a [`RevokeRequest`] is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    /// Neither `jti` nor `call` was given, or both were, or a `party` without `call`.
    #[error("give either jti, for one token, or call, for every token of a leg")]
    Which,
    /// A `party` was given for a CallSid.
    #[error("party {0}")]
    Party(#[from] LegError),
}

impl RevokeRequest {
    /// Validates the request and derives the leg's sid in an account.
    pub fn in_account(self, account: &AccountSid) -> Result<Revocation, RevocationError> {
        match self {
            Self { jti: Some(jti), call: None, party: None } => Ok(Revocation::Token(jti)),
            Self { jti: None, call: Some(call), party } => Ok(Revocation::Leg(Leg::new(call, party)?.sid(account))),
            Self { .. } => Err(RevocationError::Which),
        }
    }
}
