//! Who is asking, and what they may do.

mod basic;
mod challenge;
pub mod credentials;
mod leg;
mod limits;
pub mod rating_link;
pub mod rating_token;
pub mod session;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use ringback_api::AccountSid;
pub use ringback_api::{Scope, Scopes};

use crate::app::App;
use crate::store::{Account, StoreError};
use crate::vault::VaultError;
pub use challenge::challenge;
pub use leg::{AuthorizedLeg, LegPath, authorize};
pub use limits::{Limits, TooMany};
pub use rating_token::RatingToken;

/// Who sent a request.
#[derive(Debug, Clone)]
pub enum Principal {
    /// An account, by its AuthToken, an API key or a session on the dashboard, and what that lets it do.
    Account {
        /// The account.
        account: Account,
        /// What it may do.
        scopes: Scopes,
    },
    /// Whoever was handed a rating token: one party of one call.
    Party(Box<RatingToken>),
}

/// What of a request tells who sent it.
#[derive(Debug, Clone)]
pub struct Caller {
    method: Method,
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { method: parts.method.clone(), headers: parts.headers.clone() })
    }
}

/// Why a request is not let through.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No credentials, or such as are not good.
    #[error("{0}")]
    Unauthenticated(Reason),
    /// Good credentials of the account whose scopes do not cover this.
    #[error("These credentials lack the scope {0}")]
    Forbidden(Scope),
    /// Good credentials, but the account, or its parent, is suspended.
    #[error("The account {0} is suspended")]
    Suspended(AccountSid),
    /// A session's cookie in a request that changes something and comes from another origin.
    #[error("A signed-in browser may change things only from Ringback's own pages")]
    OtherOrigin,
    /// A rating token from a website that is not among the account's allowed origins.
    #[error("The account takes ratings only from the websites that it has named, and this page is not among them")]
    UnknownPage,
    /// Somebody else's, or nothing there: both look the same from outside.
    #[error("not found")]
    NotFound,
    /// Good credentials, perhaps, but too many requests.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret could not be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Why credentials are not good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// None came.
    #[error("Authentication is required: Basic with an AccountSid and its AuthToken or an API key, or a rating token")]
    Missing,
    /// The header is neither Basic nor Bearer, or not well formed.
    #[error("The Authorization header is malformed")]
    Malformed,
    /// The user is not known, or the secret is not theirs; which one is not said.
    #[error("The AccountSid or API key, or its secret, is not right")]
    Wrong,
    /// A rating token that is not one, or not signed by whom it says; which one is not said.
    #[error("The rating token is not a JWT of type ringback-rating+jwt, HS256, with a good signature of its iss")]
    BadToken,
    /// A rating token that is well signed but claims what it cannot.
    #[error("The rating token's claims are not right: {0}")]
    BadClaims(String),
    /// A rating token that was revoked, by its id or with its leg.
    #[error("The rating token was revoked")]
    RevokedToken,
    /// A rating token whose time is over.
    #[error("The rating token has expired")]
    ExpiredToken,
    /// The session is over or never was.
    #[error("The session has ended; please sign in again")]
    NoSession,
}

impl Reason {
    /// Whether the credentials were a token or a cookie, for which a login dialog is of no use.
    const fn is_of_bearer(&self) -> bool {
        matches!(self, Self::BadToken | Self::BadClaims(_) | Self::RevokedToken | Self::ExpiredToken | Self::NoSession)
    }
}

impl From<Reason> for AuthError {
    fn from(reason: Reason) -> Self {
        Self::Unauthenticated(reason)
    }
}

/// Finds out who sent a request. `form_token` is a rating token from the body, for forms and beacons, which cannot
/// set a header.
pub async fn authenticate(app: &App, caller: &Caller, form_token: Option<&str>) -> Result<Principal, AuthError> {
    if let Some(value) = caller.headers.get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| Reason::Malformed)?;
        let (scheme, credentials) = value.split_once(' ').ok_or(Reason::Malformed)?;
        let credentials = credentials.trim_start();
        return match scheme.to_ascii_lowercase().as_str() {
            "basic" => basic::authenticate(app, credentials).await,
            "bearer" => rating_token::authenticate(app, credentials).await,
            _ => Err(Reason::Malformed.into()),
        };
    }
    if let Some(token) = form_token {
        return rating_token::authenticate(app, token).await;
    }
    session::authenticate(app, caller).await
}

/// Refuses an account that is suspended.
fn active(account: &Account) -> Result<(), AuthError> {
    if account.is_suspended { Err(AuthError::Suspended(account.sid)) } else { Ok(()) }
}

/// How the account that is reached stands to the one that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is the same.
    Own,
    /// It is a subaccount.
    Child,
}

/// The account that a path names, if the request comes from an account that reaches it and has the scope.
pub async fn account(app: &App, caller: &Caller, named: &str, scope: Scope) -> Result<Account, AuthError> {
    Ok(related_account(app, caller, named, scope).await?.0)
}

/// The same, with how it stands to the account that asks.
pub async fn related_account(
    app: &App,
    caller: &Caller,
    named: &str,
    scope: Scope,
) -> Result<(Account, Relation), AuthError> {
    authenticate(app, caller, None).await?.account(app, named, scope).await
}

impl Principal {
    async fn account(self, app: &App, named: &str, scope: Scope) -> Result<(Account, Relation), AuthError> {
        let Self::Account { account, scopes } = self else { return Err(AuthError::NotFound) };
        let sid: AccountSid = named.parse().map_err(|_| AuthError::NotFound)?;
        let (reached, relation) = if account.sid == sid {
            (account, Relation::Own)
        } else {
            let other = app.store.account(sid).await?.ok_or(AuthError::NotFound)?;
            if other.parent != Some(account.id) {
                return Err(AuthError::NotFound);
            }
            (other, Relation::Child)
        };
        if !scopes.cover(scope) {
            return Err(AuthError::Forbidden(scope));
        }
        // Its parent may still look, and tidy up, but nothing comes in.
        if matches!(scope, Scope::Mint | Scope::Ingest) {
            active(&reached)?;
        }
        Ok((reached, relation))
    }
}
