//! After any sequence of requests, summaries and stats equal a plain recount of the calls.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use reqwest::Method;
use ringback_api::{AccountSid, CallSid, Issue};
use ringback_server::jobs::summaries;
use serde_json::{Value, json};

use crate::support::{AUTH_TOKEN, SUBACCOUNT_TOKEN, Server, json_of};

/// Zones whose clocks change in the middle of the days of the calls, and zones whose clocks do not.
const ZONES: [&str; 4] = ["UTC", "America/New_York", "America/St_Johns", "Asia/Kathmandu"];
const CALLS: u8 = 10;

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-03-06T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

/// An event of one of a few calls, half of which belong to the subaccount.
#[derive(Debug, Clone)]
enum Event {
    /// The first report of a call, or a correction.
    Reported {
        call: u8,
        start: i64,
        direction: Option<&'static str>,
    },
    Rated {
        call: u8,
        score: u8,
        issues: u8,
    },
    /// A token creates the call if it is unknown.
    RatedByToken {
        call: u8,
        start: i64,
        score: u8,
    },
    Asked {
        call: u8,
    },
    Dismissed {
        call: u8,
    },
    /// The caller is erased.
    Erased {
        call: u8,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let call = 0..CALLS;
    let start = 0i64..4 * 24 * 60;
    let direction = prop::sample::select(vec![None, Some("inbound"), Some("outbound")]);
    // Few distinct values, so that all scores are often equal.
    let score = prop_oneof![1u8..=5, Just(4)];
    let issues = prop_oneof![Just(0), Just(1), any::<u8>()];
    prop_oneof![
        4 => (call.clone(), start.clone(), direction)
            .prop_map(|(call, start, direction)| Event::Reported { call, start, direction }),
        4 => (call.clone(), score.clone(), issues).prop_map(|(call, score, issues)| Event::Rated { call, score, issues }),
        2 => (call.clone(), start, score).prop_map(|(call, start, score)| Event::RatedByToken { call, start, score }),
        1 => call.clone().prop_map(|call| Event::Asked { call }),
        1 => call.clone().prop_map(|call| Event::Dismissed { call }),
        1 => call.prop_map(|call| Event::Erased { call }),
    ]
}

/// The expected state of a call.
#[derive(Debug, Clone, Default)]
struct CallModel {
    in_subaccount: bool,
    start: Timestamp,
    direction: Option<&'static str>,
    asked: bool,
    dismissed: bool,
    rating: Option<(u8, Vec<Issue>)>,
}

fn owner(server: &Server, call: u8) -> (AccountSid, &'static str) {
    if call % 2 == 1 { (server.subaccount, SUBACCOUNT_TOKEN) } else { (server.account, AUTH_TOKEN) }
}

async fn apply(server: &Server, models: &mut [Option<CallModel>], event: &Event) {
    let (Event::Reported { call, .. }
    | Event::Rated { call, .. }
    | Event::RatedByToken { call, .. }
    | Event::Asked { call }
    | Event::Dismissed { call }
    | Event::Erased { call }) = *event;
    let (account, secret) = owner(server, call);
    let (sid, caller) = (CallSid::from_bytes([call + 1; 16]), format!("+49{call}"));
    let post = |path: &str| server.request(Method::POST, path).basic_auth(account, Some(secret));
    let v1 = |path: &str| post(&format!("/v1/accounts/{account}{path}"));
    let feedback = format!("/2010-04-01/Accounts/{account}/Calls/{sid}/Feedback.json");
    let model = &mut models[usize::from(call)];
    let new = |start| CallModel { in_subaccount: call % 2 == 1, start: at(start), ..CallModel::default() };
    let known = if model.is_some() { 204 } else { 404 };
    match *event {
        Event::Reported { start, direction, .. } => {
            let line = json!({ "sid": sid, "started_at": at(start), "direction": direction, "from": caller });
            assert_eq!(json_of(v1("/calls").json(&line)).await.0, 200);
            let model = model.get_or_insert(new(start));
            model.start = at(start);
            model.direction = direction.or(model.direction);
        }
        Event::Rated { score, issues, .. } => {
            let issues: Vec<_> =
                (0..8).filter(|bit| issues >> bit & 1 == 1).map(|bit: usize| Issue::ALL[bit]).collect();
            let mut form = vec![("QualityScore", score.to_string())];
            form.extend(issues.iter().map(|issue| ("Issue", issue.to_string())));
            let status = json_of(post(&feedback).form(&form)).await.0;
            assert_eq!(status == 404, model.is_none());
            if let Some(model) = model {
                model.rating = Some((score, issues));
            }
        }
        Event::RatedByToken { start, score, .. } => {
            let (_, minted) =
                json_of(v1("/rating-tokens").json(&json!({ "call": sid, "started_at": at(start) }))).await;
            let rate = server.request(Method::POST, &feedback).bearer_auth(minted["token"].as_str().unwrap());
            assert!(json_of(rate.form(&[("QualityScore", score)])).await.0 < 300);
            model.get_or_insert(new(start)).rating = Some((score, Vec::new()));
        }
        Event::Asked { .. } => {
            assert_eq!(v1(&format!("/calls/{sid}/asked")).send().await.unwrap().status(), known);
            if let Some(model) = model {
                model.asked = true;
            }
        }
        Event::Dismissed { .. } => {
            assert_eq!(v1(&format!("/calls/{sid}/dismissed")).send().await.unwrap().status(), known);
            if let Some(model) = model {
                (model.asked, model.dismissed) = (true, true);
            }
        }
        // An erasure removes phone numbers and keeps the counts.
        Event::Erased { .. } => {
            assert!(v1("/erasures").json(&json!({ "caller": caller })).send().await.unwrap().status().is_success());
        }
    }
}

/// Mean, median and standard deviation of scores, computed by their definitions.
fn statistics(mut scores: Vec<f64>) -> [Value; 3] {
    if scores.is_empty() {
        return [json!(null), json!(null), json!(null)];
    }
    scores.sort_by(f64::total_cmp);
    let count = f64::from(u32::try_from(scores.len()).unwrap());
    let mean = scores.iter().sum::<f64>() / count;
    let median = f64::midpoint(scores[(scores.len() - 1) / 2], scores[scores.len() / 2]);
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count;
    [mean, median, variance.sqrt()].map(|value| json!(value))
}

/// Average and median must be exact; the deviation may have a rounding error.
fn assert_statistics(found: &Value, prefix: &str, scores: Vec<f64>) {
    let [average, median, deviation] = statistics(scores);
    assert_eq!(found[format!("{prefix}average")], average);
    assert_eq!(found[format!("{prefix}median")], median);
    let found = &found[format!("{prefix}standard_deviation")];
    let apart = found.as_f64().zip(deviation.as_f64()).map(|(found, expected)| (found - expected).abs());
    assert!(apart.map_or(found == &deviation, |apart| apart < 1e-12), "{found} is not {deviation}");
}

fn scores(calls: &[&CallModel]) -> Vec<f64> {
    calls.iter().filter_map(|call| Some(f64::from(call.rating.as_ref()?.0))).collect()
}

fn histogram<'a>(calls: impl Iterator<Item = &'a &'a CallModel>) -> Value {
    let mut counts = [0; 5];
    for (score, _) in calls.filter_map(|call| call.rating.as_ref()) {
        counts[usize::from(score - 1)] += 1;
    }
    json!(counts)
}

