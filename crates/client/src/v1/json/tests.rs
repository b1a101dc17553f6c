use std::fmt::Debug;

use js_sys::JSON;
use ringback_api::{AccountSid, CallSid, KeySid, SummarySid};
use serde::Serialize;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

fn read<T: FromJson>(json: &str) -> Option<T> {
    T::from_json(&JSON::parse(json).unwrap())
}

/// Checks that the JSON that the server writes is read as the same value.
fn round_trips<T: FromJson + Serialize + Debug + PartialEq>(value: T) {
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(read(&json), Some(value), "{json}");
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_773_576_000 + second).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

const ACCOUNT: AccountSid = AccountSid::from_bytes([0xac; 16]);
const SUMMARY: SummarySid = SummarySid::from_bytes([0xf5; 16]);
const FIGURES: Figures =
    Figures { calls: 9_007_199_254_740_991, asked: 7, dismissed: 1, scores: Scores::new([1, 2, 3, 0, 1]) };

fn issues() -> Vec<IssueStats> {
    let stats = |(n, issue)| IssueStats { issue, scores: Scores::new([n, 0, 0, 0, 1]) };
    (1..).zip(Issue::ALL).map(stats).collect()
}

#[wasm_bindgen_test]
fn figures_round_trip() {
    let stats = Stats {
        from: day("2026-03-01"),
        to: day("2026-03-31"),
        time_zone: "Europe/Berlin".into(),
        step: Step::Hour,
        totals: FIGURES,
        average: Some(2.75),
        median: Some(3.0),
        standard_deviation: Some(0.1 + 0.2),
        response_rate: None,
        issues: issues(),
        directions: [None, Some(Direction::Inbound), Some(Direction::Outbound)]
            .map(|direction| DirectionStats { direction, figures: FIGURES })
            .into(),
        weekday_hours: Some(Box::new([[FIGURES; 24]; 7])),
        series: vec![Point { date: day("2026-03-01"), start: at(0), figures: FIGURES }],
    };
    round_trips(Stats { weekday_hours: None, issues: vec![], average: None, ..stats.clone() });
    round_trips(stats);
    Step::ALL.into_iter().for_each(round_trips);
}

#[wasm_bindgen_test]
fn calls_round_trip() {
    let mut call = CallDetails {
        account_sid: ACCOUNT,
        sid: CallSid::from_bytes([1; 16]),
        call: Some(name("a84b@pc33")),
        party: Some(name("alice")),
        started_at: at(0),
        duration: Some(u32::MAX),
        direction: Some(Direction::Inbound),
        from: Some(name("+4930123")),
        to: Some(name("sip:büro@example.com")),
        status: Some(CallStatus::NoAnswer),
        labels: BTreeMap::from([("queue".into(), "sales".into()), ("app".into(), "1.2".into())]).try_into().unwrap(),
        asked_at: Some(at(1)),
        dismissed_at: Some(at(2)),
        created_at: at(3),
        updated_at: at(4),
        feedback: Some(FeedbackDetails {
            score: Score::Two,
            issues: [Issue::OneWayAudio, Issue::DroppedCall].into_iter().collect(),
            comment: Comment::new("<b>“hm”\u{1f61e}").ok(),
            revision: 3,
            created_at: at(5),
            updated_at: at(6),
        }),
    };
    round_trips(CallPage { calls: vec![call.clone(), call.clone()], next: Some("x".into()), cut_short: true });
    if let Some(feedback) = &mut call.feedback {
        feedback.comment = None;
        feedback.issues = IssueSet::default();
    }
    round_trips(call.clone());
    round_trips(CallDetails {
        call: None,
        party: None,
        duration: None,
        direction: None,
        from: None,
        to: None,
        status: None,
        labels: Labels::default(),
        asked_at: None,
        dismissed_at: None,
        feedback: None,
        ..call
    });
    round_trips(CallPage { calls: vec![], next: None, cut_short: false });
    for status in ["completed", "busy", "no-answer", "failed", "canceled"] {
        assert!(read::<CallStatus>(&format!("\"{status}\"")).is_some_and(|read| read.as_str() == status));
    }
    Score::ALL.into_iter().for_each(round_trips);
    let label = KnownLabel { key: "queue".into(), value: "sales".into() };
    round_trips(KnownLabels { labels: vec![label], cut_short: true });
}

