use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringback_api::{AccountSid, KeySid};
use subtle::ConstantTimeEq as _;

use super::{AuthError, Principal, Reason, Scopes, active};
use crate::app::App;
use crate::store::Account;
use crate::vault::Sealed;

/// Basic auth: an AccountSid with its AuthToken, or an API key with its secret.
pub(super) async fn authenticate(app: &App, credentials: &str) -> Result<Principal, AuthError> {
    let decoded = BASE64_STANDARD.decode(credentials).map_err(|_| Reason::Malformed)?;
    let decoded = String::from_utf8(decoded).map_err(|_| Reason::Malformed)?;
    let (user, secret) = decoded.split_once(':').ok_or(Reason::Malformed)?;
    let SignedIn { account, scopes, .. } = sign_in(app, user, secret).await?;
    Ok(Principal::Account { account, scopes })
}

/// What a user name and a secret open.
pub(super) struct SignedIn {
    pub(super) account: Account,
    pub(super) scopes: Scopes,
    /// The user name, where it is a key's.
    pub(super) key: Option<KeySid>,
}

pub(super) async fn sign_in(app: &App, user: &str, secret: &str) -> Result<SignedIn, AuthError> {
    if let Ok(sid) = user.parse::<AccountSid>() {
        let account = app.store.account(sid).await?.ok_or(Reason::Wrong)?;
        check(app, &account.auth_token, secret)?;
        active(&account)?;
        Ok(SignedIn { account, scopes: Scopes::ALL, key: None })
    } else if let Ok(sid) = user.parse::<KeySid>() {
        let key = app.store.api_key(sid).await?.ok_or(Reason::Wrong)?;
        check(app, &key.secret, secret)?;
        active(&key.account)?;
        Ok(SignedIn { account: key.account, scopes: key.scopes, key: Some(sid) })
    } else {
        Err(Reason::Wrong.into())
    }
}

fn check(app: &App, sealed: &Sealed, secret: &str) -> Result<(), AuthError> {
    let right = app.vault.open_sealed(sealed)?;
    if right.as_bytes().ct_eq(secret.as_bytes()).into() { Ok(()) } else { Err(Reason::Wrong.into()) }
}
