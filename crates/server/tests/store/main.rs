//! The contract of every store, run on SQLite.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop at once")]

mod callbacks;
mod listing;
mod migrations;
mod snapshot;
mod summaries;

use std::ops::Range;
use std::sync::Arc;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ringback_api::{
    AccountSid, Call, CallSid, CallStatus, Comment, Direction, DirectionFilter, Figures, Issue, IssueSet, Labels, Leg,
    Rating, Score, Scores, WeekdayHours,
};
use ringback_server::clock::SystemEntropy;
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{
    Account, AccountId, CountQuery, Counts, NewAccount, NewRating, OffsetSpan, PastCall, Rated, ReportedCall, Store,
    StoreError, Subaccounts, Target, TokenCall,
};
use ringback_server::vault::Vault;
use tempfile::TempDir;

const QUARTER: i64 = 900;
const DAYS: i64 = 3;

struct Fixture {
    store: Arc<dyn Store>,
    account: Account,
    subaccount: Account,
    folder: TempDir,
}

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-03-10T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
    let account = create(&store, 1, None).await;
    let subaccount = create(&store, 2, Some(account.id)).await;
    Fixture { store: Arc::new(store), account, subaccount, folder }
}

async fn create(store: &dyn Store, n: u8, parent: Option<AccountId>) -> Account {
    let auth_token = Vault::new(&[1; 32]).seal("token", &SystemEntropy).unwrap();
    let sid = AccountSid::from_bytes([n; 16]);
    let new = NewAccount { sid, parent, name: n.to_string(), auth_token, is_demo: false };
    store.create_account(new, at(0)).await.unwrap().unwrap()
}

fn call(sid: CallSid, seconds: i64, direction: Option<Direction>) -> (CallSid, Call) {
    let call = Call {
        leg: Leg::Native(sid),
        started_at: at(seconds),
        duration: None,
        direction,
        from: None,
        to: None,
        status: None,
        labels: Labels::default(),
    };
    (sid, call)
}

fn query(account: AccountId, subaccounts: Subaccounts, steps: Vec<Range<Timestamp>>) -> CountQuery {
    CountQuery { account, subaccounts, direction: None, steps, offset_spans: Vec::new() }
}

fn reported(sid: CallSid, seconds: i64, direction: Option<Direction>) -> ReportedCall {
    let (sid, call) = call(sid, seconds, direction);
    ReportedCall { sid, call, callers: Vec::new() }
}

fn rating(score: Score, issues: IssueSet) -> NewRating {
    NewRating { rating: Rating { score, issues }, comment: None, revision: None }
}

#[tokio::test]
async fn a_rating_is_created_and_updated_and_its_comment_is_cleared() {
    let Fixture { store, account, folder: _folder, .. } = fixture().await;
    let sid = CallSid::from_bytes([1; 16]);
    let target = Target { account: account.id, sid, create_from: None };

    // The call is unknown.
    assert_eq!(store.rating(account.id, sid).await.unwrap(), None);
    assert_eq!(store.rate(target.clone(), rating(Score::One, IssueSet::default()), at(1)).await.unwrap(), None);
    assert!(!store.mark_asked(target.clone(), at(1)).await.unwrap());

    // The call is reported, rated, and rated again; a comment stays until it is cleared.
    store.record_calls(account.id, vec![reported(sid, 0, None)], at(2)).await.unwrap();
    let comment = Some(Comment::new("choppy").unwrap());
    let first = NewRating { comment: Some(comment.clone()), ..rating(Score::Two, IssueSet::default()) };
    let Some(Rated::Created(created)) = store.rate(target.clone(), first, at(3)).await.unwrap() else { panic!() };
    assert_eq!((created.created_at, created.updated_at, &created.comment), (at(3), at(3), &comment));
    let second = rating(Score::Five, IssueSet::default());
    let Some(Rated::Updated(updated)) = store.rate(target.clone(), second, at(4)).await.unwrap() else { panic!() };
    assert_eq!((updated.created_at, updated.updated_at, &updated.comment), (at(3), at(4), &comment));
    let cleared = NewRating { comment: Some(None), ..rating(Score::Five, IssueSet::default()) };
    store.rate(target, cleared, at(5)).await.unwrap();
    assert_eq!(store.rating(account.id, sid).await.unwrap().unwrap().comment, None);
    let found = store.verify().await.unwrap();
    assert_eq!((found.calls, found.ratings, found.differences), (1, 1, vec![]));
}

