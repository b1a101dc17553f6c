//! The sources of time and randomness, which tests replace.

use jiff::Timestamp;
use rand::TryRng as _;

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A source of unpredictable random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Returns 32 random bytes.
    fn bytes(&self) -> Result<[u8; 32], EntropyError>;
}

/// The system's random number generator failed.
#[derive(Debug, thiserror::Error)]
#[error("the system's random numbers are not available: {0}")]
pub struct EntropyError(String);

/// The system's random number generator.
#[derive(Debug, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let mut bytes = [0; 32];
        rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(|error| EntropyError(error.to_string()))?;
        Ok(bytes)
    }
}

impl dyn Entropy {
    /// Returns 16 random bytes, the length of a sid.
    pub fn sid_bytes(&self) -> Result<[u8; 16], EntropyError> {
        let bytes = self.bytes()?;
        Ok(std::array::from_fn(|i| bytes.get(i).copied().unwrap_or_default()))
    }
}
