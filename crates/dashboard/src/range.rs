//! Ranges of days.

use jiff::civil::Date;
use ringback_api::{Step, parse_date};

use crate::format;
use crate::text::{fill, t};

/// Ten years, which still load and draw quickly.
const MAX_DAYS: i64 = 3_660;

/// At least one day, and at most [`MAX_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    from: Date,
    to: Date,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    From,
    To,
}

/// Why two dates are not a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RangeError {
    /// This end is empty.
    Missing(End),
    /// This end is not a date, but this text.
    NotADay(End, String),
    /// It ends before it begins.
    Backwards,
    /// The range has this many days.
    TooLong(i64),
}

impl RangeError {
    /// The message for the user.
    pub(crate) fn message(&self) -> String {
        let text = &t().overview;
        let name = |end: &End| match end {
            End::From => text.from,
            End::To => text.to,
        };
        match self {
            Self::Missing(end) => fill(text.missing_day, &[name(end)]),
            Self::NotADay(end, instead) => fill(text.not_a_day, &[name(end), instead]),
            Self::Backwards => text.backwards.into(),
            Self::TooLong(days) => {
                fill(text.too_long, &[&format::count(MAX_DAYS.unsigned_abs()), &format::count(days.unsigned_abs())])
            }
        }
    }

    /// Whether this end has to be corrected.
    pub(crate) fn concerns(&self, end: End) -> bool {
        match self {
            Self::Missing(wrong) | Self::NotADay(wrong, _) => *wrong == end,
            Self::Backwards | Self::TooLong(_) => true,
        }
    }
}

/// Parses the values of two date fields. Does not limit the number of days.
pub(crate) fn days(from: &str, to: &str) -> Result<(Date, Date), RangeError> {
    let day = |end, text: &str| match text {
        "" => Err(RangeError::Missing(end)),
        _ => parse_date(text).ok_or_else(|| RangeError::NotADay(end, text.into())),
    };
    let (from, to) = (day(End::From, from)?, day(End::To, to)?);
    if to < from { Err(RangeError::Backwards) } else { Ok((from, to)) }
}

impl Range {
    /// Parses the values of two date fields.
    pub(crate) fn parse(from: &str, to: &str) -> Result<Self, RangeError> {
        let (from, to) = days(from, to)?;
        Self::new(from, to)
    }

    /// The range from one day to another, if it is one.
    pub(crate) fn between(from: Date, to: Date) -> Option<Self> {
        Self::new(from, to).ok()
    }

    fn new(from: Date, to: Date) -> Result<Self, RangeError> {
        let range = Self { from, to };
        match range.days() {
            ..1 => Err(RangeError::Backwards),
            1..=MAX_DAYS => Ok(range),
            days => Err(RangeError::TooLong(days)),
        }
    }

    /// The first day.
    pub(crate) fn from(self) -> Date {
        self.from
    }

    /// The last day, inclusive.
    pub(crate) fn to(self) -> Date {
        self.to
    }

    /// The number of days.
    pub(crate) fn days(self) -> i64 {
        self.from.duration_until(self.to).as_hours() / 24 + 1
    }

    /// The previous period: as many days, ending the day before.
    pub(crate) fn previous(self) -> Self {
        Self { from: before(self.from, self.days()), to: before(self.from, 1) }
    }

    /// The step of the range's time series.
    pub(crate) fn step(self) -> Step {
        match self.days() {
            ..=1 => Step::Hour,
            2..=120 => Step::Day,
            121..=800 => Step::Week,
            _ => Step::Month,
        }
    }
}

/// A range that the page offers as a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    Today,
    Days7,
    Days28,
    Days90,
    ThisMonth,
    Months12,
}

impl Preset {
    /// All presets, in the order of the page.
    pub(crate) const ALL: [Self; 6] =
        [Self::Today, Self::Days7, Self::Days28, Self::Days90, Self::ThisMonth, Self::Months12];

    /// The default range. Four whole weeks, so that all weekdays weigh the same.
    pub(crate) const DEFAULT: Self = Self::Days28;

    /// The days of the preset, which ends `today`.
    pub(crate) fn range(self, today: Date) -> Range {
        let from = match self {
            Self::Today => today,
            Self::Days7 => before(today, 6),
            Self::Days28 => before(today, 27),
            Self::Days90 => before(today, 89),
            Self::ThisMonth => today.first_of_month(),
            Self::Months12 => before(today, 364),
        };
        Range { from, to: today }
    }
}

/// The date this many days earlier. Without jiff's spans, whose code would enlarge the page.
fn before(date: Date, days: i64) -> Date {
    (0..days).fold(date, |date, _| date.yesterday().unwrap_or(date))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn range(from: Date, to: Date) -> Range {
        Range { from, to }
    }

    #[test]
    fn presets_end_today_and_have_the_days_of_their_names() {
        let days = Preset::ALL.map(|preset| preset.range(TODAY).days());
        assert_eq!(days, [1, 7, 28, 90, 22, 365]);
        assert!(Preset::ALL.iter().all(|preset| preset.range(TODAY).to() == TODAY));
        assert_eq!(Preset::Days7.range(date(2024, 3, 1)).from(), date(2024, 2, 24));
        assert_eq!(Preset::ThisMonth.range(date(2026, 11, 1)).days(), 1);
    }

    #[test]
    fn two_dates_are_a_range() {
        assert_eq!(Range::parse("2024-02-29", "2024-03-01"), Ok(range(date(2024, 2, 29), date(2024, 3, 1))));
        assert_eq!(Range::parse("2026-11-22", "2026-11-22").unwrap().days(), 1);
    }

    #[test]
    fn an_error_names_the_field_and_the_reason() {
        for (from, to, message) in [
            ("", "2026-11-22", "“From” needs a date."),
            ("2026-11-01", "", "“To” needs a date."),
            ("2023-02-29", "", "“From” must be a date, written YYYY-MM-DD; “2023-02-29” is not one."),
            ("2026-11-01", "soon", "“To” must be a date, written YYYY-MM-DD; “soon” is not one."),
            ("2026-11-22", "2026-11-21", "“From” must not be after “To”."),
            ("0002-01-01", "2026-11-21", "A range can have at most 3,660 days; this one has 739,576."),
        ] {
            assert_eq!(Range::parse(from, to).unwrap_err().message(), message);
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
    fn the_previous_period_is_as_long_and_ends_the_day_before() {
        let previous = range(date(2024, 3, 1), date(2024, 3, 31)).previous();
        assert_eq!(previous, range(date(2024, 1, 30), date(2024, 2, 29)));
        assert_eq!(Preset::Today.range(TODAY).previous(), range(date(2026, 11, 21), date(2026, 11, 21)));
    }

    #[test]
    fn longer_ranges_have_longer_steps() {
        let step = |days: i64| range(TODAY.saturating_sub((days - 1).days()), TODAY).step();
        assert_eq!(step(1), Step::Hour);
        assert_eq!((step(2), step(120)), (Step::Day, Step::Day));
        assert_eq!((step(121), step(800)), (Step::Week, Step::Week));
        assert_eq!((step(801), step(MAX_DAYS)), (Step::Month, Step::Month));
    }
}
