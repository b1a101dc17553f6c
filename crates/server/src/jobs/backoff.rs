//! When to try again what failed.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// After the first failure; each further one doubles it.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(1);
/// A receiver may ask for a longer delay than ours, up to this one.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(6);
/// From the event that is told of to the last try.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What is known after a try has failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed {
    /// When that happened of which is told.
    pub(super) since: Timestamp,
    /// When the try failed.
    pub(super) at: Timestamp,
    /// How many failed so far, this one included.
    pub(super) tries: u32,
    /// How long the receiver wants to be left alone.
    pub(super) asked: Option<SignedDuration>,
}

/// When to try again; `None` when the time for that is over.
///
/// The delay is between half of its full length and all of it, as `jitter` says, so that those who failed together do
/// not come again together.
pub(super) fn next_try(failed: &Failed, jitter: u32) -> Option<Timestamp> {
    let doublings = failed.tries.saturating_sub(1).min(16);
    let full = (FIRST_DELAY * 2i32.pow(doublings)).min(LONGEST_DELAY);
    let delay = full.mul_f64(0.5 + 0.5 * f64::from(jitter) / f64::from(u32::MAX));
    let asked = failed.asked.unwrap_or_default().min(LONGEST_ASKED);
    let next = failed.at + delay.max(asked);
    (next <= failed.since + TRIED_FOR).then_some(next)
}

/// Reads the header Retry-After: seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(SignedDuration::from_secs(seconds.into()));
    }
    let date = rfc2822::parse(value).ok()?.timestamp();
    Some(date.duration_since(now).max(SignedDuration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn failed(tries: u32) -> Failed {
        let now = at("2026-03-15T12:00:00Z");
        Failed { since: now, at: now, tries, asked: None }
    }

    fn delay(failed: Failed, jitter: u32) -> Option<i64> {
        next_try(&failed, jitter).map(|next| next.duration_since(failed.at).as_secs())
    }

    #[test]
    fn delays_double_up_to_an_hour() {
        let full = [1, 2, 3, 8, 9, 10, 11, 40, u32::MAX].map(|tries| delay(failed(tries), u32::MAX).unwrap());
        assert_eq!(full, [10, 20, 40, 1280, 2560, 3600, 3600, 3600, 3600]);
        let half = [1, 2, 10].map(|tries| delay(failed(tries), 0).unwrap());
        assert_eq!(half, [5, 10, 1800]);
        assert_eq!(delay(failed(10), u32::MAX / 2).unwrap(), 2699);
    }

    #[test]
    fn who_asks_for_a_longer_delay_gets_it_within_bounds() {
        let asked = |seconds| Failed { asked: Some(SignedDuration::from_secs(seconds)), ..failed(2) };
        assert_eq!([0, 15, 20, 21, 7200].map(|s| delay(asked(s), u32::MAX).unwrap()), [20, 20, 20, 21, 7200]);
        assert_eq!([21_600, 21_601, i64::MAX].map(|s| delay(asked(s), u32::MAX).unwrap()), [21_600; 3]);
    }

    #[test]
    fn a_day_later_it_is_over() {
        let late = |since| Failed { since: at(since), ..failed(1) };
        assert_eq!(delay(late("2026-03-14T12:00:10Z"), u32::MAX), Some(10));
        assert_eq!(delay(late("2026-03-14T12:00:09Z"), u32::MAX), None);
        assert_eq!(delay(late("2026-03-01T00:00:00Z"), 0), None);
    }

    #[test]
    fn retry_after_as_receivers_write_it() {
        let now = at("2026-03-15T12:00:00Z");
        let seconds = |value| retry_after(value, now).map(|duration| duration.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("Sun, 15 Mar 2026 12:01:30 GMT"), Some(90));
        assert_eq!(seconds("Sun, 15 Mar 2026 11:00:00 GMT"), Some(0));
        for nonsense in ["", "-1", "soon", "1.5", "99999999999", "2026-03-15T12:01:30Z"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }
}
