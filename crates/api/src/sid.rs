use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a sid identifies.
pub trait Kind {
    /// Two upper-case letters in front of the 32 hex digits.
    const PREFIX: &'static str;
    /// Name of the schema in the OpenAPI document.
    #[cfg(feature = "openapi")]
    const SCHEMA: &'static str;
}

/// The kinds of sids.
pub mod kind {
    use super::Kind;

    macro_rules! kinds {
        ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {}
            impl Kind for $name {
                const PREFIX: &'static str = $prefix;
                #[cfg(feature = "openapi")]
                const SCHEMA: &'static str = concat!(stringify!($name), "Sid");
            }
        )*};
    }

    kinds! {
        /// An account or subaccount.
        Account = "AC";
        /// One leg of a call.
        Call = "CA";
        /// An API key.
        Key = "SK";
        /// A feedback summary.
        Summary = "FS";
    }
}

/// A Twilio-style identifier: two letters for the kind, then 32 lower-case hex digits.
///
/// Holds the 16 bytes that the digits encode. Accepts upper-case digits and writes lower-case ones.
pub struct Sid<K> {
    bytes: [u8; 16],
    kind: PhantomData<fn() -> K>,
}

/// `AC` and 32 hex digits.
pub type AccountSid = Sid<kind::Account>;
/// `CA` and 32 hex digits: one leg of a call.
pub type CallSid = Sid<kind::Call>;
/// `SK` and 32 hex digits.
pub type KeySid = Sid<kind::Key>;
/// `FS` and 32 hex digits.
pub type SummarySid = Sid<kind::Summary>;

/// The text is not a sid of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {prefix} and 32 hex digits")]
pub struct SidError {
    prefix: &'static str,
}

impl<K: Kind> Sid<K> {
    /// The sid with these 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self { bytes, kind: PhantomData }
    }

    /// The 16 bytes that the 32 digits encode.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl<K: Kind> FromStr for Sid<K> {
    type Err = SidError;

    fn from_str(text: &str) -> Result<Self, SidError> {
        let error = SidError { prefix: K::PREFIX };
        let digits = text.strip_prefix(K::PREFIX).ok_or_else(|| error.clone())?;
        // `from_str_radix` alone would accept a sign.
        if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(error);
        }
        let value = u128::from_str_radix(digits, 16).map_err(|_| error)?;
        Ok(Self::from_bytes(value.to_be_bytes()))
    }
}

impl<K: Kind> fmt::Display for Sid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:032x}", K::PREFIX, u128::from_be_bytes(self.bytes))
    }
}

impl<K: Kind> fmt::Debug for Sid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// Derived implementations would require the same traits of the marker `K`.
impl<K> Clone for Sid<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Sid<K> {}
impl<K> PartialEq for Sid<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<K> Eq for Sid<K> {}
impl<K> std::hash::Hash for Sid<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<K: Kind> Serialize for Sid<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Sid<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_parsed_as_it_was_written() {
        let sid = CallSid::from_bytes([0xab; 16]);
        assert_eq!(sid.to_string(), format!("CA{}", "ab".repeat(16)));
        assert_eq!(sid.to_string().parse(), Ok(sid));
        assert_eq!(sid.to_string().replace("ab", "AB").parse(), Ok(sid));
    }

    #[test]
    fn malformed_sids_are_refused() {
        let good = CallSid::from_bytes([0; 16]).to_string();
        for bad in [
            "",
            "CA",
            "FeedbackSummary",
            &good.replace("CA", "AC"),
            &good.replace("CA", "ca"),
            &good[..33],
            &format!("{good}0"),
            &format!("CA+{}", "0".repeat(31)),
            &format!("CA{}", "g".repeat(32)),
            &format!("CA{}", "é".repeat(16)),
        ] {
            assert!(bad.parse::<CallSid>().is_err(), "{bad:?}");
        }
    }
}
