use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CallSid, Labels, Leg, LegError, Name};

/// The longest line of `POST /v1/accounts/{AC}/calls`, in bytes without its line feed.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Who called whom, as the account sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody called the account.
    Inbound,
    /// The account called somebody.
    Outbound,
}

impl Direction {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// Only calls of one direction; `None` stands for calls of which it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OnlyDirection(pub Option<Direction>);

/// A text that is not an [`OnlyDirection`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of inbound, outbound, unknown")]
pub struct DirectionError;

impl OnlyDirection {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.map_or("unknown", Direction::as_str)
    }
}

impl std::str::FromStr for OnlyDirection {
    type Err = DirectionError;

    fn from_str(text: &str) -> Result<Self, DirectionError> {
        let all = [Some(Direction::Inbound), Some(Direction::Outbound), None].map(Self);
        all.into_iter().find(|only| only.as_str() == text).ok_or(DirectionError)
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CallStatus {
    /// It was answered and ended.
    Completed,
    /// The called party was busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// It could not be put through.
    Failed,
    /// The caller gave up.
    Canceled,
}

impl CallStatus {
    /// The name on the wire, such as `no-answer`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// One call of `POST /v1/accounts/{AC}/calls` as it comes; `Call` is what it means.
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
    /// A CallSid; this or `call`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<CallSid>,
    /// The phone system's own id of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Name>,
    /// Which side of `call`, where both share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Name>,
    /// RFC 3339, from 2000 to a day ahead.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::time::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required, value_type = Timestamp))]
    pub started_at: Option<Timestamp>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub duration: Option<u32>,
    /// `inbound` or `outbound`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The calling number or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Name>,
    /// The called number or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Name>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CallStatus>,
    /// Filters for the dashboard.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// A call that a phone system reports: one leg and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which leg.
    pub leg: Leg,
    /// When it started.
    pub started_at: Timestamp,
    /// In seconds.
    pub duration: Option<u32>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// The calling number or address.
    pub from: Option<Name>,
    /// The called number or address.
    pub to: Option<Name>,
    /// How it ended.
    pub status: Option<CallStatus>,
    /// Filters for the dashboard.
    pub labels: Labels,
}

/// Why a line is not a call, beyond what its types say already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallLineError {
    /// Neither `sid` nor `call`, or both.
    #[error("exactly one of sid and call must be given")]
    WhichLeg,
    /// `party` does not go with a sid.
    #[error("party {0}")]
    Party(LegError),
    /// No start.
    #[error("started_at is required and must be a time as RFC 3339 writes it, such as 2026-03-01T09:30:00Z")]
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

/// The answer of `POST /v1/accounts/{AC}/calls` to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedCall {
    /// Under which it is stored; where the phone system names the call, worked out from that.
    pub sid: CallSid,
}

/// The most [`CallsReport::errors`] that are listed.
pub const MAX_REPORTED_ERRORS: usize = 1000;

/// The answer of `POST /v1/accounts/{AC}/calls` to many calls, one a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallsReport {
    /// How many lines were stored.
    pub recorded: u64,
    /// How many were not.
    pub refused: u64,
    /// Why not: the first 1,000, in the order of the lines.
    pub errors: Vec<LineError>,
}

/// Why one line was not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineError {
    /// Counted from 1, blank lines included.
    pub line: u64,
    /// What is wrong with it.
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
    fn a_whole_line() {
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
    fn what_is_wrong_is_said() {
        let sid = CallSid::from_bytes([1; 16]);
        for (json, expected) in [
            (r#"{"started_at":"2026-03-01T10:30:00Z"}"#.to_owned(), "exactly one of sid and call"),
            (format!(r#"{{"sid":"{sid}","call":"x","started_at":"2026-03-01T10:30:00Z"}}"#), "exactly one of"),
            (format!(r#"{{"sid":"{sid}","party":"x","started_at":"2026-03-01T10:30:00Z"}}"#), "party must be left out"),
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
