//! Errors of authentication and authorization.

use ringback_api::{AccountSid, Scope};

use crate::limits::RateLimited;
use crate::store::{Account, StoreError};
use crate::vault::VaultError;

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The credentials are missing or invalid.
    #[error("{0}")]
    Unauthenticated(Reason),
    /// The credentials are valid, but their scopes do not include this one.
    #[error("These credentials lack the scope {0}")]
    Forbidden(Scope),
    /// The credentials are valid, but the account or its parent is suspended.
    #[error("The account {0} is suspended")]
    Suspended(AccountSid),
    /// A page of another origin sent a session cookie with a request that changes something.
    #[error("A browser session may change data only from Ringback's own pages")]
    OtherOrigin,
    /// The page that sent the rating token is not among the account's allowed origins.
    #[error("The account accepts ratings only from its allowed origins, and this page's origin is not among them")]
    UnknownPage,
    /// The resource does not exist or belongs to another account. Both look the same from outside.
    #[error("not found")]
    NotFound,
    /// There were too many requests; the credentials were not checked.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored secret could not be decrypted.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Why credentials are invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The request has no credentials.
    #[error(
        "Authentication is required: Basic with an AccountSid and its AuthToken, Basic with an API key, or a rating token"
    )]
    Missing,
    /// The `Authorization` header is neither Basic nor Bearer, or is malformed.
    #[error("The Authorization header is malformed")]
    Malformed,
    /// The user is unknown or the secret is wrong. The response does not say which.
    #[error("The AccountSid or API key is unknown, or its secret is wrong")]
    Wrong,
    /// The rating token has no readable header or claims, or a header for something else.
    #[error("The rating token is malformed: {0}")]
    MalformedToken(String),
    /// The issuer of the rating token is unknown or the signature is wrong. The response does not say which.
    #[error("The rating token is not signed with the secret of its iss, or its iss is unknown or revoked")]
    UnknownSigner,
    /// A claim of the rating token is invalid. Values of claims are named only if the signature is right.
    #[error("The rating token has invalid claims: {0}")]
    BadClaims(String),
    /// The rating token was revoked, by its `jti` or with its leg.
    #[error("The rating token was revoked")]
    RevokedToken,
    /// The rating token has expired.
    #[error("The rating token has expired")]
    ExpiredToken,
    /// The session has ended or never existed.
    #[error("The session has ended; please sign in again")]
    NoSession,
}

impl Reason {
    /// Whether the credentials were a token or a cookie. A login dialog cannot replace those.
    pub(super) const fn is_bearer(&self) -> bool {
        matches!(
            self,
            Self::MalformedToken(_)
                | Self::UnknownSigner
                | Self::BadClaims(_)
                | Self::RevokedToken
                | Self::ExpiredToken
                | Self::NoSession
        )
    }
}

impl From<Reason> for AuthError {
    fn from(reason: Reason) -> Self {
        Self::Unauthenticated(reason)
    }
}

/// Refuses an account that is suspended.
pub(super) fn refuse_suspended(account: &Account) -> Result<(), AuthError> {
    if account.is_suspended { Err(AuthError::Suspended(account.sid)) } else { Ok(()) }
}
