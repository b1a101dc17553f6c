use axum::http::header;
use ringback_api::{AccountSid, Scope, Scopes};

use super::error::{AuthError, Reason, refuse_suspended};
use super::rating_token::{self, RatingToken};
use super::request_head::RequestHead;
use super::{basic, session};
use crate::app::App;
use crate::store::Account;

/// The sender of a request.
#[derive(Debug, Clone)]
pub enum Principal {
    /// An account, authenticated by its AuthToken, an API key or a dashboard session.
    Account {
        /// The account.
        account: Account,
        /// The scopes of the credentials.
        scopes: Scopes,
    },
    /// One party of one call, authenticated by a rating token.
    Party(Box<RatingToken>),
}

/// Authenticates a request. `form_token` is a rating token from the body: forms and beacons cannot set headers.
pub async fn authenticate(app: &App, head: &RequestHead, form_token: Option<&str>) -> Result<Principal, AuthError> {
    if let Some(value) = head.headers.get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| Reason::Malformed)?;
        let (scheme, credentials) = value.split_once(' ').ok_or(Reason::Malformed)?;
        let credentials = credentials.trim_start();
        return match scheme.to_ascii_lowercase().as_str() {
            "basic" => {
                let (account, scopes) = basic::authenticate(app, credentials).await?;
                Ok(Principal::Account { account, scopes })
            }
            "bearer" => Ok(Principal::Party(Box::new(rating_token::authenticate(app, credentials).await?))),
            _ => Err(Reason::Malformed.into()),
        };
    }
    if let Some(token) = form_token {
        return Ok(Principal::Party(Box::new(rating_token::authenticate(app, token).await?)));
    }
    let (account, scopes) = session::authenticate(app, head).await?;
    Ok(Principal::Account { account, scopes })
}

/// The relation of the requested account to the authenticated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Both are the same account.
    Own,
    /// The requested account is a subaccount of the authenticated one.
    Child,
}

/// Returns the account in the path if the request may access it with this scope.
pub async fn authorize_account(
    app: &App,
    head: &RequestHead,
    path_account: &str,
    scope: Scope,
) -> Result<Account, AuthError> {
    Ok(authorize_related_account(app, head, path_account, scope).await?.0)
}

/// Like [`authorize_account`], with the relation to the authenticated account.
pub async fn authorize_related_account(
    app: &App,
    head: &RequestHead,
    path_account: &str,
    scope: Scope,
) -> Result<(Account, Relation), AuthError> {
    authenticate(app, head, None).await?.authorize_account(app, path_account, scope).await
}

impl Principal {
    pub(super) async fn authorize_account(
        self,
        app: &App,
        path_account: &str,
        scope: Scope,
    ) -> Result<(Account, Relation), AuthError> {
        let Self::Account { account, scopes } = self else { return Err(AuthError::NotFound) };
        let sid: AccountSid = path_account.parse().map_err(|_| AuthError::NotFound)?;
        let (requested, relation) = if account.sid == sid {
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
        // The parent of a suspended subaccount may still read and administer it, but no new data is accepted.
        if matches!(scope, Scope::Mint | Scope::Ingest) {
            refuse_suspended(&requested)?;
        }
        Ok((requested, relation))
    }
}
