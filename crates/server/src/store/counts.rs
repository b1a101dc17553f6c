use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{Direction, DirectionFilter, Figures, Issue, Rating, Scores, WeekdayHours};

use super::{AccountId, Subaccounts};

/// A request to count calls and ratings.
#[derive(Debug, Clone)]
pub struct CountQuery {
    /// The account whose calls are counted.
    pub account: AccountId,
    /// Whether to count the subaccounts' calls, too.
    pub subaccounts: Subaccounts,
    /// Only calls of this direction; `None` counts all.
    pub direction: Option<DirectionFilter>,
    /// Adjoining time ranges in ascending order, with bounds on quarter-hours.
    pub steps: Vec<Range<Timestamp>>,
    /// The zone's UTC offsets during the steps, for counts by weekday and hour; empty to skip these counts.
    pub offset_spans: Vec<OffsetSpan>,
}

/// A time range with one UTC offset. Its bounds must be on quarter-hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetSpan {
    /// The time range.
    pub range: Range<Timestamp>,
    /// The offset from UTC in seconds, positive east of Greenwich.
    pub offset_seconds: i64,
}

/// For each issue, in the order of [`Issue::ALL`], the scores of the ratings that name it.
pub type IssueScores = [Scores; 8];

/// The result of a [`CountQuery`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The figures of each step.
    pub steps: Vec<Figures>,
    /// The issues of all steps.
    pub issues: IssueScores,
    /// The figures of all steps by direction. Directions without calls are missing.
    pub directions: BTreeMap<Option<Direction>, Figures>,
    /// The figures by weekday and hour; `None` if the query has no offsets.
    pub hours: Option<Box<WeekdayHours>>,
}

impl Counts {
    /// Returns the sum of all steps.
    #[must_use]
    pub fn total(&self) -> Figures {
        self.steps.iter().fold(Figures::default(), |mut total, step| {
            total.add(step);
            total
        })
    }
}

/// The length of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum BucketSpan {
    /// The UTC offset of every time zone since 2000 is a multiple of it, so days and hours consist of whole buckets.
    QuarterHour,
    /// A UTC day; keeps the number of rows for long ranges low.
    Day,
}

impl fmt::Display for BucketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = Timestamp::from_second(self.start).map_err(|_| fmt::Error)?;
        let span = match self.span {
            BucketSpan::QuarterHour => "quarter-hour",
            BucketSpan::Day => "day",
        };
        let direction = match self.direction {
            None => "no direction",
            Some(Direction::Inbound) => "inbound",
            Some(Direction::Outbound) => "outbound",
        };
        write!(f, "account {}, {span} from {start}, {direction}", self.account.0)
    }
}

impl BucketSpan {
    const ALL: [Self; 2] = [Self::QuarterHour, Self::Day];

    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::QuarterHour => 900,
            Self::Day => 86_400,
        }
    }

    /// Returns the start of the bucket that contains an instant, in seconds.
    fn start_of(self, at: Timestamp) -> i64 {
        let seconds = at.as_second();
        seconds - seconds.rem_euclid(self.seconds())
    }
}

/// The primary key of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BucketKey {
    pub(super) account: AccountId,
    pub(super) span: BucketSpan,
    /// Seconds since 1970.
    pub(super) start: i64,
    pub(super) direction: Option<Direction>,
}

/// The properties of a call that its buckets count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountedCall {
    pub(super) account: AccountId,
    pub(super) started_at: Timestamp,
    pub(super) direction: Option<Direction>,
    pub(super) asked: bool,
    /// Whether the party declined to rate.
    pub(super) dismissed: bool,
    pub(super) rating: Option<Rating>,
}

/// Changes to the counts of one bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) calls: i64,
    pub(super) asked: i64,
    pub(super) dismissed: i64,
    pub(super) scores: [i64; 5],
    pub(super) issues: [[i64; 5]; 8],
}

impl fmt::Display for Delta {
    /// Omits issues without ratings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, asked, dismissed, scores, .. } = self;
        write!(f, "{calls} calls, {asked} asked, {dismissed} dismissed, scores {scores:?}")?;
        for (issue, scores) in Issue::ALL.into_iter().zip(self.issues).filter(|(_, scores)| *scores != [0; 5]) {
            write!(f, ", {issue} {scores:?}")?;
        }
        Ok(())
    }
}

