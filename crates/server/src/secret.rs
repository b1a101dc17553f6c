//! The forms in which secrets and identities are stored. The vault makes them; the store keeps them.

/// An encrypted secret: a nonce of 24 bytes, then the XChaCha20-Poly1305 ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Wraps stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
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

/// A keyed digest of a caller's name or number. It identifies an erased caller, and reveals nothing without the key file.
pub type CallerDigest = [u8; 32];
