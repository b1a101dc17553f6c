//! Sessions of the dashboard: a random secret in a cookie, its hash in the store.

use std::ops::Range;

use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use ringback_api::{KeySid, SignIn};
use sha2::{Digest as _, Sha256};

use super::basic::{self, SignedIn};
use super::limits::User;
use super::{AuthError, Caller, Principal, Reason, Scope, Scopes, active};
use crate::app::App;
use crate::clock::EntropyError;
use crate::store::{Account, AccountId, NewSession, SecretHash, StoreError};

/// The name of the cookie.
pub const COOKIE: &str = "ringback-session";
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
const CODE_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Why a session could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The credentials are not good, or may not read.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The cookie would not be a header.
    #[error(transparent)]
    Cookie(#[from] InvalidHeaderValue),
}

/// Signs in with what a person typed; the account, what the session may do, and the cookie to set.
pub async fn start(app: &App, sign_in: &SignIn) -> Result<(Account, Scopes, HeaderValue), SessionError> {
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
) -> Result<HeaderValue, SessionError> {
    let secret = app.entropy.bytes()?;
    let new = NewSession { secret: hash(&secret), account, scopes, key, lifetime: lifetime(app, LIFETIME) };
    app.store.create_session(new).await?;
    cookie(app, &hex::encode(secret), LIFETIME.as_secs())
}

/// A code for a link that signs in to the account once.
pub async fn create_code(app: &App, account: &Account) -> Result<String, SessionError> {
    let secret = app.entropy.bytes()?;
    app.store.create_sign_in_code(hash(&secret), account.id, lifetime(app, CODE_LIFETIME)).await?;
    Ok(hex::encode(secret))
}

fn lifetime(app: &App, length: SignedDuration) -> Range<Timestamp> {
    let now = app.clock.now();
    now..now + length
}

/// Uses a code up; the cookie to set, or `None` if the code is not good any more.
pub async fn redeem_code(app: &App, code: &str) -> Result<Option<HeaderValue>, SessionError> {
    let Some(secret) = decode(code) else { return Ok(None) };
    match app.store.redeem_sign_in_code(hash(&secret), app.clock.now()).await? {
        Some(account) => Ok(Some(create(app, account, Scopes::ALL, None).await?)),
        None => Ok(None),
    }
}

/// Ends the session of the cookie, if any; the cookie that takes it away.
pub async fn end(app: &App, headers: &HeaderMap) -> Result<HeaderValue, SessionError> {
    if let Some(secret) = cookie_value(headers).and_then(decode) {
        app.store.delete_session(hash(&secret)).await?;
    }
    cookie(app, "", 0)
}

pub(super) async fn authenticate(app: &App, caller: &Caller) -> Result<Principal, AuthError> {
    let cookie = cookie_value(&caller.headers).ok_or(Reason::Missing)?;
    // SameSite keeps other sites away, but not a sibling of our domain.
    if !caller.method.is_safe() && !same_origin(app, &caller.headers) {
        return Err(AuthError::OtherOrigin);
    }
    let secret = decode(cookie).ok_or(Reason::NoSession)?;
    let session = app.store.session(hash(&secret), app.clock.now()).await?.ok_or(Reason::NoSession)?;
    active(&session.account)?;
    Ok(Principal::Account { account: session.account, scopes: session.scopes })
}

/// Whether a page of this server sent the request, as its browser says.
fn same_origin(app: &App, headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => {
            headers.get(header::ORIGIN).is_some_and(|origin| *origin == *app.public_url.origin().ascii_serialization())
        }
    }
}

/// Whether the request carries a session's cookie, good or not.
#[must_use]
pub fn has_cookie(headers: &HeaderMap) -> bool {
    cookie_value(headers).is_some()
}

fn cookie_value(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

fn cookie(app: &App, value: &str, seconds: i64) -> Result<HeaderValue, SessionError> {
    let secure = if app.public_url.scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    Ok(HeaderValue::try_from(cookie)?)
}

fn decode(text: &str) -> Option<[u8; 32]> {
    let mut secret = [0; 32];
    hex::decode_to_slice(text, &mut secret).ok()?;
    Some(secret)
}

fn hash(secret: &[u8; 32]) -> SecretHash {
    Sha256::digest(secret).into()
}