impl Delta {
    pub(super) fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    fn count(&mut self, call: &CountedCall, sign: i64) {
        self.calls += sign;
        // A rated call counts as asked even if no widget reported that, and never as dismissed.
        self.asked += sign * i64::from(call.asked || call.rating.is_some());
        self.dismissed += sign * i64::from(call.dismissed && call.rating.is_none());
        let Some(rating) = call.rating else { return };
        add_at(&mut self.scores, rating.score.index(), sign);
        for (scores, issue) in self.issues.iter_mut().zip(Issue::ALL) {
            if rating.issues.contains(issue) {
                add_at(scores, rating.score.index(), sign);
            }
        }
    }
}

fn add_at(counts: &mut [i64; 5], index: usize, sign: i64) {
    if let Some(count) = counts.get_mut(index) {
        *count += sign;
    }
}

/// Collects the bucket changes that follow from changed calls.
#[derive(Debug, Default)]
pub(super) struct Ledger(BTreeMap<BucketKey, Delta>);

impl Ledger {
    /// Replaces a call's counts: subtracts `before`, unless the call is new, and adds `after`.
    pub(super) fn change(&mut self, before: Option<&CountedCall>, after: &CountedCall) {
        if let Some(before) = before {
            self.count(before, -1);
        }
        self.count(after, 1);
    }

    fn count(&mut self, call: &CountedCall, sign: i64) {
        for span in BucketSpan::ALL {
            let start = span.start_of(call.started_at);
            let key = BucketKey { account: call.account, span, start, direction: call.direction };
            self.0.entry(key).or_default().count(call, sign);
        }
    }

    /// Returns the buckets whose counts change.
    pub(super) fn into_changes(self) -> impl Iterator<Item = (BucketKey, Delta)> {
        self.0.into_iter().filter(|(_, delta)| !delta.is_zero())
    }
}

/// Consecutive buckets of one span; the range is in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BucketRange {
    pub(super) span: BucketSpan,
    pub(super) range: Range<i64>,
}

/// Covers a time range with as few buckets as possible: whole UTC days, and quarter-hours at both ends.
pub(super) fn bucket_ranges(range: &Range<Timestamp>) -> impl Iterator<Item = BucketRange> + use<> {
    let day = BucketSpan::Day.seconds();
    let (start, end) = (range.start.as_second(), range.end.as_second());
    let first = start + (-start).rem_euclid(day);
    let last = end - end.rem_euclid(day);
    let ranges = if first < last {
        [(BucketSpan::QuarterHour, start..first), (BucketSpan::Day, first..last), (BucketSpan::QuarterHour, last..end)]
    } else {
        [(BucketSpan::QuarterHour, start..end), (BucketSpan::Day, 0..0), (BucketSpan::Day, 0..0)]
    };
    ranges.into_iter().map(|(span, range)| BucketRange { span, range }).filter(|range| !range.range.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn ranges(from: &str, to: &str) -> Vec<(BucketSpan, i64)> {
        bucket_ranges(&(at(from)..at(to))).map(|p| (p.span, (p.range.end - p.range.start) / p.span.seconds())).collect()
    }

    #[test]
    fn whole_days_are_read_as_days() {
        assert_eq!(ranges("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"), [(BucketSpan::Day, 3)]);
        assert_eq!(
            ranges("2026-03-01T23:00:00Z", "2026-03-04T01:15:00Z"),
            [(BucketSpan::QuarterHour, 4), (BucketSpan::Day, 2), (BucketSpan::QuarterHour, 5)]
        );
        assert_eq!(ranges("2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"), [(BucketSpan::QuarterHour, 96)]);
        assert_eq!(ranges("2026-03-01T23:00:00Z", "2026-03-01T23:00:00Z"), []);
    }

    #[test]
    fn a_call_before_1970_is_in_the_right_bucket() {
        assert_eq!(BucketSpan::QuarterHour.start_of(Timestamp::from_second(-1).unwrap()), -900);
        assert_eq!(BucketSpan::Day.start_of(Timestamp::from_second(-1).unwrap()), -86_400);
    }

    #[test]
    fn an_unchanged_call_changes_no_bucket() {
        let call = CountedCall {
            account: AccountId(1),
            started_at: at("2026-03-01T12:07:00Z"),
            direction: None,
            asked: true,
            dismissed: false,
            rating: None,
        };
        let mut ledger = Ledger::default();
        ledger.change(Some(&call), &call);
        assert_eq!(ledger.into_changes().count(), 0);
    }
}