#[tokio::test]
async fn a_correction_keeps_the_fields_that_it_omits() {
    let Fixture { store, account, folder, .. } = fixture().await;
    let (sid, bare) = call(CallSid::from_bytes([1; 16]), 0, None);
    let full = Call {
        duration: Some(61),
        direction: Some(Direction::Inbound),
        from: Some("+4930123".parse().unwrap()),
        to: Some("sip:x@y".parse().unwrap()),
        status: Some(CallStatus::NoAnswer),
        labels: std::collections::BTreeMap::from([("queue".to_owned(), "sales".to_owned())]).try_into().unwrap(),
        ..bare.clone()
    };
    store.record_calls(account.id, vec![ReportedCall { sid, call: full, callers: Vec::new() }], at(0)).await.unwrap();
    let correction = Call { status: Some(CallStatus::Busy), ..bare };
    store
        .record_calls(account.id, vec![ReportedCall { sid, call: correction, callers: Vec::new() }], at(1))
        .await
        .unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    let sql = "SELECT duration || ' ' || direction || ' ' || caller || ' ' || callee || ' ' || status || ' ' || labels FROM calls";
    let stored: String = sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap();
    assert_eq!(stored, r#"61 inbound +4930123 sip:x@y busy {"queue":"sales"}"#);
}

#[tokio::test]
async fn a_repeated_import_adds_only_unknown_calls() {
    let Fixture { store, account, folder: _folder, .. } = fixture().await;
    let past = |n: u8, score| {
        let (sid, call) = call(CallSid::from_bytes([n; 16]), 0, None);
        PastCall { sid, call, asked_at: Some(at(1)), rating: Some((rating(score, IssueSet::default()), at(2))) }
    };
    assert_eq!(store.import(account.id, vec![past(1, Score::One), past(2, Score::Two)]).await.unwrap(), 2);
    assert_eq!(store.import(account.id, vec![past(1, Score::Five), past(3, Score::Three)]).await.unwrap(), 1);
    let counts = store.count(query(account.id, Subaccounts::Excluded, vec![at(0)..at(QUARTER)])).await.unwrap();
    assert_eq!(counts.total().scores, Scores::new([1, 1, 1, 0, 0]));
    assert_eq!(store.verify().await.unwrap().differences, [""; 0]);
}

#[tokio::test]
async fn a_feed_overrides_the_claims_of_a_token() {
    let Fixture { store, account, folder: _folder, .. } = fixture().await;
    let sid = CallSid::from_bytes([1; 16]);
    let token_call = TokenCall {
        leg: Leg::Native(sid),
        started_at: at(0),
        direction: None,
        labels: Labels::default(),
        callers: Vec::new(),
    };
    let target = Target { account: account.id, sid, create_from: Some(token_call) };
    assert!(store.mark_asked(target.clone(), at(1)).await.unwrap());
    store.record_calls(account.id, vec![reported(sid, 86_400, Some(Direction::Inbound))], at(2)).await.unwrap();
    store.rate(target, rating(Score::One, IssueSet::default()), at(3)).await.unwrap();
    let days = vec![at(0)..at(86_400), at(86_400)..at(2 * 86_400)];
    let counts = store.count(query(account.id, Subaccounts::Excluded, days)).await.unwrap();
    assert_eq!(
        counts.steps.iter().map(|day| (day.calls, day.asked, day.rated())).collect::<Vec<_>>(),
        [(0, 0, 0), (1, 1, 1)]
    );
}

#[tokio::test]
async fn a_database_is_open_to_one_server_at_a_time() {
    let Fixture { store, folder, .. } = fixture().await;
    let path = folder.path().join("test.db");
    assert!(matches!(SqliteStore::open(&path, OpenMode::Server).await, Err(StoreError::InUse)));
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(SqliteStore::open(&link, OpenMode::Server).await, Err(StoreError::InUse)));
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "the file holds phone numbers and comments");
    SqliteStore::open(&path, OpenMode::Command).await.unwrap().close().await;
    store.close().await;
    drop(store);
    SqliteStore::open(&path, OpenMode::Server).await.unwrap();
}

#[tokio::test]
async fn a_closed_store_refuses_calls() {
    let Fixture { store, account, folder: _folder, .. } = fixture().await;
    store.close().await;
    let refused = store.record_calls(account.id, vec![], at(0)).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
}

