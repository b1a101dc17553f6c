use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{Direction, Figures, Issue, OnlyDirection, Rating, Scores, WeekdayHours};

use super::{AccountId, Reach};

/// What is to be counted.
#[derive(Debug, Clone)]
pub struct Question {
    /// Whose calls.
    pub account: AccountId,
    /// Its own, or its subaccounts' too.
    pub reach: Reach,
    /// Of one direction; `None`: of all.
    pub direction: Option<OnlyDirection>,
    /// Adjoining steps of time, ascending. Ends must be on quarter-hours.
    pub steps: Vec<Range<Timestamp>>,
    /// What clocks show in the steps; empty unless weekday × hour is asked for.
    pub clocks: Vec<ClockSpan>,
}

/// A time during which the clocks of a zone are the same time ahead of UTC. Ends must be on quarter-hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockSpan {
    /// From when until when.
    pub range: Range<Timestamp>,
    /// How far ahead, in seconds.
    pub ahead: i64,
}

/// How often each issue was named, in the API's order, by the score of the rating that named it.
pub type IssueScores = [Scores; 8];

/// What was counted over some steps of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// One a step.
    pub steps: Vec<Figures>,
    /// Over all steps.
    pub issues: IssueScores,
    /// Over all steps; those that occurred.
    pub directions: BTreeMap<Option<Direction>, Figures>,
    /// Over all clocks; `None` if none were given.
    pub hours: Option<Box<WeekdayHours>>,
}

impl Counts {
    /// The figures of all steps together.
    #[must_use]
    pub fn total(&self) -> Figures {
        self.steps.iter().fold(Figures::default(), |mut total, step| {
            total.add(step);
            total
        })
    }
}

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Span {
    /// Fits every time zone's days and hours.
    QuarterHour,
    /// A UTC day, so that long ranges read few rows.
    Day,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = Timestamp::from_second(self.start).map_err(|_| fmt::Error)?;
        let span = match self.span {
            Span::QuarterHour => "quarter-hour",
            Span::Day => "day",
        };
        let direction = match self.direction {
            None => "no direction",
            Some(Direction::Inbound) => "inbound",
            Some(Direction::Outbound) => "outbound",
        };
        write!(f, "account {}, {span} from {start}, {direction}", self.account.0)
    }
}

impl Span {
    const ALL: [Self; 2] = [Self::QuarterHour, Self::Day];

    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::QuarterHour => 900,
            Self::Day => 86_400,
        }
    }

    /// The start of the bucket that an instant is in, in seconds.
    fn start_of(self, at: Timestamp) -> i64 {
        let seconds = at.as_second();
        seconds - seconds.rem_euclid(self.seconds())
    }
}

/// Which bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) account: AccountId,
    pub(super) span: Span,
    /// In seconds since 1970.
    pub(super) start: i64,
    pub(super) direction: Option<Direction>,
}

/// What buckets know of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) account: AccountId,
    pub(super) started_at: Timestamp,
    pub(super) direction: Option<Direction>,
    /// Whether the party was asked.
    pub(super) asked: bool,
    /// Whether the party said no.
    pub(super) dismissed: bool,
    pub(super) rating: Option<Rating>,
}

/// By how much the counts of one bucket change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) calls: i64,
    pub(super) asked: i64,
    pub(super) dismissed: i64,
    pub(super) scores: [i64; 5],
    pub(super) issues: [[i64; 5]; 8],
}

impl fmt::Display for Delta {
    /// Only what is not nothing.
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

    fn count(&mut self, call: &Counted, sign: i64) {
        self.calls += sign;
        // Somebody who rated had the chance to, whether or not a widget said so, and did not say no in the end.
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

/// How a change of calls changes the buckets: what was counted before is taken out, what is true now put in.
#[derive(Debug, Default)]
pub(super) struct Ledger(BTreeMap<Key, Delta>);

impl Ledger {
    /// Notes that a call which was counted as `before` (`None`: not at all) now counts as `after`.
    pub(super) fn change(&mut self, before: Option<&Counted>, after: &Counted) {
        if let Some(before) = before {
            self.count(before, -1);
        }
        self.count(after, 1);
    }

    fn count(&mut self, call: &Counted, sign: i64) {
        for span in Span::ALL {
            let start = span.start_of(call.started_at);
            let key = Key { account: call.account, span, start, direction: call.direction };
            self.0.entry(key).or_default().count(call, sign);
        }
    }

    /// The buckets that change.
    pub(super) fn into_changes(self) -> impl Iterator<Item = (Key, Delta)> {
        self.0.into_iter().filter(|(_, delta)| !delta.is_zero())
    }
}

/// A part of a range that buckets of one span cover; in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) span: Span,
    pub(super) range: Range<i64>,
}

/// Covers a range by as few buckets as there are: whole UTC days, and quarter-hours at the ends.
pub(super) fn cover(range: &Range<Timestamp>) -> impl Iterator<Item = Piece> + use<> {
    let day = Span::Day.seconds();
    let (start, end) = (range.start.as_second(), range.end.as_second());
    let first = start + (-start).rem_euclid(day);
    let last = end - end.rem_euclid(day);
    let pieces = if first < last {
        [(Span::QuarterHour, start..first), (Span::Day, first..last), (Span::QuarterHour, last..end)]
    } else {
        [(Span::QuarterHour, start..end), (Span::Day, 0..0), (Span::Day, 0..0)]
    };
    pieces.into_iter().map(|(span, range)| Piece { span, range }).filter(|piece| !piece.range.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn pieces(from: &str, to: &str) -> Vec<(Span, i64)> {
        cover(&(at(from)..at(to))).map(|p| (p.span, (p.range.end - p.range.start) / p.span.seconds())).collect()
    }

    #[test]
    fn whole_days_are_read_as_days() {
        assert_eq!(pieces("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"), [(Span::Day, 3)]);
        assert_eq!(
            pieces("2026-03-01T23:00:00Z", "2026-03-04T01:15:00Z"),
            [(Span::QuarterHour, 4), (Span::Day, 2), (Span::QuarterHour, 5)]
        );
        assert_eq!(pieces("2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"), [(Span::QuarterHour, 96)]);
        assert_eq!(pieces("2026-03-01T23:00:00Z", "2026-03-01T23:00:00Z"), []);
    }

    #[test]
    fn a_call_before_1970_is_in_the_bucket_that_holds_it() {
        assert_eq!(Span::QuarterHour.start_of(Timestamp::from_second(-1).unwrap()), -900);
        assert_eq!(Span::Day.start_of(Timestamp::from_second(-1).unwrap()), -86_400);
    }

    #[test]
    fn a_change_that_changes_nothing_touches_no_bucket() {
        let call = Counted {
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
