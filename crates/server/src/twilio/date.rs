use jiff::Timestamp;

/// Formats a time as this API does: RFC 2822 in UTC, with two digits for the day.
pub(super) fn format_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_two_digits() {
        assert_eq!(format_date("2015-08-02T21:45:46.9Z".parse().unwrap()), "Sun, 02 Aug 2015 21:45:46 +0000");
    }
}
