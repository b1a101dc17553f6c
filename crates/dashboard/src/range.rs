//! The days that the page is about.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use ringback_api::{Step, parse_date};

/// Ten years of days are still read and drawn at once.
const MAX_DAYS: i64 = 3_660;

/// Some days in a row, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    from: Date,
    to: Date,
}

/// One end of a range; the names are those of its field and of its parameter in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    From,
    To,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::From => "From",
            Self::To => "To",
        })
    }
}

/// Why two texts are not a range, for the person who wrote them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RangeError {
    #[error("“{0}” needs a day.")]
    Missing(End),
    #[error("“{0}” must be a day that exists, written YYYY-MM-DD; “{1}” is not.")]
    NotADay(End, String),
    #[error("“From” must not be after “To”.")]
    Backwards,
    #[error("At most {MAX_DAYS} days can be shown at once; these are {0}.")]
    TooLong(i64),
}

impl RangeError {
    /// Whether this end is part of what is wrong.
    pub(crate) fn concerns(&self, end: End) -> bool {
        match self {
            Self::Missing(wrong) | Self::NotADay(wrong, _) => *wrong == end,
            Self::Backwards | Self::TooLong(_) => true,
        }
    }
}

impl Range {
    /// Parses what the two fields hold.
    pub(crate) fn parse(from: &str, to: &str) -> Result<Self, RangeError> {
        let day = |end, text: &str| match text {
            "" => Err(RangeError::Missing(end)),
            _ => parse_date(text).ok_or_else(|| RangeError::NotADay(end, text.into())),
        };
        let range = Self { from: day(End::From, from)?, to: day(End::To, to)? };
        match range.days() {
            ..1 => Err(RangeError::Backwards),
            1..=MAX_DAYS => Ok(range),
            days => Err(RangeError::TooLong(days)),
        }
    }

    /// Reads the query of the page's address, such as `?from=2026-11-01&to=2026-11-22`; `None` when it names no range.
    pub(crate) fn from_query(query: &str) -> Option<Result<Self, RangeError>> {
        let value = |name| {
            let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
            pairs.rev().find_map(|(key, value)| (key == name).then_some(value))
        };
        match (value("from"), value("to")) {
            (None, None) => None,
            (from, to) => Some(Self::parse(from.unwrap_or_default(), to.unwrap_or_default())),
        }
    }

    /// The query that [`from_query`](Self::from_query) reads.
    pub(crate) fn to_query(self) -> String {
        format!("?from={}&to={}", self.from, self.to)
    }

    /// The first day.
    pub(crate) fn from(self) -> Date {
        self.from
    }

    /// The last day, inclusive.
    pub(crate) fn to(self) -> Date {
        self.to
    }

    /// How many days there are.
    pub(crate) fn days(self) -> i64 {
        self.from.duration_until(self.to).as_hours() / 24 + 1
    }

    /// The step in which the range is a readable series.
    pub(crate) fn step(self) -> Step {
        match self.days() {
            ..=1 => Step::Hour,
            2..=120 => Step::Day,
            121..=800 => Step::Week,
            _ => Step::Month,
        }
    }
}

/// The ranges that are one click away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    Today,
    Days7,
    Days28,
    Days90,
    ThisMonth,
}

impl Preset {
    /// All of them, as the page shows them.
    pub(crate) const ALL: [Self; 5] = [Self::Today, Self::Days7, Self::Days28, Self::Days90, Self::ThisMonth];

    /// What an address without a range shows: whole weeks, so that weekdays weigh the same.
    pub(crate) const DEFAULT: Self = Self::Days28;

