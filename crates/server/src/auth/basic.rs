use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringback_api::{AccountSid, KeySid, Scopes};
use subtle::ConstantTimeEq as _;

use super::error::{AuthError, Reason, refuse_suspended};
use crate::app::App;
use crate::secret::Sealed;
use crate::store::Account;

/// Authenticates with HTTP Basic: an AccountSid with its AuthToken, or an API key with its secret.
pub(super) async fn authenticate(app: &App, credentials: &str) -> Result<(Account, Scopes), AuthError> {
    let decoded = BASE64_STANDARD.decode(credentials).map_err(|_| Reason::Malformed)?;
    let decoded = String::from_utf8(decoded).map_err(|_| Reason::Malformed)?;
    let (user, secret) = decoded.split_once(':').ok_or(Reason::Malformed)?;
    let SignedIn { account, scopes, .. } = sign_in(app, user, secret).await?;
    Ok((account, scopes))
}

/// The account and scopes that a user name and a secret give access to.
pub(super) struct SignedIn {
    pub(super) account: Account,
    pub(super) scopes: Scopes,
    /// The API key, if the user name was one.
    pub(super) key: Option<KeySid>,
}

pub(super) async fn sign_in(app: &App, user: &str, secret: &str) -> Result<SignedIn, AuthError> {
    if let Ok(sid) = user.parse::<AccountSid>() {
        let account = app.store.account(sid).await?.ok_or(Reason::Wrong)?;
        check(app, &account.auth_token, secret)?;
        refuse_suspended(&account)?;
        Ok(SignedIn { account, scopes: Scopes::ALL, key: None })
    } else if let Ok(sid) = user.parse::<KeySid>() {
        let key = app.store.api_key(sid).await?.ok_or(Reason::Wrong)?;
        check(app, &key.secret, secret)?;
        refuse_suspended(&key.account)?;
        Ok(SignedIn { account: key.account, scopes: key.scopes, key: Some(sid) })
    } else {
        Err(Reason::Wrong.into())
    }
}

fn check(app: &App, sealed: &Sealed, secret: &str) -> Result<(), AuthError> {
    let right = app.vault.open_sealed(sealed)?;
    if right.as_bytes().ct_eq(secret.as_bytes()).into() { Ok(()) } else { Err(Reason::Wrong.into()) }
}