fn figures(calls: &[&CallModel]) -> Value {
    json!({
        "calls": calls.len(),
        "asked": calls.iter().filter(|call| call.asked || call.rating.is_some()).count(),
        "dismissed": calls.iter().filter(|call| call.dismissed && call.rating.is_none()).count(),
        "scores": histogram(calls.iter()),
    })
}

/// `count ÷ calls` in percent, found by searching for the nearest hundredth; ties round up.
fn percentage(count: usize, calls: usize) -> String {
    let nearest = (0..=10_000).find(|hundredths| count * 20_000 < (2 * hundredths + 1) * calls).unwrap();
    let digits = format!("{nearest:03}");
    let (whole, fraction) = digits.split_at(digits.len() - 2);
    format!("{whole}.{}%", if fraction.ends_with('0') { &fraction[..1] } else { fraction })
}

async fn check_summary(server: &Server, calls: &[&CallModel], from: Date, to: Date, subaccounts: bool) {
    let path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary", server.account);
    let form =
        [("StartDate", from.to_string()), ("EndDate", to.to_string()), ("IncludeSubaccounts", subaccounts.to_string())];
    let (_, queued) = json_of(server.post(&format!("{path}.json")).form(&form)).await;
    summaries::run_due(&server.app).await.unwrap();
    let (_, summary) = json_of(server.get(&format!("{path}/{}.json", queued["sid"].as_str().unwrap()))).await;
    let days = |call: &&&CallModel| (from..=to).contains(&call.start.to_zoned(TimeZone::UTC).date());
    let calls: Vec<_> = calls.iter().filter(days).copied().collect();
    let named =
        |issue: Issue| calls.iter().filter(|call| call.rating.iter().any(|(_, all)| all.contains(&issue))).count();
    let issues: Vec<_> = Issue::ALL
        .into_iter()
        .filter(|issue| named(*issue) > 0)
        .map(|issue| {
            let count = named(issue);
            json!({ "count": count, "description": issue, "percentage_of_total_calls": percentage(count, calls.len()) })
        })
        .collect();
    assert_eq!(summary["call_count"], json!(calls.len()), "{from} to {to}: {calls:?}");
    assert_eq!(summary["call_feedback_count"], json!(scores(&calls).len()));
    assert_eq!(summary["issues"], json!(issues));
    assert_statistics(&summary, "quality_score_", scores(&calls));
}

