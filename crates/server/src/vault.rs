//! Encrypts the secrets that signatures need in plain text. The key is in a file, not in the database.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use ringback_api::{AccountSid, Name};
use sha2::Sha256;

use crate::clock::{Entropy, EntropyError};
use crate::secret::{CallerDigest, Sealed};

/// Encrypts and decrypts secrets.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    callers: Hmac<Sha256>,
}

/// A secret could not be encrypted or decrypted.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file could not be read or created.
    #[error("the key file {0} cannot be used: {1}")]
    File(String, std::io::Error),
    /// The key file does not contain a key.
    #[error("the key file {0} must hold 64 hex digits")]
    Malformed(String),
    /// The database exists, but its key file does not.
    #[error("the key file {0} is missing, and without it the secrets in the database cannot be read; put it back")]
    Missing(String),
    /// The secret was encrypted with another key, or is damaged.
    #[error("a stored secret cannot be decrypted with this key file, which belongs to another database")]
    WrongKey,
    /// There is no randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// What to do if the key file is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// Create one, because the database is new and has no secrets.
    Create,
    /// Fail, because a new key could not decrypt the secrets in the database.
    Fail,
}

impl Vault {
    /// Reads the key file, or creates one that only its owner can read.
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

    /// Creates a vault with this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let for_callers = hmac(key).chain_update("callers").finalize().into_bytes();
        Self { cipher: XChaCha20Poly1305::new(key.into()), callers: hmac(&for_callers.into()) }
    }

    /// Returns the digest by which an erased caller of an account is recognised. It reveals nothing without the key.
    #[must_use]
    pub fn caller_digest(&self, account: &AccountSid, caller: &Name) -> CallerDigest {
        let digest = self.callers.clone().chain_update(account.as_bytes()).chain_update(caller.as_str());
        digest.finalize().into_bytes().into()
    }

    /// Encrypts a secret.
    pub fn seal(&self, secret: &str, entropy: &dyn Entropy) -> Result<Sealed, VaultError> {
        let mut sealed = entropy.bytes()?.to_vec();
        sealed.truncate(24);
        let nonce = XNonce::try_from(sealed.as_slice()).map_err(|_| VaultError::WrongKey)?;
        let text = self.cipher.encrypt(&nonce, secret.as_bytes()).map_err(|_| VaultError::WrongKey)?;
        sealed.extend(text);
        Ok(Sealed::from_bytes(sealed))
    }

    /// Decrypts a secret.
    pub fn open_sealed(&self, sealed: &Sealed) -> Result<String, VaultError> {
        let (nonce, text) = sealed.as_bytes().split_at_checked(24).ok_or(VaultError::WrongKey)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::WrongKey)?;
        let secret = self.cipher.decrypt(&nonce, text).map_err(|_| VaultError::WrongKey)?;
        String::from_utf8(secret).map_err(|_| VaultError::WrongKey)
    }
}

/// HMAC-SHA256 with a key that is padded with zeros to the block size.
fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
    Hmac::new(&block.into())
}

/// Writes the key file to disk, before any secret is encrypted with it.
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
    fn a_secret_is_decrypted_only_with_its_key() {
        let vault = Vault::new(&[1; 32]);
        let sealed = vault.seal("secret", &SystemEntropy).unwrap();
        assert_ne!(sealed, vault.seal("secret", &SystemEntropy).unwrap());
        assert_eq!(vault.open_sealed(&sealed).unwrap(), "secret");
        assert!(matches!(Vault::new(&[2; 32]).open_sealed(&sealed), Err(VaultError::WrongKey)));
        for cut in 0..sealed.as_bytes().len() {
            let damaged = Sealed::from_bytes(sealed.as_bytes()[..cut].to_vec());
            assert!(matches!(vault.open_sealed(&damaged), Err(VaultError::WrongKey)));
        }
    }

    #[test]
    fn the_key_file_is_created_once_and_only_for_a_new_database() {
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
