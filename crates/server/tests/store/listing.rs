//! Lists of calls: their content, their order, and paging without gaps or repeats.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::Timestamp;
use proptest::prelude::*;
use ringback_api::{
    AccountSid, CallDetails, CallSid, Comment, Direction, DirectionFilter, Issue, IssueSet, Labels, Order, Rating,
    Score,
};
use ringback_server::store::sqlite::{OpenMode, SqliteStore};
use ringback_server::store::{AccountId, Listing, NewRating, ReportedCall, Store, Subaccounts, Target};

use crate::{Fixture, at, call, fixture};

/// A leg as the test stores it; its number is the order of storing.
#[derive(Debug, Clone)]
struct StoredLeg {
    in_subaccount: bool,
    start: i64,
    direction: Option<Direction>,
    queue: Option<&'static str>,
    rating: Option<(Score, IssueSet, bool)>,
}

fn stored_leg() -> impl Strategy<Value = StoredLeg> {
    let direction = prop::sample::select(vec![None, Some(Direction::Inbound), Some(Direction::Outbound)]);
    let queue = prop::sample::select(vec![None, Some("sales"), Some("help")]);
    let rating = prop::option::weighted(0.8, (score(), 0u8..8, any::<bool>()));
    (any::<bool>(), 0i64..6, direction, queue, rating).prop_map(|(in_subaccount, start, direction, queue, rating)| {
        let rating = rating.map(|(score, bits, comment)| (score, IssueSet::from_bits(bits), comment));
        StoredLeg { in_subaccount, start: start * 1000, direction, queue, rating }
    })
}

fn score() -> impl Strategy<Value = Score> {
    prop::sample::select(Score::ALL.to_vec())
}

/// A listing without its account.
#[derive(Debug, Clone)]
struct Filter {
    order: Order,
    ranges: Vec<Range<Timestamp>>,
    rated: Option<bool>,
    scores: BTreeSet<Score>,
    issues: IssueSet,
    has_comment: Option<bool>,
    direction: Option<DirectionFilter>,
    queue: Option<&'static str>,
    subaccounts: Subaccounts,
}

impl Filter {
    fn for_account(&self, account: AccountId) -> Listing {
        let Self { order, ranges, rated, scores, issues, has_comment, direction, queue, subaccounts } = self.clone();
        let labels = labels(queue);
        Listing { account, subaccounts, ranges, rated, scores, issues, has_comment, direction, labels, order }
    }
}

fn filter() -> impl Strategy<Value = Filter> {
    let ranges = vec![
        vec![at(-1)..at(9_000)],
        vec![at(1_000)..at(4_000)],
        vec![at(0)..at(1_000), at(2_000)..at(2_001), at(4_000)..at(9_000)],
        vec![],
    ];
    let directions = vec![None, None, Some(DirectionFilter(None)), Some(DirectionFilter(Some(Direction::Inbound)))];
    let of_time = (prop::sample::select(Order::ALL.to_vec()), prop::sample::select(ranges));
    let of_rating = (
        prop::sample::select(vec![None, Some(true), Some(true), Some(false)]),
        prop::collection::btree_set(score(), 0..3),
        prop::sample::select(vec![0u8, 0, 1, 6]).prop_map(IssueSet::from_bits),
        prop::sample::select(vec![None, None, Some(true), Some(false)]),
    );
    let of_call = (
        prop::sample::select(directions),
        prop::sample::select(vec![None, None, Some("sales")]),
        prop::sample::select(vec![Subaccounts::Excluded, Subaccounts::Included]),
    );
    (of_time, of_rating, of_call).prop_map(
        |((order, ranges), (rated, scores, issues, has_comment), (direction, queue, subaccounts))| Filter {
            order,
            ranges,
            rated,
            scores,
            issues,
            has_comment,
            direction,
            queue,
            subaccounts,
        },
    )
}

fn labels(queue: Option<&str>) -> Labels {
    let pairs: BTreeMap<_, _> = queue.iter().map(|queue| ("queue".to_owned(), (*queue).to_owned())).collect();
    pairs.try_into().unwrap()
}

