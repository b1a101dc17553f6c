//! Short links to a page that rates one call. The link has a code; the rating token stays on the server.

use jiff::Timestamp;
use ringback_api::Leg;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::clock::EntropyError;
use crate::store::{Account, NewRatingLink, SecretHash, StoreError};
use crate::vault::VaultError;

/// Letters and digits that do not look alike.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
/// 60 bits. Guessing one of a million valid links takes longer than they are valid.
const CODE_CHARS: usize = 12;

/// Why a link could not be created or followed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token could not be encrypted or decrypted.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The URL is invalid.
    #[error(transparent)]
    Url(#[from] url::ParseError),
}

/// Creates a link to a page with this token. The link expires with the token.
pub async fn create(
    app: &App,
    account: &Account,
    leg: &Leg,
    token: &str,
    expires_at: Timestamp,
) -> Result<String, LinkError> {
    let random = app.entropy.bytes()?;
    let code: String = random
        .iter()
        .take(CODE_CHARS)
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from))
        .collect();
    let new = NewRatingLink {
        code: hash(&code),
        account: account.id,
        leg: leg.sid(&account.sid),
        caller: leg.party().map(|party| app.vault.caller_digest(&account.sid, party)),
        token: app.vault.seal(token, &*app.entropy)?,
        lifetime: app.clock.now()..expires_at,
    };
    app.store.create_rating_link(new).await?;
    Ok(app.public_url.join(&format!("r/{code}"))?.into())
}

/// Returns the token of a link, or `None` if the link is unknown or has expired.
pub async fn token(app: &App, code: &str) -> Result<Option<String>, LinkError> {
    match app.store.rating_link(hash(code), app.clock.now()).await? {
        Some(sealed) => Ok(Some(app.vault.open_sealed(&sealed)?)),
        None => Ok(None),
    }
}

fn hash(code: &str) -> SecretHash {
    Sha256::digest(code).into()
}
