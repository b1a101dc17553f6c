//! Where time and randomness come from, so that tests can say what they are.

use jiff::Timestamp;
use rand::TryRng as _;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time comes in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Gives random bytes that nobody can guess.
pub trait Entropy: Send + Sync + 'static {
    /// 32 random bytes.
    fn bytes(&self) -> Result<[u8; 32], EntropyError>;
}

/// The system has no randomness to give.
#[derive(Debug, thiserror::Error)]
#[error("the system's random numbers are not available: {0}")]
pub struct EntropyError(String);

/// The system's randomness.
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
    /// 16 random bytes, as a sid has.
    pub fn sid_bytes(&self) -> Result<[u8; 16], EntropyError> {
        let bytes = self.bytes()?;
        Ok(std::array::from_fn(|i| bytes.get(i).copied().unwrap_or_default()))
    }
}