fn sid(n: usize) -> CallSid {
    CallSid::from_bytes([u8::try_from(n).unwrap(); 16])
}

async fn put(store: &dyn Store, account: AccountId, n: usize, leg: &StoredLeg) {
    let (sid, mut call) = call(sid(n), leg.start, leg.direction);
    call.labels = labels(leg.queue);
    store.record_calls(account, vec![ReportedCall { sid, call, callers: Vec::new() }], at(0)).await.unwrap();
    if let Some((score, issues, comment)) = leg.rating {
        let comment = Some(comment.then(|| Comment::new("=choppy").unwrap()));
        let new = NewRating { rating: Rating { score, issues }, comment, revision: None };
        store.rate(Target { account, sid, create_from: None }, new, at(1)).await.unwrap().unwrap();
    }
}

/// Whether the leg belongs in the list.
fn belongs(leg: &StoredLeg, listing: &Listing) -> bool {
    let of_rating = |f: &dyn Fn(&(Score, IssueSet, bool)) -> bool| leg.rating.as_ref().is_some_and(f);
    let start = at(leg.start);
    (!leg.in_subaccount || listing.subaccounts == Subaccounts::Included)
        && listing.ranges.iter().any(|range| range.contains(&start))
        && listing.rated.is_none_or(|rated| rated == leg.rating.is_some())
        && (listing.scores.is_empty() || of_rating(&|rating| listing.scores.contains(&rating.0)))
        && (listing.issues.is_empty()
            || of_rating(&|rating| Issue::ALL.iter().any(|i| rating.1.contains(*i) && listing.issues.contains(*i))))
        && listing.has_comment.is_none_or(|has| has == of_rating(&|rating| rating.2))
        && listing.direction.is_none_or(|only| only.0 == leg.direction)
        && (listing.labels.is_empty() || leg.queue == Some("sales"))
        && (!listing.order.is_by_score() || leg.rating.is_some())
}

/// The expected numbers of the listed legs, in order.
fn expected(all: &[StoredLeg], listing: &Listing) -> Vec<usize> {
    let mut numbers: Vec<_> = (0..all.len()).filter(|n| belongs(&all[*n], listing)).collect();
    let score = |n: usize| all[n].rating.map(|rating| rating.0);
    numbers.sort_by(|&a, &b| {
        let newest = (all[b].start, b).cmp(&(all[a].start, a));
        match listing.order {
            Order::Newest => newest,
            Order::Oldest => newest.reverse(),
            Order::Lowest => score(a).cmp(&score(b)).then(newest),
            Order::Highest => score(b).cmp(&score(a)).then(newest),
        }
    });
    numbers
}

fn number(call: &CallDetails) -> usize {
    usize::from(call.sid.as_bytes()[0])
}

