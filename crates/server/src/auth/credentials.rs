//! New accounts and API keys, with secrets that nobody has seen before.

use ringback_api::{AccountSid, KeySid, Scopes};

use crate::clock::{Clock, Entropy, EntropyError};
use crate::store::{Account, AccountId, ListedKey, NewAccount, NewApiKey, Store, StoreError};
use crate::vault::{Vault, VaultError};

/// What new credentials are made with.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// Where they are kept.
    pub store: &'a dyn Store,
    /// Seals their secrets.
    pub vault: &'a Vault,
    /// Makes them up.
    pub entropy: &'a dyn Entropy,
    /// Dates them.
    pub clock: &'a dyn Clock,
}

/// Why credentials could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The sid that was brought along is taken.
    #[error("there is an account {0} already")]
    Taken(AccountSid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// An account to be made.
#[derive(Debug)]
pub struct AccountRequest {
    /// For people.
    pub name: String,
    /// The account that it is to be a subaccount of.
    pub parent: Option<AccountId>,
    /// Credentials that exist already; made up otherwise.
    pub brought_along: Option<(AccountSid, String)>,
    /// Made by `serve --demo`, which may put calls into it.
    pub is_demo: bool,
}

impl Issuer<'_> {
    /// Makes an account; with its AuthToken in the clear.
    pub async fn account(&self, request: AccountRequest) -> Result<(Account, String), IssueError> {
        let (sid, auth_token) = match request.brought_along {
            Some(credentials) => credentials,
            None => (AccountSid::from_bytes(self.entropy.sid_bytes()?), hex::encode(self.entropy.sid_bytes()?)),
        };
        let sealed = self.vault.seal(&auth_token, self.entropy)?;
        let AccountRequest { name, parent, is_demo, .. } = request;
        let new = NewAccount { sid, parent, name, auth_token: sealed, is_demo };
        let account = self.store.create_account(new, self.clock.now()).await?;
        Ok((account.ok_or(IssueError::Taken(sid))?, auth_token))
    }

    /// Makes an API key; with its secret in the clear.
    pub async fn key(
        &self,
        account: AccountId,
        name: String,
        scopes: Scopes,
    ) -> Result<(ListedKey, String), IssueError> {
        let sid = KeySid::from_bytes(self.entropy.sid_bytes()?);
        let secret = hex::encode(self.entropy.bytes()?);
        let sealed = self.vault.seal(&secret, self.entropy)?;
        let created_at = self.clock.now();
        let new = NewApiKey { sid, account, name: name.clone(), scopes, secret: sealed };
        self.store.create_api_key(new, created_at).await?;
        Ok((ListedKey { sid, name, scopes, created_at, revoked_at: None }, secret))
    }
}
