use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::form::{MAX_ECHO_CHARS, shorten};

/// Short key-value pairs that describe a call (queue, agent, app version). The dashboard filters calls by them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Labels(BTreeMap<String, String>);

/// Why the labels of a call were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// More than [`Labels::MAX_PAIRS`].
    #[error("a call can have at most 8 labels, got {0}")]
    TooMany(usize),
    /// A key is empty, longer than [`Labels::MAX_KEY_CHARS`], or has characters other than ASCII letters, digits, `.`,
    /// `_` and `-`.
    #[error("a label's key must be 1 to 32 of the characters a-z A-Z 0-9 . _ -, got '{0}'")]
    Key(String),
    /// A value is empty, longer than [`Labels::MAX_VALUE_CHARS`], or has a control character.
    #[error("the value of label '{0}' must be 1 to 100 characters without control characters")]
    Value(String),
}

/// The response to `GET /v1/accounts/{AC}/labels`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownLabels {
    /// Sorted by key, then by value; each pair once.
    pub labels: Vec<KnownLabel>,
    /// Whether there are more calls than were examined, or more labels than are listed.
    pub cut_short: bool,
}

/// A label of at least one call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownLabel {
    /// Such as `queue`.
    pub key: String,
    /// Such as `sales`.
    pub value: String,
}

impl Labels {
    /// Maximum number of pairs per call.
    pub const MAX_PAIRS: usize = 8;
    /// Maximum length of a key, in characters.
    pub const MAX_KEY_CHARS: usize = 32;
    /// Maximum length of a value, in characters.
    pub const MAX_VALUE_CHARS: usize = 100;

    /// Each key with its value, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are no labels.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<BTreeMap<String, String>> for Labels {
    type Error = LabelError;

    fn try_from(pairs: BTreeMap<String, String>) -> Result<Self, LabelError> {
        if pairs.len() > Self::MAX_PAIRS {
            return Err(LabelError::TooMany(pairs.len()));
        }
        for (key, value) in &pairs {
            let good_key = (1..=Self::MAX_KEY_CHARS).contains(&key.len())
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
            if !good_key {
                return Err(LabelError::Key(shorten(key, MAX_ECHO_CHARS)));
            }
            if !(1..=Self::MAX_VALUE_CHARS).contains(&value.chars().count()) || value.contains(char::is_control) {
                return Err(LabelError::Value(key.clone()));
            }
        }
        Ok(Self(pairs))
    }
}

impl From<Labels> for BTreeMap<String, String> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Result<Labels, LabelError> {
        let map: BTreeMap<_, _> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        map.try_into()
    }

    #[test]
    fn numbers_and_lengths_are_bounded() {
        assert!(labels(&[("queue", "sales"), ("app.version", "1.2.3 (45)")]).is_ok());
        let nine: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|k| (k, "v")).into();
        assert_eq!(labels(&nine), Err(LabelError::TooMany(9)));
        assert_eq!(labels(&[("", "v")]), Err(LabelError::Key(String::new())));
        assert_eq!(labels(&[("a b", "v")]), Err(LabelError::Key("a b".into())));
        for value in ["", "a\nb", &"x".repeat(101)] {
            assert_eq!(labels(&[("a", value)]), Err(LabelError::Value("a".into())));
        }
    }
}