async fn check_stats(
    server: &Server,
    calls: &[&CallModel],
    zone: &str,
    days: (Date, Date),
    only: Option<&str>,
    query: &str,
) {
    let path = format!("/v1/accounts/{}/stats?from={}&to={}&tz={zone}{query}", server.account, days.0, days.1);
    let (code, stats) = json_of(server.get(&path)).await;
    assert_eq!(code, 200, "{stats}");
    let zone = TimeZone::get(zone).unwrap();
    let local = |call: &CallModel| call.start.to_zoned(zone.clone());
    let calls: Vec<_> = calls
        .iter()
        .filter(|call| (days.0..=days.1).contains(&local(call).date()))
        .filter(|call| only.is_none_or(|only| only == call.direction.unwrap_or("unknown")))
        .copied()
        .collect();
    assert_eq!(stats["totals"], figures(&calls), "{path}");
    assert_statistics(&stats, "", scores(&calls));
    for point in stats["series"].as_array().unwrap() {
        let date: Date = point["date"].as_str().unwrap().parse().unwrap();
        let of_day: Vec<_> = calls.iter().filter(|call| local(call).date() == date).copied().collect();
        for (name, expected) in figures(&of_day).as_object().unwrap() {
            assert_eq!(&point[name], expected, "{path}, {date}: {name}");
        }
    }
    for found in stats["issues"].as_array().unwrap() {
        let issue: Issue = found["issue"].as_str().unwrap().parse().unwrap();
        let named = calls.iter().filter(|call| call.rating.iter().any(|(_, all)| all.contains(&issue)));
        assert_eq!(found["scores"], histogram(named), "{issue}");
    }
    let issues: BTreeSet<_> = calls.iter().filter_map(|call| call.rating.as_ref()).flat_map(|(_, all)| all).collect();
    assert_eq!(stats["issues"].as_array().unwrap().len(), issues.len());
    for found in stats["directions"].as_array().unwrap() {
        let of = |call: &&&CallModel| json!(call.direction) == found["direction"];
        let of_direction: Vec<_> = calls.iter().filter(of).copied().collect();
        for (name, expected) in figures(&of_direction).as_object().unwrap() {
            assert_eq!(&found[name], expected, "{path}, {}: {name}", found["direction"]);
        }
    }
    let directions: BTreeSet<_> = calls.iter().map(|call| call.direction).collect();
    assert_eq!(stats["directions"].as_array().unwrap().len(), directions.len());
    for (weekday, hours) in (0i8..).zip(stats["weekday_hours"].as_array().unwrap()) {
        for (hour, found) in (0i8..).zip(hours.as_array().unwrap()) {
            let then = |call: &&&CallModel| {
                let local = local(call);
                (local.weekday().to_monday_zero_offset(), local.hour()) == (weekday, hour)
            };
            let of_hour: Vec<_> = calls.iter().filter(then).copied().collect();
            assert_eq!(found, &figures(&of_hour), "{path}, weekday {weekday}, hour {hour}");
        }
    }
}

