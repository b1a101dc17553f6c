use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, de};

use crate::form::{MAX_ECHO_CHARS, shorten};
use crate::summary::parse_date;

/// Reads an optional RFC 3339 time, for `started_at`, the only time that clients send.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<Cow<'de, str>>::deserialize(deserializer)? else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| {
        let short = shorten(&text, MAX_ECHO_CHARS);
        de::Error::custom(format_args!("must be an RFC 3339 time, such as 2026-03-01T09:30:00Z; got '{short}'"))
    })
}

/// Parses a time in the one format that the server writes.
///
/// jiff's parser reads many formats and explains every error. It would make up a tenth of the dashboard's size.
#[must_use]
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = time.splitn(3, ':').map(|part| part.parse().ok());
    let mut part = || parts.next().flatten();
    let time = Time::new(part()?, part()?, part()?, format!("{fraction:0<9}").parse().ok()?).ok()?;
    Offset::UTC.to_timestamp(parse_date(date)?.to_datetime(time)).ok()
}

/// Parses RFC 3339 strictly. jiff would also accept a space for the T, missing seconds, or a time zone's name at the
/// end.
fn parse(text: &str) -> Option<Timestamp> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = shape.strip_prefix("0000-00-00T00:00:00")?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return None,
        None => rest,
    };

    matches!(offset, "Z" | "+00:00" | "-00:00").then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_the_server_writes_are_parsed() {
        for nanoseconds in [
            0,
            1,
            951_782_400_000_000_000,
            1_773_576_000_123_000_000,
            1_773_576_059_999_999_999,
            253_370_764_799_000_000_000,
        ] {
            let at = Timestamp::from_nanosecond(nanoseconds).unwrap();
            assert_eq!(parse_time(&at.to_string()), Some(at));
        }
        for bad in ["", "Z", "2026-03-01Z", "2026-03-01T09:30Z", "2026-03-01T25:30:00Z", "2026-02-30T09:30:00Z"] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_rfc_3339_is_accepted() {
        for (text, time) in [
            ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"),
            ("2026-03-01T09:30:00.25+01:00", "2026-03-01T08:30:00.25Z"),
            ("2026-03-01T09:30:00-03:30", "2026-03-01T13:00:00Z"),
        ] {
            assert_eq!(parse(text), Some(time.parse().unwrap()));
        }
        for bad in [
            "",
            "2026-03-01",
            "2026-03-01T09:30:00",
            "2026-03-01 09:30:00Z",
            "2026-03-01T09:30Z",
            "2026-03-01T25:30:00Z",
            "2026-02-30T09:30:00Z",
            "2026-03-01T09:30:00.Z",
            "2026-03-01T09:30:00+01",
            "2026-03-01T09:30:00[UTC]",
            "2026-03-01T09:30:00+01:00[Europe/Berlin]",
            "+002026-03-01T09:30:00Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
