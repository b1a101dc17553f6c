//! What `fuzz/` needs of what is private; compiled for it alone.

use jiff::Timestamp;
use ringback_api::{Call, CallLine, Leg, Pairs};

use crate::auth::rating_token;
use crate::v1::lines::Line;
use crate::{body, twilio, v1};

/// The pairs of a form's body; `None` if it is not UTF-8.
#[must_use]
pub fn pairs(bytes: &[u8]) -> Option<Pairs<'static>> {
    body::pairs(bytes).ok()
}

/// The leg that a token names, whoever signed it; `None` if it is no token.
#[must_use]
pub fn leg_of_token(token: &str, now: Timestamp) -> Option<(Leg, Timestamp)> {
    rating_token::read_unsigned(token, now).ok().map(|call| (call.leg, call.started_at))
}

/// The lines of a body that comes in these chunks; `None` for one that is too long.
#[must_use]
pub fn lines(chunks: &[&[u8]], max_bytes: usize) -> Vec<Option<Vec<u8>>> {
    let text = |line| match line {
        Line::Text(text) => Some(text),
        Line::TooLong => None,
    };
    v1::lines::split(chunks, max_bytes).into_iter().map(text).collect()
}

/// A line that is a call, and that call; else why it is not.
pub fn call(line: &[u8]) -> Result<(CallLine, Call), String> {
    let line: CallLine = v1::problem::parse(line)?;
    let call = Call::try_from(line.clone()).map_err(|error| error.to_string())?;
    Ok((line, call))
}

/// An error with texts from outside, in XML.
pub fn exception_xml(message: String, more_info: String) -> std::io::Result<Vec<u8>> {
    twilio::exception_xml(message, more_info)
}