#[tokio::test]
async fn more_feedback_than_calls_is_reported_as_stored() {
    let server = Server::start().await;
    for n in 1..=3 {
        let sid = server.call(n, "2026-03-06T12:00:00Z").await;
        json_of(server.post(&server.feedback(sid)).form(&[("QualityScore", "2"), ("Issue", "one-way-audio")])).await;
    }
    // No request leads to this state, but Twilio's API once returned such a summary.
    server.sql("UPDATE buckets SET calls = 2").await;
    let path = format!("/2010-04-01/Accounts/{}/Calls/FeedbackSummary", server.account);
    let form = [("StartDate", "2026-03-06"), ("EndDate", "2026-03-06")];
    let (_, queued) = json_of(server.post(&format!("{path}.json")).form(&form)).await;
    summaries::run_due(&server.app).await.unwrap();
    let (_, summary) = json_of(server.get(&format!("{path}/{}.json", queued["sid"].as_str().unwrap()))).await;
    assert_eq!((&summary["call_count"], &summary["call_feedback_count"]), (&json!(2), &json!(3)));
    let issue = json!({ "count": 3, "description": "one-way-audio", "percentage_of_total_calls": "150.0%" });
    assert_eq!(summary["issues"], json!([issue]));
    let (_, stats) =
        json_of(server.get(&format!("/v1/accounts/{}/stats?from=2026-03-06&to=2026-03-06", server.account))).await;
    assert_eq!((&stats["totals"]["calls"], &stats["totals"]["scores"]), (&json!(2), &json!([0, 3, 0, 0, 0])));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn summaries_and_stats_equal_a_recount(
        events in prop::collection::vec(event(), 1..50),
        zone in prop::sample::select(ZONES.to_vec()),
        first in 0i64..4,
        length in 0i64..4,
        only in prop::sample::select(vec![None, Some("inbound"), Some("unknown")]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::start().await;
            let mut models = vec![None; usize::from(CALLS)];
            for event in &events {
                apply(&server, &mut models, event).await;
            }
            let all: Vec<&CallModel> = models.iter().flatten().collect();
            let own: Vec<&CallModel> = all.iter().filter(|call| !call.in_subaccount).copied().collect();
            let day = |n: i64| at(n * 24 * 60).to_zoned(TimeZone::UTC).date();
            let (from, to) = (day(first), day(first + length));
            for (calls, subaccounts) in [(&own, false), (&all, true)] {
                check_summary(&server, calls, from, to, subaccounts).await;
                let query = format!("&subaccounts={subaccounts}&weekday_hours=true");
                check_stats(&server, calls, zone, (from, to), None, &query).await;
                if let Some(only) = only {
                    check_stats(&server, calls, zone, (from, to), Some(only), &format!("{query}&direction={only}")).await;
                }
            }
            server.ratings().await;
        });
    }
}
