//! Creates accounts and API keys with random secrets.

use ringback_api::{AccountSid, KeySid, Scopes};

use crate::clock::{Clock, Entropy, EntropyError};
use crate::store::{Account, AccountId, ListedKey, NewAccount, NewApiKey, Store, StoreError};
use crate::vault::{Vault, VaultError};

/// Creates credentials.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// Stores them.
    pub store: &'a dyn Store,
    /// Encrypts their secrets.
    pub vault: &'a Vault,
    /// Generates their secrets.
    pub entropy: &'a dyn Entropy,
    /// Gives their time of creation.
    pub clock: &'a dyn Clock,
}

/// Why credentials could not be created.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// An account with the given sid exists.
    #[error("there is an account {0} already")]
    Taken(AccountSid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret could not be encrypted.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// A request for an account.
#[derive(Debug)]
pub struct AccountRequest {
    /// The name that people see.
    pub name: String,
    /// The parent account, for a subaccount.
    pub parent: Option<AccountId>,
    /// Existing credentials; new ones are generated otherwise.
    pub existing_credentials: Option<(AccountSid, String)>,
    /// Whether `serve --demo` creates the account and may add calls to it.
    pub is_demo: bool,
}

impl Issuer<'_> {
    /// Creates an account and returns it with its AuthToken.
    pub async fn account(&self, request: AccountRequest) -> Result<(Account, String), IssueError> {
        let (sid, auth_token) = match request.existing_credentials {
            Some(credentials) => credentials,
            None => (AccountSid::from_bytes(self.entropy.sid_bytes()?), hex::encode(self.entropy.sid_bytes()?)),
        };
        let sealed = self.vault.seal(&auth_token, self.entropy)?;
        let AccountRequest { name, parent, is_demo, .. } = request;
        let new = NewAccount { sid, parent, name, auth_token: sealed, is_demo };
        let account = self.store.create_account(new, self.clock.now()).await?;
        Ok((account.ok_or(IssueError::Taken(sid))?, auth_token))
    }

    /// Creates an API key and returns it with its secret.
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
