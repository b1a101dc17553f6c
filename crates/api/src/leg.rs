use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AccountSid, CallSid};

/// A name, number or id from outside, such as a phone system's call id: 1 to 255 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = 255;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a call id or a party was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LegError {
    /// It is empty, longer than [`Name::MAX_CHARS`], or has a control character.
    #[error("must be 1 to 255 characters without control characters")]
    Name,
    /// A party was given for a CallSid, which already names one party's leg.
    #[error("must be omitted for a CallSid, which already names one leg")]
    PartyOfSid,
}

impl TryFrom<String> for Name {
    type Error = LegError;

    fn try_from(text: String) -> Result<Self, LegError> {
        if (1..=Self::MAX_CHARS).contains(&text.chars().count()) && !text.contains(char::is_control) {
            Ok(Self(text))
        } else {
            Err(LegError::Name)
        }
    }
}

impl std::str::FromStr for Name {
    type Err = LegError;

    fn from_str(text: &str) -> Result<Self, LegError> {
        text.to_owned().try_into()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One party's side of a call. A rating belongs to a leg.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Leg {
    /// A leg with a CallSid of its own.
    Native(CallSid),
    /// A leg that is named by the phone system's call id.
    Foreign {
        /// SIP Call-ID, UUID, Asterisk uniqueid or the like.
        call: Name,
        /// The party, if both parties share the call id.
        party: Option<Name>,
    },
}

impl Leg {
    /// The leg that a call id from a path or a token names. A CallSid names a native leg, and takes no party.
    pub fn new(call: Name, party: Option<Name>) -> Result<Self, LegError> {
        match (call.as_str().parse(), party) {
            (Ok(sid), None) => Ok(Self::Native(sid)),
            (Ok(_), Some(_)) => Err(LegError::PartyOfSid),
            (Err(_), party) => Ok(Self::Foreign { call, party }),
        }
    }

    /// The party of a foreign leg.
    #[must_use]
    pub const fn party(&self) -> Option<&Name> {
        match self {
            Self::Native(_) => None,
            Self::Foreign { party, .. } => party.as_ref(),
        }
    }

    /// The leg's sid in this account.
    ///
    /// For a foreign leg it is CA and the first 32 hex digits of SHA-256 over account, call id and party. Each of the
    /// three follows its length in bytes (eight bytes, big-endian). A missing party counts as empty.
    #[must_use]
    pub fn sid(&self, account: &AccountSid) -> CallSid {
        match self {
            Self::Native(sid) => *sid,
            Self::Foreign { call, party } => {
                let mut hash = Sha256::new();
                for part in [account.to_string().as_str(), call.as_str(), party.as_ref().map_or("", Name::as_str)] {
                    hash.update((part.len() as u64).to_be_bytes());
                    hash.update(part);
                }
                let digest: [u8; 32] = hash.finalize().into();
                let (first, _) = digest.split_at(16);
                let mut bytes = [0; 16];
                bytes.copy_from_slice(first);
                CallSid::from_bytes(bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(call: &str, party: Option<&str>) -> Result<Leg, LegError> {
        Leg::new(call.parse()?, party.map(str::parse).transpose()?)
    }

    #[test]
    fn a_native_leg_keeps_its_call_sid() {
        let sid = CallSid::from_bytes([7; 16]);
        let account = AccountSid::from_bytes([1; 16]);
        assert_eq!(leg(&sid.to_string(), None).unwrap().sid(&account), sid);
        assert_eq!(leg(&sid.to_string(), Some("alice")), Err(LegError::PartyOfSid));
    }

    #[test]
    fn a_foreign_sid_is_the_documented_hash() {
        let account = AccountSid::from_bytes([1; 16]);
        let mut input = Vec::new();
        for part in [&account.to_string()[..], "a@b", "alice"] {
            input.extend([0, 0, 0, 0, 0, 0, 0, u8::try_from(part.len()).unwrap()]);
            input.extend(part.as_bytes());
        }
        let digest: [u8; 32] = Sha256::digest(&input).into();
        let expected = CallSid::from_bytes(digest[..16].try_into().unwrap());
        assert_eq!(leg("a@b", Some("alice")).unwrap().sid(&account), expected);
    }

    #[test]
    fn legs_that_differ_have_different_sids() {
        let account = AccountSid::from_bytes([1; 16]);
        let other = AccountSid::from_bytes([2; 16]);
        let sid = |call, party| leg(call, party).unwrap().sid(&account);
        assert_ne!(sid("ab", Some("c")), sid("a", Some("bc")));
        assert_ne!(sid("ab", None), sid("ab", Some("c")));
        assert_ne!(sid("ab", None), leg("ab", None).unwrap().sid(&other));
    }

    #[test]
    fn names_are_bounded() {
        for bad in ["", "a\nb", &"x".repeat(256)] {
            assert_eq!(bad.parse::<Name>(), Err(LegError::Name));
        }
        assert!("é".repeat(255).parse::<Name>().is_ok());
    }
}
