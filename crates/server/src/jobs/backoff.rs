//! Delays between attempts.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// The delay after the first failure; each further failure doubles it.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(1);
/// The longest delay that a receiver can request with `Retry-After`.
const LONGEST_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// Time from the event until the last attempt.
const RETRY_PERIOD: SignedDuration = SignedDuration::from_hours(24);

/// The state after a failed attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct FailedAttempt {
    /// When the summary ended.
    pub(super) ended_at: Timestamp,
    /// When the attempt failed.
    pub(super) at: Timestamp,
    /// The number of attempts, including this one.
    pub(super) tries: u32,
    /// The delay that the receiver requested with `Retry-After`.
    pub(super) retry_after: Option<SignedDuration>,
}

/// Returns the time of the next attempt, or `None` if that would be too long after the event.
///
/// `jitter` scales the delay to between half and all of its length, so that callbacks that failed together are not
/// retried together.
pub(super) fn next_try(failed: &FailedAttempt, jitter: u32) -> Option<Timestamp> {
    let doublings = failed.tries.saturating_sub(1).min(16);
    let full = (FIRST_DELAY * 2i32.pow(doublings)).min(LONGEST_DELAY);
    let delay = full.mul_f64(0.5 + 0.5 * f64::from(jitter) / f64::from(u32::MAX));
    let requested = failed.retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
    let next = failed.at + delay.max(requested);
    (next <= failed.ended_at + RETRY_PERIOD).then_some(next)
}

/// Parses the `Retry-After` header: seconds, or a date.
pub(super) fn parse_retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
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

    fn failed(tries: u32) -> FailedAttempt {
        let now = at("2026-03-15T12:00:00Z");
        FailedAttempt { ended_at: now, at: now, tries, retry_after: None }
    }

    fn delay(failed: FailedAttempt, jitter: u32) -> Option<i64> {
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
    fn a_longer_requested_delay_is_granted_within_bounds() {
        let asked = |seconds| FailedAttempt { retry_after: Some(SignedDuration::from_secs(seconds)), ..failed(2) };
        assert_eq!([0, 15, 20, 21, 7200].map(|s| delay(asked(s), u32::MAX).unwrap()), [20, 20, 20, 21, 7200]);
        assert_eq!([21_600, 21_601, i64::MAX].map(|s| delay(asked(s), u32::MAX).unwrap()), [21_600; 3]);
    }

    #[test]
    fn attempts_end_after_a_day() {
        let late = |since| FailedAttempt { ended_at: at(since), ..failed(1) };
        assert_eq!(delay(late("2026-03-14T12:00:10Z"), u32::MAX), Some(10));
        assert_eq!(delay(late("2026-03-14T12:00:09Z"), u32::MAX), None);
        assert_eq!(delay(late("2026-03-01T00:00:00Z"), 0), None);
    }

    #[test]
    fn retry_after_is_parsed() {
        let now = at("2026-03-15T12:00:00Z");
        let seconds = |value| parse_retry_after(value, now).map(|duration| duration.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("Sun, 15 Mar 2026 12:01:30 GMT"), Some(90));
        assert_eq!(seconds("Sun, 15 Mar 2026 11:00:00 GMT"), Some(0));
        for nonsense in ["", "-1", "soon", "1.5", "99999999999", "2026-03-15T12:01:30Z"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }
}