#[wasm_bindgen_test]
fn summaries_round_trip() {
    let delivery = CallbackDelivery {
        summary_sid: SUMMARY,
        summary_status: SummaryStatus::Completed,
        url: "https://example.com/".into(),
        method: CallbackMethod::Get,
        state: DeliveryState::GivenUp,
        tries: 7,
        last_status: Some(503),
        last_error: Some("no route".into()),
        next_try_at: Some(at(0)),
        created_at: at(1),
        updated_at: at(2),
    };
    let summary = SummaryDetails {
        sid: SUMMARY,
        account_sid: ACCOUNT,
        start_date: day("2026-03-01"),
        end_date: day("2026-03-31"),
        include_subaccounts: true,
        status: SummaryStatus::InProgress,
        counted: Some(SummaryFigures {
            calls: 3,
            scores: Scores::new([0, 1, 0, 0, 2]),
            average: Some(4.0),
            median: Some(5.0),
            standard_deviation: None,
            issues: issues(),
        }),
        status_callback: Some(CallbackReceiver { url: "https://example.com/".into(), method: CallbackMethod::Post }),
        delivery: Some(CallbackDelivery { last_status: None, last_error: None, next_try_at: None, ..delivery.clone() }),
        created_at: at(3),
        updated_at: at(4),
    };
    round_trips(SummaryPage {
        summaries: vec![SummaryDetails { counted: None, status_callback: None, delivery: None, ..summary.clone() }],
        next: Some("x".into()),
    });
    round_trips(summary);
    round_trips(delivery);
    for (state, written) in [
        (DeliveryState::Pending, "pending"),
        (DeliveryState::Delivered, "delivered"),
        (DeliveryState::GivenUp, "given-up"),
    ] {
        assert_eq!(read(&format!("\"{written}\"")), Some(state));
    }
}

#[wasm_bindgen_test]
fn accounts_round_trip() {
    let account = AccountView {
        sid: ACCOUNT,
        name: "Example".into(),
        status: AccountStatus::Active,
        is_subaccount: false,
        time_zone: "UTC".into(),
        retention_days: NonZeroU16::new(u16::MAX),
        allowed_origins: vec!["https://phone.example".to_owned().try_into().unwrap()],
        sample: 0.25.try_into().unwrap(),
        sealed_before: Some(day("2026-01-01")),
    };
    round_trips(AccountView {
        status: AccountStatus::Suspended,
        retention_days: None,
        allowed_origins: vec![],
        sealed_before: None,
        ..account.clone()
    });
    round_trips(vec![account]);
    let key = ApiKeyView {
        sid: KeySid::from_bytes([2; 16]),
        name: String::new(),
        scopes: "mint,admin".parse().unwrap(),
        created_at: at(0),
        revoked_at: Some(at(1)),
    };
    round_trips(ApiKeyView { revoked_at: None, ..key.clone() });
    round_trips(key);
    round_trips(Session {
        account_sid: ACCOUNT,
        account_name: "Example".into(),
        scopes: Scopes::ALL,
        time_zone: "UTC".into(),
        today: day("2026-03-01"),
    });
    let token = MintedToken { token: "a.b.c".into(), expires_at: at(0), link: None };
    round_trips(MintedToken { link: Some("https://example.com/r/x".into()), ..token.clone() });
    round_trips(token);
}

#[wasm_bindgen_test]
fn secrets_and_problems_have_alternative_fields() {
    for secret in ["secret", "auth_token"] {
        let read = read::<Credentials>(&format!(r#"{{"sid": "SK1", "{secret}": "x", "name": null}}"#));
        assert_eq!(read, Some(Credentials { sid: "SK1".into(), secret: "x".into() }));
    }
    for (json, reason) in [
        (r#"{"title": "Conflict", "detail": "it is taken"}"#, Some("it is taken")),
        (r#"{"title": "Conflict"}"#, Some("Conflict")),
        (r#"{"code": 20404, "message": "not found"}"#, Some("not found")),
        ("{}", None),
        ("null", None),
    ] {
        assert_eq!(read::<Problem>(json).map(|Problem(detail)| detail).as_deref(), reason, "{json}");
    }
}

#[wasm_bindgen_test]
fn values_of_other_types_are_rejected() {
    for count in ["-1", "0.5", "4294967296", "\"1\"", "null", "true", "[]"] {
        assert_eq!(read::<u32>(count), None, "{count}");
    }
    assert_eq!(read::<Score>("6"), None);
    assert_eq!(read::<Issue>("\"\""), None);
    assert_eq!(read::<Vec<u8>>(r#"{"length": 0}"#), None);
    assert_eq!(read::<[u64; 2]>("[1]"), None);
    assert_eq!(read::<Figures>("null"), None);
    assert_eq!(read::<Figures>(r#"{"calls": 1, "asked": 1, "dismissed": 1}"#), None);
    assert_eq!(read::<Option<Date>>("\"2026-02-30\""), None);
    assert_eq!(read::<Labels>("[1]"), None);
}
