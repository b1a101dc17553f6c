//! Secrets that signatures need in the clear are stored encrypted, under a key that is not in the database.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use ringback_api::{AccountSid, Name};
use sha2::Sha256;

use crate::clock::{Entropy, EntropyError};
use crate::store::CallerDigest;

/// A secret as it is stored: a nonce of 24 bytes, then XChaCha20-Poly1305.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// As [`as_bytes`](Self::as_bytes) gave them.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// To be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Seals and opens secrets.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    callers: Hmac<Sha256>,
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file could not be read or made.
    #[error("the key file {0} cannot be used: {1}")]
    File(String, std::io::Error),
    /// The key file does not hold a key.
    #[error("the key file {0} must hold 64 hex digits")]
    Malformed(String),
    /// There is a database but not the key that belongs to it.
    #[error("the key file {0} is missing, and without it the secrets in the database cannot be read; put it back")]
    Missing(String),
    /// The secret was sealed under another key, or damaged.
    #[error("a stored secret cannot be opened with this key file; it belongs to another database")]
    WrongKey,
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Whether a key file that is not there is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// The database is new, so there is no secret yet.
    Create,
    /// The database holds secrets that a new key could not open.
    Fail,
}

impl Vault {
    /// Reads the key file, or makes one that only its owner can read.
    pub fn open(path: &Path, if_missing: IfMissing, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        let name = || path.display().to_string();
        let key = match File::open(path) {
            Ok(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(|error| VaultError::File(name(), error))?;
                let mut key = [0; 32];
                hex::decode_to_slice(text.trim(), &mut key).map_err(|_| VaultError::Malformed(name()))?;
                key
            }
            Err(error) if error.kind() == ErrorKind::NotFound && if_missing == IfMissing::Create => {
                let key = entropy.bytes()?;
                create(path, &key).map_err(|error| VaultError::File(name(), error))?;
                key
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(VaultError::Missing(name())),
            Err(error) => return Err(VaultError::File(name(), error)),
        };
        Ok(Self::new(&key))
    }

    /// With this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let for_callers = hmac(key).chain_update("callers").finalize().into_bytes();
        Self { cipher: XChaCha20Poly1305::new(key.into()), callers: hmac(&for_callers.into()) }
    }

    /// By what a caller of an account is known again after it was erased; tells nothing without the key.
    #[must_use]
    pub fn caller_digest(&self, account: &AccountSid, caller: &Name) -> CallerDigest {
        let digest = self.callers.clone().chain_update(account.as_bytes()).chain_update(caller.as_str());
        digest.finalize().into_bytes().into()
    }

    /// Seals a secret.
    pub fn seal(&self, secret: &str, entropy: &dyn Entropy) -> Result<Sealed, VaultError> {
        let mut sealed = entropy.bytes()?.to_vec();
        sealed.truncate(24);
        let nonce = XNonce::try_from(sealed.as_slice()).map_err(|_| VaultError::WrongKey)?;
        let text = self.cipher.encrypt(&nonce, secret.as_bytes()).map_err(|_| VaultError::WrongKey)?;
        sealed.extend(text);
        Ok(Sealed(sealed))
    }

    /// Opens what [`seal`](Self::seal) sealed.
    pub fn open_sealed(&self, sealed: &Sealed) -> Result<String, VaultError> {
        let (nonce, text) = sealed.0.split_at_checked(24).ok_or(VaultError::WrongKey)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::WrongKey)?;
        let secret = self.cipher.decrypt(&nonce, text).map_err(|_| VaultError::WrongKey)?;
        String::from_utf8(secret).map_err(|_| VaultError::WrongKey)
    }
}

/// HMAC with a key shorter than its block, which it fills up with zeros.
fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
    Hmac::new(&block.into())
}

/// On disk before a secret is sealed with it.
fn create(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()?;
    #[cfg(unix)]
    File::open(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn what_is_sealed_is_opened_with_the_same_key_only() {
        let vault = Vault::new(&[1; 32]);
        let sealed = vault.seal("secret", &SystemEntropy).unwrap();
        assert_ne!(sealed, vault.seal("secret", &SystemEntropy).unwrap());
        assert_eq!(vault.open_sealed(&sealed).unwrap(), "secret");
        assert!(matches!(Vault::new(&[2; 32]).open_sealed(&sealed), Err(VaultError::WrongKey)));
        for cut in 0..sealed.0.len() {
            let damaged = Sealed(sealed.0[..cut].to_vec());
            assert!(matches!(vault.open_sealed(&damaged), Err(VaultError::WrongKey)));
        }
    }

    #[test]
    fn the_key_file_is_made_once_and_only_for_a_new_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        assert!(matches!(Vault::open(&path, IfMissing::Fail, &SystemEntropy), Err(VaultError::Missing(_))));
        let sealed = Vault::open(&path, IfMissing::Create, &SystemEntropy).unwrap().seal("x", &SystemEntropy).unwrap();
        let again = Vault::open(&path, IfMissing::Fail, &SystemEntropy).unwrap();
        assert_eq!(again.open_sealed(&sealed).unwrap(), "x");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777, 0o600);
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(Vault::open(&path, IfMissing::Create, &SystemEntropy), Err(VaultError::Malformed(_))));
    }
}
