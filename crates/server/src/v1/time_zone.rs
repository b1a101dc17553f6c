use jiff::tz::TimeZone;
use ringback_api::FormError;

/// Parses the IANA time zone of a parameter.
pub(super) fn parse(parameter: &'static str, name: &str) -> Result<TimeZone, FormError> {
    TimeZone::get(name)
        .ok()
        .filter(|known| !known.is_unknown())
        .ok_or_else(|| FormError::invalid(parameter, name, &"must be an IANA time zone such as Europe/Berlin"))
}
