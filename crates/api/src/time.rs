use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de};

/// Reads an optional time as RFC 3339 writes it; `started_at` is the only one that comes in.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<Cow<'de, str>>::deserialize(deserializer)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let short: String = text.chars().take(100).collect();
        de::Error::custom(format_args!(
            "must be a time as RFC 3339 writes it, such as 2026-03-01T09:30:00Z; got '{short}'"
        ))
    })
}
