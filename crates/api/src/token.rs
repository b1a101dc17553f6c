use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountSid, CallSid, Direction, Labels, Leg, LegError, Name};

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
    pub jti: Name,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_592_000))]
    pub expires_in: Option<u32>,
    /// Whether to make a short link too, for a message or a mail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub link: bool,
}

/// The answer of `POST /v1/accounts/{AC}/rating-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MintedToken {
    /// For the widget's `token` attribute.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// A page for phones where the call can be rated until then; if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The body of `POST /v1/accounts/{AC}/rating-tokens/revocations`: `jti`, or `call` and optionally `party`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The id of one token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<Name>,
    /// A CallSid, or the phone system's own id of the call: every token of this leg that was issued until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Name>,
    /// Which side of the call, where both share its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
}

/// Which rating tokens are to be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// The one with this `jti`.
    Token(Name),
    /// Every one of a leg that was issued until now.
    Leg(CallSid),
}

/// Why a request does not say which tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    /// Not exactly one of `jti` and `call`, or a `party` without `call`.
    #[error("name either jti, for one token, or call, for every token of a leg")]
    Which,
    /// `call` is a CallSid, with which a `party` does not go.
    #[error("party {0}")]
    Party(#[from] LegError),
}

impl RevokeRequest {
    /// What this means in an account.
    pub fn in_account(self, account: &AccountSid) -> Result<Revocation, RevocationError> {
        match self {
            Self { jti: Some(jti), call: None, party: None } => Ok(Revocation::Token(jti)),
            Self { jti: None, call: Some(call), party } => Ok(Revocation::Leg(Leg::new(call, party)?.sid(account))),
            Self { .. } => Err(RevocationError::Which),
        }
    }
}
