//! A plausible call history, the same on every server: weekdays are busier than weekends, most calls are good, and a
//! few bad days have one-way audio.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use ringback_api::{Call, CallSid, CallStatus, Comment, Direction, Issue, IssueSet, Labels, Leg, Name, Rating, Score};

use crate::app::App;
use crate::store::{AccountId, NewRating, PastCall, StoreError};

const DAYS: i32 = 120;
/// The bad days, counted back from today. Four consecutive days always include a weekday.
const INCIDENT: std::ops::RangeInclusive<i32> = 15..=18;

/// Adds the calls up to now that are not stored yet, and returns their number.
pub(crate) async fn load(app: &App, account: AccountId) -> Result<u64, StoreError> {
    app.store.import(account, history(app.clock.now())).await
}

fn history(now: Timestamp) -> Vec<PastCall> {
    let today = TimeZone::UTC.to_datetime(now).date();
    (0..DAYS)
        .filter_map(|ago| Some((ago, today.checked_sub(ago.days()).ok()?)))
        .flat_map(|(ago, date)| day(date, INCIDENT.contains(&ago)))
        .filter(|past| ended_at(past) < now)
        .collect()
}

fn ended_at(past: &PastCall) -> Timestamp {
    past.call.started_at + SignedDuration::from_secs(past.call.duration.unwrap_or_default().into())
}

fn day(date: Date, incident: bool) -> Vec<PastCall> {
    // The seed depends on the date alone, so that a past day stays the same.
    let seed = u64::try_from(date.duration_since(Date::ZERO).as_hours()).unwrap_or_default();
    let mut rng = StdRng::seed_from_u64(seed);
    let calls = match date.weekday().to_monday_one_offset() {
        1 => rng.random_range(105..130),
        2..=5 => rng.random_range(85..115),
        6 => rng.random_range(15..30),
        _ => rng.random_range(6..14),
    };
    (0..calls).filter_map(|_| past(&mut rng, date, incident)).collect()
}

fn past(rng: &mut StdRng, date: Date, incident: bool) -> Option<PastCall> {
    // Two peaks, before and after lunch.
    let hour = if rng.random_bool(0.55) { 9.0 } else { 13.5 } + rng.random_range(0.0..2.2) + rng.random_range(0.0..2.2);
    let midnight = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    let started_at = midnight + SignedDuration::try_from_secs_f64(hour * 3600.0).ok()?;
    let status = match rng.random_range(0..100) {
        0..88 => CallStatus::Completed,
        88..94 => CallStatus::NoAnswer,
        94..97 => CallStatus::Busy,
        97..99 => CallStatus::Canceled,
        _ => CallStatus::Failed,
    };
    let answered = status == CallStatus::Completed;
    // Most calls are short; a few are very long.
    let duration = if answered { 20 + rng.random_range(0..40) * rng.random_range(1..45) } else { 0 };
    let direction = if rng.random_bool(0.62) { Direction::Inbound } else { Direction::Outbound };
    let customer = format!("+4930{:07}", rng.random_range(0..10_000_000));
    let ours = "+493055501".to_owned();
    let (from, to) = if direction == Direction::Inbound { (customer, ours) } else { (ours, customer) };
    let queue = ["support", "support", "sales", "billing"].choose(rng)?;
    let labels = [("queue".to_owned(), (*queue).to_owned())];
    let sid = CallSid::from_bytes(rng.random());
    let ended_at = started_at + SignedDuration::from_secs(duration);
    let asked = answered && rng.random_bool(0.9);
    let rated = asked && rng.random_bool(0.36);
    // A separate generator: the bad days move with today, and the calls of a day must not.
    let mut rating_rng = StdRng::seed_from_u64(rng.random());
    let rating = rated.then(|| (rating(&mut rating_rng, incident), ended_at));
    let call = Call {
        leg: Leg::Native(sid),
        started_at,
        duration: u32::try_from(duration).ok(),
        direction: Some(direction),
        from: Name::try_from(from).ok(),
        to: Name::try_from(to).ok(),
        status: Some(status),
        labels: Labels::try_from(std::collections::BTreeMap::from(labels)).ok()?,
    };
    Some(PastCall { sid, call, asked_at: asked.then_some(ended_at), rating })
}

fn rating(rng: &mut StdRng, incident: bool) -> NewRating {
    let one_way = incident && rng.random_bool(0.7);
    let score = match (one_way, rng.random_range(0..100)) {
        (true, 0..45) | (false, 0..3) => Score::One,
        (true, 45..75) | (false, 3..7) => Score::Two,
        (true, 75..95) | (false, 7..16) => Score::Three,
        (true, _) | (false, 16..40) => Score::Four,
        (false, _) => Score::Five,
    };
    let mut issues = IssueSet::default();
    if one_way {
        issues.insert(Issue::OneWayAudio);
    }
    if score < Score::Five && rng.random_bool(0.7) {
        const LIKELY: [Issue; 14] = [
            Issue::ImperfectAudio,
            Issue::ImperfectAudio,
            Issue::ImperfectAudio,
            Issue::ImperfectAudio,
            Issue::AudioLatency,
            Issue::AudioLatency,
            Issue::AudioLatency,
            Issue::DroppedCall,
            Issue::DroppedCall,
            Issue::OneWayAudio,
            Issue::PostDialDelay,
            Issue::PostDialDelay,
            Issue::DigitsNotCaptured,
            Issue::IncorrectCallerId,
        ];
        for _ in 0..rng.random_range(1..=2) {
            issues.insert(*LIKELY.choose(rng).unwrap_or(&Issue::ImperfectAudio));
        }
    }
    let comment = rng.random_bool(0.12).then(|| comment(rng, score, one_way)).flatten();
    NewRating { rating: Rating { score, issues }, comment: Some(comment), revision: None }
}

fn comment(rng: &mut StdRng, score: Score, one_way: bool) -> Option<Comment> {
    let texts: &[&str] = match (one_way, score) {
        (true, _) => &["I could hear them but they could not hear me", "Silence on my side", "They hung up, no sound"],
        (_, Score::One | Score::Two) => &["Kept breaking up", "Echo the whole time", "Call dropped twice"],
        (_, Score::Three) => &["A bit choppy", "Slight delay", "Quiet, but fine"],
        _ => &["Crystal clear", "Thanks!", "Very friendly", "Great line"],
    };
    Comment::new(texts.choose(rng)?).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_history_is_reproducible_and_plausible() {
        let now = "2026-03-20T23:00:00Z".parse().unwrap();
        let (one, two) = (history(now), history(now));
        assert!(one.len() > 7000 && one.len() == two.len());
        assert!(one.iter().zip(&two).all(|(a, b)| a.sid == b.sid && a.call == b.call));
        assert!(one.iter().all(|past| ended_at(past) < now));
        // A day later the same calls have the same sids, so none is loaded twice.
        let known: HashSet<_> = one.iter().map(|past| past.sid).collect();
        let later = history(now + SignedDuration::from_hours(24));
        let loaded = later.iter().filter(|past| !known.contains(&past.sid));
        assert!(loaded.clone().count() > 0 && loaded.clone().all(|past| ended_at(past) >= now));
        let scores: ringback_api::Scores = one.iter().filter_map(|p| Some(p.rating.as_ref()?.0.rating.score)).collect();
        assert!((4.0..4.6).contains(&scores.average().unwrap()), "{scores:?}");
        let weekend =
            one.iter().filter(|p| TimeZone::UTC.to_datetime(p.call.started_at).weekday().to_monday_one_offset() > 5);
        assert!(weekend.count() * 8 < one.len());
    }
}
