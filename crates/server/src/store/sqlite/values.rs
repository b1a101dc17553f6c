//! Conversions between columns and domain types.

use jiff::Timestamp;
use ringback_api::{IssueSet, Kind, Rating, Score, Sid};

use crate::store::StoreError;

/// Reads a sid from its 16 bytes.
pub(super) fn sid<K: Kind>(bytes: Vec<u8>) -> Result<Sid<K>, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::Corrupt(format!("a {} sid", K::PREFIX)))?;
    Ok(Sid::from_bytes(bytes))
}

pub(super) fn time(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError::Corrupt(format!("time {milliseconds}")))
}

pub(super) fn unsigned(count: i64) -> Result<u64, StoreError> {
    count.try_into().map_err(|_| StoreError::Corrupt(format!("count {count}")))
}

/// Reads the rating from the columns of a left join; `None` if the call is unrated.
pub(super) fn rating(score: Option<u8>, issues: Option<u8>) -> Result<Option<Rating>, StoreError> {
    let (Some(score), Some(issues)) = (score, issues) else { return Ok(None) };
    let score = Score::try_from(score).map_err(|_| StoreError::Corrupt(format!("score {score}")))?;
    Ok(Some(Rating { score, issues: IssueSet::from_bits(issues) }))
}

pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{text:?}: {error}")))
}

/// Reads a type that serializes as a JSON string, from that string without quotes.
pub(super) fn from_json_string<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_value(text.into()).map_err(|error| StoreError::Corrupt(format!("{text:?}: {error}")))
}

pub(super) fn parse<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    T::from_str(text).map_err(|_| StoreError::Corrupt(format!("{text:?}")))
}
