use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _};
use ringback_api::Step;

use crate::store::OffsetSpan;

/// A chart with more points is unreadable.
const MAX_STEPS: usize = 10_000;

/// The time in which one hour of the week occurs [`MAX_STEPS`] times.
const LONGEST: SignedDuration = SignedDuration::from_hours(10_000 * 7 * 24);

/// Why a range cannot be split into steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum StepsError {
    #[error("Parameter to must not be before from, which is {from}; got '{to}'")]
    Backwards { from: Date, to: Date },
    #[error("step {} yields more than {MAX_STEPS} steps in this range; choose a longer step", .0.as_str())]
    TooMany(Step),
    #[error("weekday and hour match more than {MAX_STEPS} times in this range; choose a shorter range")]
    TooManyHours,
    #[error("from and to must be in the years 2000 to 9998")]
    OutOfRange,
}

/// A step: its first day, start and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepRange {
    pub(super) date: Date,
    pub(super) instants: Range<Timestamp>,
}

/// Splits the days `from` to `to`, both inclusive, into steps by the local time of a time zone.
pub(super) fn steps(from: Date, to: Date, step: Step, zone: &TimeZone) -> Result<Vec<StepRange>, StepsError> {
    if to < from {
        return Err(StepsError::Backwards { from, to });
    }
    // Since 2000, the offset of every time zone has been a multiple of 15 minutes. If the offset changes within a bucket,
    // the bucket belongs to the step before.
    if from.year() < 2000 || to.year() > 9998 {
        return Err(StepsError::OutOfRange);
    }
    let end = to.tomorrow().map_err(|_| StepsError::OutOfRange)?.at(0, 0, 0, 0);
    let mut steps = Vec::new();
    let mut start = from.at(0, 0, 0, 0);
    while start < end {
        if steps.len() == MAX_STEPS {
            return Err(StepsError::TooMany(step));
        }
        let next = following(start, step).map_err(|_| StepsError::OutOfRange)?.min(end);
        let instants = instant(start, zone)?..instant(next, zone)?;
        // A skipped hour is empty; a repeated hour is two hours long.
        if !instants.is_empty() {
            steps.push(StepRange { date: start.date(), instants });
        }
        start = next;
    }
    Ok(steps)
}

/// Returns the offsets of a time zone during the range, whose ends are on quarter-hours.
///
/// The offset at its start applies to a whole quarter-hour.
pub(super) fn clocks(range: &Range<Timestamp>, zone: &TimeZone) -> Vec<OffsetSpan> {
    let mut spans = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let mut jumps = zone.following(start).map(|jump| next_quarter(jump.timestamp()));
        let end = jumps.find(|&jump| jump > start).map_or(range.end, |jump| jump.min(range.end));
        spans.push(OffsetSpan { range: start..end, offset_seconds: zone.to_offset(start).seconds().into() });
        start = end;
    }
    spans
}

/// Returns the instants of the days `from` to `to`, both inclusive, in a time zone. A missing end is unbounded.
pub(super) fn days(from: Option<Date>, to: Option<Date>, zone: &TimeZone) -> Result<Range<Timestamp>, StepsError> {
    if let Some((from, to)) = from.zip(to)
        && to < from
    {
        return Err(StepsError::Backwards { from, to });
    }
    if [from, to].into_iter().flatten().any(|day| !(2000..=9998).contains(&day.year())) {
        return Err(StepsError::OutOfRange);
    }
    let midnight = |day: Date| instant(day.at(0, 0, 0, 0), zone);
    let start = from.map_or(Ok(Timestamp::MIN), midnight)?;
    let end = match to {
        Some(to) => midnight(to.tomorrow().map_err(|_| StepsError::OutOfRange)?)?,
        None => Timestamp::MAX,
    };
    Ok(start..end)
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weekday(i64);

/// The text is not a [`Weekday`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday")]
pub(super) struct WeekdayError;

impl Weekday {
    pub(super) const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
}

impl FromStr for Weekday {
    type Err = WeekdayError;

    fn from_str(text: &str) -> Result<Self, WeekdayError> {
        (0..).zip(Self::NAMES).find(|(_, name)| *name == text).map(|(n, _)| Self(n)).ok_or(WeekdayError)
    }
}

/// Returns the parts of a range with one of these weekdays and hours, in a time zone. An empty set means any. The counts by
/// weekday and hour use the same parts.
pub(super) fn hours_of_week(
    range: &Range<Timestamp>,
    zone: &TimeZone,
    weekdays: &BTreeSet<Weekday>,
    hours: &BTreeSet<u8>,
) -> Result<Vec<Range<Timestamp>>, StepsError> {
    let wanted = |hour: i64| {
        let (weekday, hour) = ((hour.div_euclid(24) + 3).rem_euclid(7), hour.rem_euclid(24));
        (weekdays.is_empty() || weekdays.iter().any(|day| day.0 == weekday))
            && (hours.is_empty() || hours.iter().any(|each| i64::from(*each) == hour))
    };
    if range.end.duration_since(range.start) > LONGEST {
        return Err(StepsError::TooManyHours);
    }
    let mut ranges: Vec<Range<Timestamp>> = Vec::new();
    for OffsetSpan { range, offset_seconds: ahead } in clocks(range, zone) {
        let (start, end) = (range.start.as_second(), range.end.as_second());
        // Local hours since 1970-01-01, which was a Thursday.
        for hour in (start + ahead).div_euclid(3600)..=(end - 1 + ahead).div_euclid(3600) {
            if !wanted(hour) {
                continue;
            }
            let [from, to] = [hour, hour + 1]
                .map(|hour| Timestamp::from_second((hour * 3600 - ahead).clamp(start, end)))
                .map(|at| at.map_err(|_| StepsError::OutOfRange));
            let (from, to) = (from?, to?);
            match ranges.last_mut() {
                Some(last) if last.end == from => last.end = to,
                _ => ranges.push(from..to),
            }
            if ranges.len() > MAX_STEPS {
                return Err(StepsError::TooManyHours);
            }
        }
    }
    Ok(ranges)
}

/// Rounds up to a quarter-hour.
fn next_quarter(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds + (-seconds).rem_euclid(900)).unwrap_or(Timestamp::MAX)
}

