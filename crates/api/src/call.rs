use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;
use crate::{CallSid, Labels, Leg, LegError, Name};

/// Maximum length of a line in `POST /v1/accounts/{AC}/calls`, in bytes without the line feed.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

string_enum! {
    /// Direction of a call, as seen from the account.
    #[derive(PartialOrd, Ord)]
    pub enum Direction {
        /// Someone called the account.
        Inbound = "inbound",
        /// The account called someone.
        Outbound = "outbound",
    }
}

/// Selects calls of one direction; `None` selects calls whose direction is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DirectionFilter(pub Option<Direction>);

/// The text is not a [`DirectionFilter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of inbound, outbound, unknown")]
pub struct DirectionError;

impl DirectionFilter {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.map_or("unknown", Direction::as_str)
    }
}

impl std::str::FromStr for DirectionFilter {
    type Err = DirectionError;

    fn from_str(text: &str) -> Result<Self, DirectionError> {
        let all = [Some(Direction::Inbound), Some(Direction::Outbound), None].map(Self);
        all.into_iter().find(|filter| filter.as_str() == text).ok_or(DirectionError)
    }
}

string_enum! {
    /// How a call ended.
    pub enum CallStatus {
        /// The call was answered and has ended.
        Completed = "completed",
        /// The called party was busy.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// The call could not be connected.
        Failed = "failed",
        /// The caller hung up before anyone answered.
        Canceled = "canceled",
    }
}

/// One call in the body of `POST /v1/accounts/{AC}/calls`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(example = json!({
        "call": "a84b4c76e66710@pc33.example.com", "party": "alice", "started_at": "2026-03-01T09:30:00Z",
        "duration": 61, "direction": "inbound", "status": "completed",
    }))
)]
#[serde(deny_unknown_fields)]
pub struct CallLine {
    /// A CallSid. Exactly one of `sid` and `call` is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<CallSid>,
    /// The phone system's id of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Name>,
    /// The party, if both parties share the id in `call`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// RFC 3339, from the year 2000 to one day in the future.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required, value_type = Timestamp))]
    pub started_at: Option<Timestamp>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub duration: Option<u32>,
    /// Direction, as seen from the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The calling number or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Name>,
    /// The called number or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Name>,
    /// How the call ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CallStatus>,
    /// Key-value pairs to filter by on the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// A valid call report: one leg with the details of its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The reported leg.
    pub leg: Leg,
    /// When the call started.
    pub started_at: Timestamp,
    /// In seconds.
    pub duration: Option<u32>,
    /// Direction, as seen from the account.
    pub direction: Option<Direction>,
    /// The calling number or address.
    pub from: Option<Name>,
    /// The called number or address.
    pub to: Option<Name>,
    /// How the call ended.
    pub status: Option<CallStatus>,
    /// Key-value pairs to filter by on the dashboard.
    pub labels: Labels,
}

/// Why a [`CallLine`] is not a valid [`Call`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallLineError {
    /// Neither `sid` nor `call` was given, or both were.
    #[error("exactly one of sid and call must be given")]
    WhichLeg,
    /// A `party` was given for a CallSid.
    #[error("party {0}")]
    Party(LegError),
    /// `started_at` is missing.
    #[error("started_at is required and must be an RFC 3339 time, such as 2026-03-01T09:30:00Z")]
    NoStart,
}

impl TryFrom<CallLine> for Call {
    type Error = CallLineError;

    fn try_from(line: CallLine) -> Result<Self, CallLineError> {
        let leg = match (line.sid, line.call, line.party) {
            (Some(sid), None, None) => Leg::Native(sid),
            (Some(_), None, Some(_)) => return Err(CallLineError::Party(LegError::PartyOfSid)),
            (None, Some(call), party) => Leg::new(call, party).map_err(CallLineError::Party)?,
            _ => return Err(CallLineError::WhichLeg),
        };
        Ok(Self {
            leg,
            started_at: line.started_at.ok_or(CallLineError::NoStart)?,
            duration: line.duration,
            direction: line.direction,
            from: line.from,
            to: line.to,
            status: line.status,
            labels: line.labels,
        })
    }
}

/// The response to `POST /v1/accounts/{AC}/calls` with one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedCall {
    /// The leg's sid. If it was reported with `call`, the sid is derived from account, call and party.
    pub sid: CallSid,
}

/// Maximum number of [`CallsReport::errors`].
pub const MAX_REPORTED_ERRORS: usize = 1000;

/// The response to `POST /v1/accounts/{AC}/calls` with many calls, one per line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallsReport {
    /// Number of lines that were stored.
    pub recorded: u64,
    /// Number of lines that were refused.
    pub refused: u64,
    /// The first 1,000 errors, in line order.
    pub errors: Vec<LineError>,
}

/// Why a line was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineError {
    /// Line number, counted from 1, including blank lines.
    pub line: u64,
    /// The reason.
    pub error: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(json: &str) -> Result<Call, String> {
        let line: CallLine = serde_json::from_str(json).map_err(|e| e.to_string())?;
        line.try_into().map_err(|e: CallLineError| e.to_string())
    }

    #[test]
    fn a_line_with_every_field_is_a_call() {
        let call = call(
            r#"{"call":"a@b","party":"alice","started_at":"2026-03-01T10:30:00+01:00","duration":61,
            "direction":"inbound","from":"+4930123","to":"sip:x@y","status":"no-answer","labels":{"queue":"sales"}}"#,
        )
        .unwrap();
        assert_eq!(call.started_at.to_string(), "2026-03-01T09:30:00Z");
        assert_eq!(
            (call.duration, call.direction, call.status),
            (Some(61), Some(Direction::Inbound), Some(CallStatus::NoAnswer))
        );
    }

    #[test]
    fn errors_name_the_problem() {
        let sid = CallSid::from_bytes([1; 16]);
        for (json, expected) in [
            (r#"{"started_at":"2026-03-01T10:30:00Z"}"#.to_owned(), "exactly one of sid and call"),
            (format!(r#"{{"sid":"{sid}","call":"x","started_at":"2026-03-01T10:30:00Z"}}"#), "exactly one of"),
            (format!(r#"{{"sid":"{sid}","party":"x","started_at":"2026-03-01T10:30:00Z"}}"#), "party must be omitted"),
            (format!(r#"{{"sid":"{sid}"}}"#), "started_at is required"),
            (r#"{"call":"x","started_at":"yesterday"}"#.to_owned(), "got 'yesterday'"),
            (r#"{"call":"x","started_at":"2026-03-01T10:30:00"}"#.to_owned(), "got '2026-03-01T10:30:00'"),
            (r#"{"call":"x","direction":"sideways"}"#.to_owned(), "expected `inbound` or `outbound`"),
            (r#"{"call":"x","duration":-1}"#.to_owned(), "expected u32"),
            (r#"{"call":"x","durations":1}"#.to_owned(), "unknown field `durations`"),
            (r#"{"call":"","durations":1}"#.to_owned(), "1 to 255 characters"),
            (r#"{"call":"x","labels":{"a b":"c"}}"#.to_owned(), "label's key"),
        ] {
            let error = call(&json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