fn run<F: Future<Output = Result<(), TestCaseError>>>(test: F) -> Result<(), TestCaseError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// For any filter and page size.
    #[test]
    fn pages_equal_a_plain_search(
        all in prop::collection::vec(stored_leg(), 0..24),
        filters in prop::collection::vec((filter(), 1usize..5), 8),
    ) {
        run(async {
            let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
            for (n, leg) in all.iter().enumerate() {
                put(&*store, if leg.in_subaccount { subaccount.id } else { account.id }, n, leg).await;
            }
            for (filter, limit) in filters {
                let listing = filter.for_account(account.id);
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let listed = store.list(&listing, after, limit).await.unwrap();
                    prop_assert!(!listed.cut_short);
                    prop_assert!(listed.calls.len() == limit || listed.next.is_none());
                    found.extend(listed.calls.iter().map(number));
                    after = listed.next;
                    if after.is_none() {
                        break;
                    }
                }
                prop_assert_eq!(found, expected(&all, &listing), "{:?}", listing);
            }
            Ok(())
        })?;
    }

    /// While other legs are added, moved and rated, each unchanged leg is listed exactly once and in order.
    #[test]
    fn pages_neither_lose_nor_repeat_unchanged_legs(
        unchanged in prop::collection::vec(stored_leg(), 1..12),
        changes in prop::collection::vec((0usize..6, stored_leg()), 24),
        filter in filter(),
        limit in 1usize..4,
    ) {
        run(async {
            let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
            let of = |leg: &StoredLeg| if leg.in_subaccount { subaccount.id } else { account.id };
            for (n, leg) in unchanged.iter().enumerate() {
                put(&*store, of(leg), n, leg).await;
            }
            let listing = filter.for_account(account.id);
            let mut changes = changes.iter();
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                // Legs with higher numbers are added, moved and rated before every page.
                for (n, leg) in changes.by_ref().take(3) {
                    put(&*store, of(leg), unchanged.len() + n, leg).await;
                }
                let listed = store.list(&listing, after, limit).await.unwrap();
                found.extend(listed.calls.iter().map(number).filter(|n| *n < unchanged.len()));
                after = listed.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(found, expected(&unchanged, &listing), "{:?}", listing);
            prop_assert_eq!(store.verify().await.unwrap().differences, Vec::<String>::new());
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_leg_has_all_its_fields_and_is_visible_to_its_account_only() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    let leg = StoredLeg {
        in_subaccount: false,
        start: 5,
        direction: Some(Direction::Outbound),
        queue: Some("help"),
        rating: Some((Score::Two, IssueSet::from_bits(5), true)),
    };
    put(&*store, account.id, 7, &leg).await;
    let found = store.leg(account.id, sid(7)).await.unwrap().unwrap();
    let feedback = found.feedback.clone().unwrap();
    assert_eq!((found.account_sid, found.sid, found.started_at), (AccountSid::from_bytes([1; 16]), sid(7), at(5)));
    assert_eq!((found.direction, found.labels.clone()), (leg.direction, labels(leg.queue)));
    assert_eq!(
        (feedback.score, feedback.issues.bits(), feedback.comment.unwrap().as_str()),
        (Score::Two, 5, "=choppy")
    );
    assert_eq!((feedback.created_at, feedback.updated_at, feedback.revision), (at(1), at(1), 0));
    assert_eq!(store.leg(account.id, sid(8)).await.unwrap(), None);
    assert_eq!(store.leg(subaccount.id, sid(7)).await.unwrap(), None);
}

#[tokio::test]
async fn the_sequence_of_changes_continues_after_a_restart() {
    let Fixture { store, account, subaccount, folder } = fixture().await;
    let rated = |score| StoredLeg {
        in_subaccount: false,
        start: 0,
        direction: None,
        queue: None,
        rating: Some((score, IssueSet::default(), false)),
    };
    let mut follower = store.subscribe();
    put(&*store, account.id, 1, &rated(Score::One)).await;
    assert!(follower.has_changed().unwrap(), "followers learn of a rating before it is acknowledged");
    follower.mark_unchanged();
    put(&*store, subaccount.id, 2, &rated(Score::Two)).await;
    put(&*store, account.id, 3, &rated(Score::Three)).await;
    store.close().await;
    drop(store);

    let store = SqliteStore::open(&folder.path().join("test.db"), OpenMode::Server).await.unwrap();
    assert_eq!(store.last_change().await.unwrap(), 3);
    put(&store, account.id, 1, &rated(Score::Four)).await;
    let changes = async |subaccounts, since, limit| {
        let found = store.changes(account.id, subaccounts, since, limit).await.unwrap();
        found.iter().map(|change| (change.sequence, number(&change.call))).collect::<Vec<_>>()
    };
    assert_eq!(changes(Subaccounts::Excluded, 0, 9).await, [(3, 3), (4, 1)]);
    assert_eq!(changes(Subaccounts::Included, 0, 2).await, [(2, 2), (3, 3)]);
    assert_eq!(changes(Subaccounts::Included, 3, 9).await, [(4, 1)]);
    assert_eq!(changes(Subaccounts::Excluded, u64::MAX, 9).await, []);
}
