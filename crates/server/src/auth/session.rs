//! Sessions of the dashboard: the cookie holds a random secret, the store its hash.

use std::ops::Range;

use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use jiff::{SignedDuration, Timestamp};
use ringback_api::{KeySid, Scope, Scopes, SignIn};
use sha2::{Digest as _, Sha256};

use super::basic::{self, SignedIn};
use super::error::{AuthError, Reason, refuse_suspended};
use super::request_head::RequestHead;
use crate::app::App;
use crate::clock::EntropyError;
use crate::limits::User;
use crate::store::{Account, AccountId, NewSession, SecretHash, StoreError};

/// The name of the cookie.
pub const COOKIE: &str = "ringback-session";
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
const CODE_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Why a session could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The credentials are wrong or do not include the scope `read`.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Starts a session with the credentials from the sign-in form. Returns the account, the session's scopes and its cookie.
pub async fn start(app: &App, sign_in: &SignIn) -> Result<(Account, Scopes, Cookie<'static>), SessionError> {
    let username = sign_in.username.trim();
    let user = User::named(&*app.store, username).await?;
    app.limits.user(user).map_err(AuthError::from)?;
    let SignedIn { account, scopes, key } = basic::sign_in(app, username, sign_in.password.trim()).await?;
    if !scopes.cover(Scope::Read) {
        return Err(AuthError::Forbidden(Scope::Read).into());
    }
    let cookie = create(app, account.id, scopes, key).await?;
    Ok((account, scopes, cookie))
}

async fn create(
    app: &App,
    account: AccountId,
    scopes: Scopes,
    key: Option<KeySid>,
) -> Result<Cookie<'static>, SessionError> {
    let secret = app.entropy.bytes()?;
    let new = NewSession { secret: hash(&secret), account, scopes, key, lifetime: lifetime(app, LIFETIME) };
    app.store.create_session(new).await?;
    Ok(cookie(app, hex::encode(secret), LIFETIME))
}

/// Creates the code of a link that signs in to the account once.
pub async fn create_code(app: &App, account: &Account) -> Result<String, SessionError> {
    let secret = app.entropy.bytes()?;
    app.store.create_sign_in_code(hash(&secret), account.id, lifetime(app, CODE_LIFETIME)).await?;
    Ok(hex::encode(secret))
}

fn lifetime(app: &App, length: SignedDuration) -> Range<Timestamp> {
    let now = app.clock.now();
    now..now + length
}

/// Redeems the code of a sign-in link. Returns the session's cookie, or `None` if the code has been used or has expired.
pub async fn redeem_code(app: &App, code: &str) -> Result<Option<Cookie<'static>>, SessionError> {
    let Some(secret) = decode(code) else { return Ok(None) };
    match app.store.redeem_sign_in_code(hash(&secret), app.clock.now()).await? {
        Some(account) => Ok(Some(create(app, account, Scopes::ALL, None).await?)),
        None => Ok(None),
    }
}

/// Ends the session of the request, if there is one. Returns a cookie that removes the session's.
pub async fn end(app: &App, jar: &CookieJar) -> Result<Cookie<'static>, SessionError> {
    if let Some(secret) = jar.get(COOKIE).and_then(|cookie| decode(cookie.value())) {
        app.store.delete_session(hash(&secret)).await?;
    }
    Ok(cookie(app, String::new(), SignedDuration::ZERO))
}

pub(super) async fn authenticate(app: &App, head: &RequestHead) -> Result<(Account, Scopes), AuthError> {
    let jar = CookieJar::from_headers(&head.headers);
    let cookie = jar.get(COOKIE).ok_or(Reason::Missing)?;
    // SameSite does not exclude other subdomains of our site.
    if !head.method.is_safe() && !same_origin(app, &head.headers) {
        return Err(AuthError::OtherOrigin);
    }
    let secret = decode(cookie.value()).ok_or(Reason::NoSession)?;
    let session = app.store.session(hash(&secret), app.clock.now()).await?.ok_or(Reason::NoSession)?;
    refuse_suspended(&session.account)?;
    Ok((session.account, session.scopes))
}

/// Whether the browser says that a page of this server sent the request.
fn same_origin(app: &App, headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => {
            headers.get(header::ORIGIN).is_some_and(|origin| *origin == *app.public_url.origin().ascii_serialization())
        }
    }
}

/// Returns whether a request has a session cookie, valid or not.
pub(super) fn has_cookie(headers: &HeaderMap) -> bool {
    CookieJar::from_headers(headers).get(COOKIE).is_some()
}

fn cookie(app: &App, value: String, max_age: SignedDuration) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .max_age(max_age.unsigned_abs().try_into().unwrap_or_default())
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.public_url.scheme() == "https")
        .build()
}

fn decode(text: &str) -> Option<[u8; 32]> {
    let mut secret = [0; 32];
    hex::decode_to_slice(text, &mut secret).ok()?;
    Some(secret)
}

fn hash(secret: &[u8; 32]) -> SecretHash {
    Sha256::digest(secret).into()
}