/// An event of one of a few calls.
#[derive(Debug, Clone)]
enum Event {
    Reported { call: u8, start: i64, direction: Option<Direction> },
    Asked { call: u8 },
    Dismissed { call: u8 },
    Rated { call: u8, score: Score, issues: IssueSet },
    RatedByToken { call: u8, start: i64, score: Score },
}

fn event() -> impl Strategy<Value = Event> {
    let call = 0u8..6;
    // The first, second or last second of any quarter-hour in three days.
    let start = (0..DAYS * 96, prop::sample::select(vec![0, 1, QUARTER - 1])).prop_map(|(n, s)| n * QUARTER + s);
    let direction = prop::option::of(prop::sample::select(vec![Direction::Inbound, Direction::Outbound]));
    let score = prop::sample::select(Score::ALL.to_vec());
    prop_oneof![
        (call.clone(), start.clone(), direction).prop_map(|(call, start, direction)| Event::Reported {
            call,
            start,
            direction
        }),
        call.clone().prop_map(|call| Event::Asked { call }),
        call.clone().prop_map(|call| Event::Dismissed { call }),
        (call.clone(), score.clone(), any::<u8>()).prop_map(|(call, score, bits)| Event::Rated {
            call,
            score,
            issues: IssueSet::from_bits(bits)
        }),
        (call, start, score).prop_map(|(call, start, score)| Event::RatedByToken { call, start, score }),
    ]
}

/// The expected state of a call.
#[derive(Debug, Clone, Copy)]
struct CallModel {
    start: i64,
    direction: Option<Direction>,
    asked: bool,
    dismissed: bool,
    rating: Option<Rating>,
}

impl CallModel {
    fn new(start: i64) -> Self {
        Self { start, direction: None, asked: false, dismissed: false, rating: None }
    }
}

async fn apply(store: &dyn Store, account: AccountId, models: &mut [Option<CallModel>; 6], event: &Event) {
    let sid = |call: u8| CallSid::from_bytes([call; 16]);
    let target = |call: u8| Target { account, sid: sid(call), create_from: None };
    match *event {
        Event::Reported { call: n, start, direction } => {
            store.record_calls(account, vec![reported(sid(n), start, direction)], at(0)).await.unwrap();
            let model = models[usize::from(n)].get_or_insert(CallModel::new(start));
            model.start = start;
            model.direction = direction.or(model.direction);
        }
        Event::Asked { call } => {
            let known = store.mark_asked(target(call), at(0)).await.unwrap();
            let model = &mut models[usize::from(call)];
            assert_eq!(known, model.is_some());
            if let Some(model) = model {
                model.asked = true;
            }
        }
        Event::Dismissed { call } => {
            let known = store.mark_dismissed(target(call), at(0)).await.unwrap();
            let model = &mut models[usize::from(call)];
            assert_eq!(known, model.is_some());
            if let Some(model) = model {
                (model.asked, model.dismissed) = (true, true);
            }
        }
        Event::Rated { call, score, issues } => {
            let rated = store.rate(target(call), rating(score, issues), at(0)).await.unwrap();
            let model = &mut models[usize::from(call)];
            assert_eq!(rated.is_some(), model.is_some());
            if let Some(model) = model {
                model.rating = Some(Rating { score, issues });
            }
        }
        Event::RatedByToken { call, start, score } => {
            let (leg, labels) = (Leg::Native(sid(call)), Labels::default());
            let token_call = TokenCall { leg, started_at: at(start), direction: None, labels, callers: Vec::new() };
            let target = Target { create_from: Some(token_call), ..target(call) };
            store.rate(target, rating(score, IssueSet::default()), at(0)).await.unwrap().unwrap();
            let model = models[usize::from(call)].get_or_insert(CallModel::new(start));
            model.rating = Some(Rating { score, issues: IssueSet::default() });
        }
    }
}

