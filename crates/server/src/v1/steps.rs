use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan as _};
use ringback_api::Step;

use crate::store::ClockSpan;

/// More points than this are not a series that anybody can look at.
const MAX_STEPS: usize = 10_000;

/// Why a range cannot be cut into steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum StepsError {
    #[error("to must not be before from")]
    Backwards,
    #[error("step {} gives more than {MAX_STEPS} steps over this range; take a longer one", .0.as_str())]
    TooMany(Step),
    #[error("from and to must be dates of the years 2000 to 9998")]
    OutOfRange,
}

/// One step: its first day, and its instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepRange {
    pub(super) date: Date,
    pub(super) instants: Range<Timestamp>,
}

/// Cuts the days from `from` to `to`, both inclusive, into steps by the clocks of a time zone.
pub(super) fn steps(from: Date, to: Date, step: Step, zone: &TimeZone) -> Result<Vec<StepRange>, StepsError> {
    if to < from {
        return Err(StepsError::Backwards);
    }
    // Since 2000 the clocks of every zone are a whole number of quarter-hours from UTC. A jump at another minute puts
    // the bucket that it is in into the step before it.
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
        // An hour that the clocks skip is empty; one that they repeat is two hours long.
        if !instants.is_empty() {
            steps.push(StepRange { date: start.date(), instants });
        }
        start = next;
    }
    Ok(steps)
}

/// What the clocks of a time zone show during the range, whose ends are on quarter-hours.
///
/// A quarter-hour belongs to what they show when it begins: a jump at another minute counts from the next one.
pub(super) fn clocks(range: &Range<Timestamp>, zone: &TimeZone) -> Vec<ClockSpan> {
    let mut spans = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let mut jumps = zone.following(start).map(|jump| next_quarter(jump.timestamp()));
        let end = jumps.find(|&jump| jump > start).map_or(range.end, |jump| jump.min(range.end));
        spans.push(ClockSpan { range: start..end, ahead: zone.to_offset(start).seconds().into() });
        start = end;
    }
    spans
}

/// The instant, or the end of the quarter-hour that it is in.
fn next_quarter(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds + (-seconds).rem_euclid(900)).unwrap_or(Timestamp::MAX)
}

/// The start of the step after the one that `at` is in.
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

/// When the clocks of the zone first show this time, or, if they skip it, when they jump over it.
fn instant(at: DateTime, zone: &TimeZone) -> Result<Timestamp, StepsError> {
    let ambiguous = zone.to_ambiguous_timestamp(at);
    let found = match ambiguous.offset() {
        // With the offset that begins at the jump, a time that is skipped lies before it.
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
                .map(|clock| (clock.range.start.to_string(), clock.ahead / 60))
                .collect::<Vec<_>>()
        };
        let one = |start: &str, minutes: i64| (start.to_owned(), minutes);
        assert_eq!(of("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC"), [one("2026-01-01T00:00:00Z", 0)]);
        assert_eq!(
            of("2026-03-28T23:00:00Z", "2026-10-26T00:00:00Z", "Europe/Berlin"),
            [one("2026-03-28T23:00:00Z", 60), one("2026-03-29T01:00:00Z", 120), one("2026-10-25T01:00:00Z", 60)]
        );
        // A jump is the end of a range, or its start.
        assert_eq!(of("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "Europe/Berlin").len(), 1);
        assert_eq!(
            of("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "Europe/Berlin"),
            [one("2026-03-29T01:00:00Z", 120)]
        );
        // Clocks there jumped at one minute past midnight.
        assert_eq!(
            of("2010-11-07T00:00:00Z", "2010-11-08T00:00:00Z", "America/St_Johns"),
            [one("2010-11-07T00:00:00Z", -150), one("2010-11-07T02:45:00Z", -210)]
        );
        assert_eq!(of("2010-11-07T00:00:00Z", "2010-11-07T00:00:00Z", "UTC"), []);
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        let steps = |from, to, step| steps(from, to, step, &TimeZone::UTC);
        assert_eq!(steps(date(2026, 1, 2), date(2026, 1, 1), Step::Day), Err(StepsError::Backwards));
        assert_eq!(steps(date(1999, 1, 1), date(2026, 1, 1), Step::Day), Err(StepsError::OutOfRange));
        assert_eq!(steps(date(9999, 1, 1), date(9999, 1, 1), Step::Day), Err(StepsError::OutOfRange));
        assert_eq!(steps(date(9998, 12, 31), date(9998, 12, 31), Step::Day).unwrap().len(), 1);
        assert_eq!(steps(date(2000, 1, 1), date(9998, 1, 1), Step::Hour), Err(StepsError::TooMany(Step::Hour)));
    }
}
