//! Entry points to private code for `fuzz/`, the only crate that compiles them.

use jiff::Timestamp;
use ringback_api::{Call, CallLine, Leg, Pairs};

use crate::auth::rating_token;
use crate::v1::ndjson::Line;
use crate::{body, json, twilio, v1};

/// Returns the pairs of a form, or `None` if it is not UTF-8.
#[must_use]
pub fn pairs(bytes: &[u8]) -> Option<Pairs<'static>> {
    body::pairs(bytes).ok()
}

/// Returns the leg and the start of the call in a token without checking its signature, or `None` if it is no token.
#[must_use]
pub fn leg_of_token(token: &str, now: Timestamp) -> Option<(Leg, Timestamp)> {
    rating_token::read_unsigned(token, now).ok().map(|call| (call.leg, call.started_at))
}

/// Returns the lines of a body with these chunks, with `None` for each line that is too long.
#[must_use]
pub fn lines(chunks: &[&[u8]], max_bytes: usize) -> Vec<Option<Vec<u8>>> {
    let text = |line| match line {
        Line::Text(text) => Some(text),
        Line::TooLong => None,
    };
    v1::ndjson::split(chunks, max_bytes).into_iter().map(text).collect()
}

/// Parses a line as a call.
pub fn call(line: &[u8]) -> Result<(CallLine, Call), String> {
    let line: CallLine = json::parse_json(line)?;
    let call = Call::try_from(line.clone()).map_err(|error| error.to_string())?;
    Ok((line, call))
}

/// Writes an error with these texts as XML.
pub fn exception_xml(message: String, more_info: String) -> std::io::Result<Vec<u8>> {
    twilio::exception_xml(message, more_info)
}