    /// Its days; `today` is the last one of each.
    pub(crate) fn range(self, today: Date) -> Range {
        let from = match self {
            Self::Today => today,
            Self::Days7 => today.saturating_sub(6.days()),
            Self::Days28 => today.saturating_sub(27.days()),
            Self::Days90 => today.saturating_sub(89.days()),
            Self::ThisMonth => today.first_of_month(),
        };
        Range { from, to: today }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn range(from: Date, to: Date) -> Range {
        Range { from, to }
    }

    #[test]
    fn presets_end_today_and_have_the_days_they_name() {
        let days = Preset::ALL.map(|preset| preset.range(TODAY).days());
        assert_eq!(days, [1, 7, 28, 90, 22]);
        assert!(Preset::ALL.iter().all(|preset| preset.range(TODAY).to() == TODAY));
        assert_eq!(Preset::Days7.range(date(2024, 3, 1)).from(), date(2024, 2, 24));
        assert_eq!(Preset::ThisMonth.range(date(2026, 11, 1)).days(), 1);
    }

    #[test]
    fn two_fields_are_a_range() {
        assert_eq!(Range::parse("2024-02-29", "2024-03-01"), Ok(range(date(2024, 2, 29), date(2024, 3, 1))));
        assert_eq!(Range::parse("2026-11-22", "2026-11-22").unwrap().days(), 1);
    }

    #[test]
    fn what_is_no_range_says_which_field_and_why() {
        for (from, to, message) in [
            ("", "2026-11-22", "“From” needs a day."),
            ("2026-11-01", "", "“To” needs a day."),
            ("2023-02-29", "", "“From” must be a day that exists, written YYYY-MM-DD; “2023-02-29” is not."),
            ("2026-11-01", "soon", "“To” must be a day that exists, written YYYY-MM-DD; “soon” is not."),
            ("2026-11-22", "2026-11-21", "“From” must not be after “To”."),
            ("0002-01-01", "2026-11-21", "At most 3660 days can be shown at once; these are 739576."),
        ] {
            assert_eq!(Range::parse(from, to).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn an_error_marks_the_fields_to_correct() {
        let marks = |from, to| {
            let error = Range::parse(from, to).unwrap_err();
            (error.concerns(End::From), error.concerns(End::To))
        };
        assert_eq!(marks("", ""), (true, false));
        assert_eq!(marks("2026-11-22", "x"), (false, true));
        assert_eq!(marks("2026-11-22", "2026-11-21"), (true, true));
    }

    #[test]
    fn the_longest_range_is_ten_years() {
        let last = date(2016, 1, 1).saturating_add((MAX_DAYS - 1).days());
        assert!(Range::parse("2016-01-01", &last.to_string()).is_ok());
        let error = Range::parse("2016-01-01", &last.tomorrow().unwrap().to_string());
        assert_eq!(error, Err(RangeError::TooLong(MAX_DAYS + 1)));
    }

    #[test]
    fn the_address_is_read_back() {
        for preset in Preset::ALL {
            let range = preset.range(TODAY);
            assert_eq!(Range::from_query(&range.to_query()), Some(Ok(range)));
        }
        assert_eq!(Range::from_query("?to=2026-11-22&x&from=2026-11-22"), Some(Ok(Preset::Today.range(TODAY))));
    }

    #[test]
    fn an_address_without_a_range_is_no_error_and_one_with_half_of_it_is() {
        for query in ["", "?", "?page=2", "?from", "?fromage=1"] {
            assert_eq!(Range::from_query(query), None, "{query}");
        }
        assert_eq!(Range::from_query("?from=2026-11-01"), Some(Err(RangeError::Missing(End::To))));
        assert_eq!(Range::from_query("?from=x%22&to="), Some(Err(RangeError::NotADay(End::From, "x%22".into()))));
    }

    #[test]
    fn long_ranges_have_longer_steps() {
        let step = |days: i64| range(TODAY.saturating_sub((days - 1).days()), TODAY).step();
        assert_eq!(step(1), Step::Hour);
        assert_eq!((step(2), step(120)), (Step::Day, Step::Day));
        assert_eq!((step(121), step(800)), (Step::Week, Step::Week));
        assert_eq!((step(801), step(MAX_DAYS)), (Step::Month, Step::Month));
    }
}