/// Returns the start of the step after the step of `at`.
fn following(at: DateTime, step: Step) -> Result<DateTime, jiff::Error> {
    let midnight = |date: Date| date.at(0, 0, 0, 0);
    let span: Span = match step {
        Step::Hour => return at.checked_add(1.hour()),
        Step::Day => 1.day(),
        Step::Week => (7 - i64::from(at.date().weekday().to_monday_zero_offset())).days(),
        Step::Month => return Ok(midnight(at.date().first_of_month().checked_add(1.month())?)),
    };
    Ok(midnight(at.date().checked_add(span)?))
}

/// Returns the first instant with this local time, or the instant of the jump if the time is skipped.
fn instant(at: DateTime, zone: &TimeZone) -> Result<Timestamp, StepsError> {
    let ambiguous = zone.to_ambiguous_timestamp(at);
    let found = match ambiguous.offset() {
        // With the offset after the jump, a skipped time lies before the jump.
        AmbiguousOffset::Gap { after, .. } => {
            after.to_timestamp(at).map(|before| zone.following(before).next().map_or(before, |jump| jump.timestamp()))
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.compatible(),
    };
    found.map_err(|_| StepsError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(from: Date, to: Date, step: Step, zone: &str) -> Vec<(String, String, i64)> {
        let zone = TimeZone::get(zone).unwrap();
        let hours = |range: &Range<Timestamp>| range.end.duration_since(range.start).as_mins();
        steps(from, to, step, &zone)
            .unwrap()
            .iter()
            .map(|step| (step.date.to_string(), step.instants.start.to_string(), hours(&step.instants)))
            .collect()
    }

    fn one(date: &str, start: &str, minutes: i64) -> (String, String, i64) {
        (date.to_owned(), start.to_owned(), minutes)
    }

    #[test]
    fn days_are_the_zones() {
        assert_eq!(
            of(date(2026, 3, 28), date(2026, 3, 29), Step::Day, "Europe/Berlin"),
            [one("2026-03-28", "2026-03-27T23:00:00Z", 24 * 60), one("2026-03-29", "2026-03-28T23:00:00Z", 23 * 60),]
        );
        assert_eq!(
            of(date(2026, 1, 1), date(2026, 1, 1), Step::Day, "Asia/Kathmandu"),
            [one("2026-01-01", "2025-12-31T18:15:00Z", 24 * 60)]
        );
    }

    #[test]
    fn weeks_begin_on_monday_and_ends_are_cut() {
        assert_eq!(
            of(date(2026, 3, 4), date(2026, 3, 10), Step::Week, "UTC"),
            [
                one("2026-03-04", "2026-03-04T00:00:00Z", 5 * 24 * 60),
                one("2026-03-09", "2026-03-09T00:00:00Z", 2 * 24 * 60),
            ]
        );
        assert_eq!(
            of(date(2024, 1, 31), date(2024, 3, 1), Step::Month, "UTC"),
            [
                one("2024-01-31", "2024-01-31T00:00:00Z", 24 * 60),
                one("2024-02-01", "2024-02-01T00:00:00Z", 29 * 24 * 60),
                one("2024-03-01", "2024-03-01T00:00:00Z", 24 * 60),
            ]
        );
    }

    #[test]
    fn hours_that_clocks_skip_and_repeat() {
        let spring = of(date(2026, 3, 29), date(2026, 3, 29), Step::Hour, "Europe/Berlin");
        assert_eq!(spring.len(), 23);
        let autumn = of(date(2026, 10, 25), date(2026, 10, 25), Step::Hour, "Europe/Berlin");
        assert_eq!(autumn.len(), 24);
        assert_eq!(autumn[2], one("2026-10-25", "2026-10-25T00:00:00Z", 120));
    }

    #[test]
    fn steps_adjoin_and_cover_the_range() {
        for zone in ["UTC", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"] {
            let zone = TimeZone::get(zone).unwrap();
            for step in Step::ALL {
                let steps = steps(date(2011, 12, 1), date(2012, 2, 1), step, &zone).unwrap();
                assert!(steps.windows(2).all(|pair| pair[0].instants.end == pair[1].instants.start), "{step:?}");
                assert!(steps.iter().all(|step| step.instants.start.as_second() % 900 == 0));
            }
        }
    }

    #[test]
    fn clocks_are_cut_at_their_jumps() {
        let of = |from: &str, to: &str, zone: &str| {
            let range = from.parse::<Timestamp>().unwrap()..to.parse().unwrap();
            clocks(&range, &TimeZone::get(zone).unwrap())
                .into_iter()
                .map(|clock| (clock.range.start.to_string(), clock.offset_seconds / 60))
                .collect::<Vec<_>>()
        };
        let one = |start: &str, minutes: i64| (start.to_owned(), minutes);
        assert_eq!(of("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC"), [one("2026-01-01T00:00:00Z", 0)]);
        assert_eq!(
            of("2026-03-28T23:00:00Z", "2026-10-26T00:00:00Z", "Europe/Berlin"),
            [one("2026-03-28T23:00:00Z", 60), one("2026-03-29T01:00:00Z", 120), one("2026-10-25T01:00:00Z", 60)]
        );
        // Each jump ends one range and starts another.
        assert_eq!(of("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "Europe/Berlin").len(), 1);
        assert_eq!(
            of("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "Europe/Berlin"),
            [one("2026-03-29T01:00:00Z", 120)]
        );
        // The offset changed there at one minute past midnight.
        assert_eq!(
            of("2010-11-07T00:00:00Z", "2010-11-08T00:00:00Z", "America/St_Johns"),
            [one("2010-11-07T00:00:00Z", -150), one("2010-11-07T02:45:00Z", -210)]
        );
        assert_eq!(of("2010-11-07T00:00:00Z", "2010-11-07T00:00:00Z", "UTC"), []);
    }

    #[test]
    fn hours_of_the_week_are_those_that_clocks_show() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let of = |from, to, weekdays: &[&str], hours: &[u8]| {
            let weekdays: BTreeSet<Weekday> = weekdays.iter().map(|name| name.parse().unwrap()).collect();
            let range = days(Some(from), Some(to), &zone).unwrap();
            let ranges = hours_of_week(&range, &zone, &weekdays, &hours.iter().copied().collect()).unwrap();
            let minutes = |s: &Range<Timestamp>| s.end.duration_since(s.start).as_mins();
            ranges.iter().map(|s| (s.start.to_string(), minutes(s))).collect::<Vec<_>>()
        };
        let one = |start: &str, minutes: i64| (start.to_owned(), minutes);
        let (from, to) = (date(2026, 3, 16), date(2026, 4, 5));
        assert_eq!(
            of(from, to, &["sunday"], &[1, 2, 3]),
            [one("2026-03-22T00:00:00Z", 180), one("2026-03-29T00:00:00Z", 120), one("2026-04-04T23:00:00Z", 180)]
        );
        assert_eq!(
            of(from, date(2026, 3, 22), &["monday", "tuesday"], &[]),
            [one("2026-03-15T23:00:00Z", 2 * 24 * 60)]
        );
        assert_eq!(
            of(from, date(2026, 3, 17), &[], &[9]),
            [one("2026-03-16T08:00:00Z", 60), one("2026-03-17T08:00:00Z", 60)]
        );
        assert_eq!(of(date(2026, 10, 25), date(2026, 10, 25), &[], &[2]), [one("2026-10-25T00:00:00Z", 120)]);
        assert_eq!(of(date(2026, 3, 29), date(2026, 3, 29), &[], &[2]), []);
        let range = days(Some(date(2000, 1, 1)), Some(date(9998, 12, 31)), &zone).unwrap();
        let none = BTreeSet::new();
        assert_eq!(hours_of_week(&range, &zone, &none, &(0..24).collect()), Err(StepsError::TooManyHours));
        let range = days(Some(date(2000, 1, 1)), Some(date(2100, 1, 1)), &zone).unwrap();
        assert_eq!(hours_of_week(&range, &zone, &none, &[9].into()), Err(StepsError::TooManyHours));
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        let steps = |from, to, step| steps(from, to, step, &TimeZone::UTC);
        let (from, to) = (date(2026, 1, 2), date(2026, 1, 1));
        assert_eq!(steps(from, to, Step::Day), Err(StepsError::Backwards { from, to }));
        assert_eq!(steps(date(1999, 1, 1), date(2026, 1, 1), Step::Day), Err(StepsError::OutOfRange));
        assert_eq!(steps(date(9999, 1, 1), date(9999, 1, 1), Step::Day), Err(StepsError::OutOfRange));
        assert_eq!(steps(date(9998, 12, 31), date(9998, 12, 31), Step::Day).unwrap().len(), 1);
        assert_eq!(steps(date(2000, 1, 1), date(9998, 1, 1), Step::Hour), Err(StepsError::TooMany(Step::Hour)));
    }
}