/// Counts the models one call at a time.
fn recount(models: &[CallModel], query: &CountQuery) -> Counts {
    let steps = &query.steps;
    let models: Vec<_> = models.iter().filter(|t| query.direction.is_none_or(|only| only.0 == t.direction)).collect();
    let within =
        |range: &Range<Timestamp>| models.iter().copied().filter(|t| range.contains(&at(t.start))).collect::<Vec<_>>();
    let figures = |calls: &[&CallModel]| Figures {
        calls: calls.len() as u64,
        asked: calls.iter().filter(|call| call.asked || call.rating.is_some()).count() as u64,
        dismissed: calls.iter().filter(|call| call.dismissed && call.rating.is_none()).count() as u64,
        scores: calls.iter().filter_map(|call| Some(call.rating?.score)).collect::<Scores>(),
    };
    let all = within(&(steps[0].start..steps[steps.len() - 1].end));
    let with = |issue| move |call: &&&CallModel| call.rating.is_some_and(|rating| rating.issues.contains(issue));
    let directions = [None, Some(Direction::Inbound), Some(Direction::Outbound)].map(|direction| {
        let calls: Vec<_> = all.iter().copied().filter(|call| call.direction == direction).collect();
        (direction, figures(&calls))
    });
    let mut hours = Box::new(WeekdayHours::default());
    for span in &query.offset_spans {
        for call in within(&span.range) {
            let quarter = at(call.start - call.start.rem_euclid(QUARTER));
            let local = Offset::from_seconds(span.offset_seconds.try_into().unwrap()).unwrap().to_datetime(quarter);
            let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap();
            hours[weekday][usize::try_from(local.hour()).unwrap()].add(&figures(&[call]));
        }
    }
    Counts {
        steps: steps.iter().map(|step| figures(&within(step))).collect(),
        issues: Issue::ALL.map(|issue| all.iter().filter(with(issue)).filter_map(|c| Some(c.rating?.score)).collect()),
        directions: directions.into_iter().filter(|(_, figures)| figures.calls > 0).collect(),
        hours: (!query.offset_spans.is_empty()).then_some(hours),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// After any sequence of events, over any steps.
    #[test]
    fn buckets_equal_a_recount(
        events in prop::collection::vec((any::<bool>(), event()), 1..60),
        mut cuts in prop::collection::btree_set(0..=DAYS * 96, 2..6),
        direction in prop::sample::select(vec![
            None, Some(DirectionFilter(None)), Some(DirectionFilter(Some(Direction::Inbound))),
        ]),
        ahead in (-48i64..=56, -48i64..=56),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
            let (mut own, mut sub) = ([None; 6], [None; 6]);
            for (in_subaccount, event) in &events {
                let (id, models) = if *in_subaccount { (subaccount.id, &mut sub) } else { (account.id, &mut own) };
                apply(&*store, id, models, event).await;
            }
            let mut ends = Vec::new();
            while let Some(cut) = cuts.pop_first() {
                ends.push(at(cut * QUARTER));
            }
            let steps: Vec<_> = ends.windows(2).map(|pair| pair[0]..pair[1]).collect();
            // The clocks change at one of the cuts.
            let [first, .., last] = ends[..] else { unreachable!() };
            let clocks = [(first..ends[ends.len() / 2], ahead.0), (ends[ends.len() / 2]..last, ahead.1)];
            let offset_spans = clocks.map(|(range, quarters)| OffsetSpan { range, offset_seconds: quarters * QUARTER }).to_vec();
            let own: Vec<CallModel> = own.into_iter().flatten().collect();
            let sub: Vec<CallModel> = sub.into_iter().flatten().collect();
            let both = [own.clone(), sub.clone()].concat();
            for (id, subaccounts, models) in [
                (account.id, Subaccounts::Excluded, &own),
                (subaccount.id, Subaccounts::Included, &sub),
                (account.id, Subaccounts::Included, &both),
            ] {
                let query =
                    CountQuery { account: id, subaccounts, direction, steps: steps.clone(), offset_spans: offset_spans.clone() };
                prop_assert_eq!(recount(models, &query), store.count(query).await.unwrap());
            }
            prop_assert_eq!(store.verify().await.unwrap().differences, Vec::<String>::new());
            store.close().await;
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn verify_finds_wrong_buckets() {
    let Fixture { store, account, folder, .. } = fixture().await;
    store.record_calls(account.id, vec![reported(CallSid::from_bytes([1; 16]), 0, None)], at(0)).await.unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    for (spoil, differences) in [
        ("UPDATE buckets SET calls = 2 WHERE span = 900", 1),
        ("UPDATE buckets SET calls = 2", 2),
        ("INSERT INTO bucket_issues VALUES (1, 900, 0, '', 'dropped-call', 1, 0, 0, 0, 0)", 3),
        ("DELETE FROM buckets", 3),
    ] {
        sqlx::query(spoil).execute(&mut conn).await.unwrap();
        assert_eq!(store.verify().await.unwrap().differences.len(), differences, "{spoil}");
    }
}
