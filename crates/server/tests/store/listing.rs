//! Lists: what is in them, in which order, and that pages neither lose nor repeat.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::Timestamp;
use proptest::prelude::*;
use ringback_api::{
    AccountSid, CallDetails, CallSid, Comment, Direction, Issue, IssueSet, Labels, OnlyDirection, Order, Rating, Score,
};
use ringback_server::store::sqlite::{SqliteStore, Use};
use ringback_server::store::{AccountId, Listing, NewRating, Reach, ReportedCall, Store, Target};

use crate::{Fixture, at, call, fixture};

/// A leg as a test knows it; its number is the order in which it was stored.
#[derive(Debug, Clone)]
struct Told {
    in_subaccount: bool,
    start: i64,
    direction: Option<Direction>,
    queue: Option<&'static str>,
    rating: Option<(Score, IssueSet, bool)>,
}

fn told() -> impl Strategy<Value = Told> {
    let direction = prop::sample::select(vec![None, Some(Direction::Inbound), Some(Direction::Outbound)]);
    let queue = prop::sample::select(vec![None, Some("sales"), Some("help")]);
    let rating = prop::option::weighted(0.8, (score(), 0u8..8, any::<bool>()));
    (any::<bool>(), 0i64..6, direction, queue, rating).prop_map(|(in_subaccount, start, direction, queue, rating)| {
        let rating = rating.map(|(score, bits, comment)| (score, IssueSet::from_bits(bits), comment));
        Told { in_subaccount, start: start * 1000, direction, queue, rating }
    })
}

fn score() -> impl Strategy<Value = Score> {
    prop::sample::select(Score::ALL.to_vec())
}

/// A filter, in which the account is still to be put.
#[derive(Debug, Clone)]
struct Filter {
    order: Order,
    stretches: Vec<Range<Timestamp>>,
    rated: Option<bool>,
    scores: BTreeSet<Score>,
    issues: IssueSet,
    has_comment: Option<bool>,
    direction: Option<OnlyDirection>,
    queue: Option<&'static str>,
    reach: Reach,
}

impl Filter {
    fn of(&self, account: AccountId) -> Listing {
        let Self { order, stretches, rated, scores, issues, has_comment, direction, queue, reach } = self.clone();
        let labels = labels(queue);
        Listing { account, reach, stretches, rated, scores, issues, has_comment, direction, labels, order }
    }
}

fn filter() -> impl Strategy<Value = Filter> {
    let stretches = vec![
        vec![at(-1)..at(9_000)],
        vec![at(1_000)..at(4_000)],
        vec![at(0)..at(1_000), at(2_000)..at(2_001), at(4_000)..at(9_000)],
        vec![],
    ];
    let directions = vec![None, None, Some(OnlyDirection(None)), Some(OnlyDirection(Some(Direction::Inbound)))];
    let of_time = (prop::sample::select(Order::ALL.to_vec()), prop::sample::select(stretches));
    let of_rating = (
        prop::sample::select(vec![None, Some(true), Some(true), Some(false)]),
        prop::collection::btree_set(score(), 0..3),
        prop::sample::select(vec![0u8, 0, 1, 6]).prop_map(IssueSet::from_bits),
        prop::sample::select(vec![None, None, Some(true), Some(false)]),
    );
    let of_call = (
        prop::sample::select(directions),
        prop::sample::select(vec![None, None, Some("sales")]),
        prop::sample::select(vec![Reach::Own, Reach::WithSubaccounts]),
    );
    (of_time, of_rating, of_call).prop_map(
        |((order, stretches), (rated, scores, issues, has_comment), (direction, queue, reach))| Filter {
            order,
            stretches,
            rated,
            scores,
            issues,
            has_comment,
            direction,
            queue,
            reach,
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

async fn put(store: &dyn Store, account: AccountId, n: usize, told: &Told) {
    let (sid, mut call) = call(sid(n), told.start, told.direction);
    call.labels = labels(told.queue);
    store.record_calls(account, vec![ReportedCall { sid, call, callers: Vec::new() }], at(0)).await.unwrap();
    if let Some((score, issues, comment)) = told.rating {
        let comment = Some(comment.then(|| Comment::new("=choppy").unwrap()));
        let new = NewRating { rating: Rating { score, issues }, comment, revision: None };
        store.rate(Target { account, sid, unless_known: None }, new, at(1)).await.unwrap().unwrap();
    }
}

/// Whether the leg is in the list, looked at by itself.
fn belongs(told: &Told, listing: &Listing) -> bool {
    let of_rating = |f: &dyn Fn(&(Score, IssueSet, bool)) -> bool| told.rating.as_ref().is_some_and(f);
    let start = at(told.start);
    (!told.in_subaccount || listing.reach == Reach::WithSubaccounts)
        && listing.stretches.iter().any(|stretch| stretch.contains(&start))
        && listing.rated.is_none_or(|rated| rated == told.rating.is_some())
        && (listing.scores.is_empty() || of_rating(&|rating| listing.scores.contains(&rating.0)))
        && (listing.issues.is_empty()
            || of_rating(&|rating| Issue::ALL.iter().any(|i| rating.1.contains(*i) && listing.issues.contains(*i))))
        && listing.has_comment.is_none_or(|has| has == of_rating(&|rating| rating.2))
        && listing.direction.is_none_or(|only| only.0 == told.direction)
        && (listing.labels.is_empty() || told.queue == Some("sales"))
        && (!listing.order.is_by_score() || told.rating.is_some())
}

/// The numbers of the legs that the list should have, in its order.
fn expected(all: &[Told], listing: &Listing) -> Vec<usize> {
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

    /// Whatever the filter, pages of any size are what a plain search finds, in order.
    #[test]
    fn pages_are_what_a_plain_search_finds(
        all in prop::collection::vec(told(), 0..24),
        filters in prop::collection::vec((filter(), 1usize..5), 8),
    ) {
        run(async {
            let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
            for (n, told) in all.iter().enumerate() {
                put(&*store, if told.in_subaccount { subaccount.id } else { account.id }, n, told).await;
            }
            for (filter, limit) in filters {
                let listing = filter.of(account.id);
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

    /// While others are rated, move and come, those that stay as they are are listed exactly once, in order.
    #[test]
    fn pages_neither_lose_nor_repeat_what_stays(
        stays in prop::collection::vec(told(), 1..12),
        changes in prop::collection::vec((0usize..6, told()), 24),
        filter in filter(),
        limit in 1usize..4,
    ) {
        run(async {
            let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
            let of = |told: &Told| if told.in_subaccount { subaccount.id } else { account.id };
            for (n, told) in stays.iter().enumerate() {
                put(&*store, of(told), n, told).await;
            }
            let listing = filter.of(account.id);
            let mut changes = changes.iter();
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                // Those with higher numbers come, move and are rated anew all the time.
                for (n, told) in changes.by_ref().take(3) {
                    put(&*store, of(told), stays.len() + n, told).await;
                }
                let listed = store.list(&listing, after, limit).await.unwrap();
                found.extend(listed.calls.iter().map(number).filter(|n| *n < stays.len()));
                after = listed.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(found, expected(&stays, &listing), "{:?}", listing);
            prop_assert_eq!(store.verify().await.unwrap().differences, Vec::<String>::new());
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_leg_is_shown_with_all_that_is_known_and_to_its_account_only() {
    let Fixture { store, account, subaccount, folder: _folder } = fixture().await;
    let told = Told {
        in_subaccount: false,
        start: 5,
        direction: Some(Direction::Outbound),
        queue: Some("help"),
        rating: Some((Score::Two, IssueSet::from_bits(5), true)),
    };
    put(&*store, account.id, 7, &told).await;
    let found = store.leg(account.id, sid(7)).await.unwrap().unwrap();
    let said = found.feedback.clone().unwrap();
    assert_eq!((found.account_sid, found.sid, found.started_at), (AccountSid::from_bytes([1; 16]), sid(7), at(5)));
    assert_eq!((found.direction, found.labels.clone()), (told.direction, labels(told.queue)));
    assert_eq!((said.score, said.issues.bits(), said.comment.unwrap().as_str()), (Score::Two, 5, "=choppy"));
    assert_eq!((said.created_at, said.updated_at, said.revision), (at(1), at(1), 0));
    assert_eq!(store.leg(account.id, sid(8)).await.unwrap(), None);
    assert_eq!(store.leg(subaccount.id, sid(7)).await.unwrap(), None);
}

#[tokio::test]
async fn changes_go_on_where_they_were_after_a_restart() {
    let Fixture { store, account, subaccount, folder } = fixture().await;
    let rated = |score| Told {
        in_subaccount: false,
        start: 0,
        direction: None,
        queue: None,
        rating: Some((score, IssueSet::default(), false)),
    };
    let mut follower = store.follow();
    put(&*store, account.id, 1, &rated(Score::One)).await;
    assert!(follower.has_changed().unwrap(), "it is told before the rating is acknowledged");
    follower.mark_unchanged();
    put(&*store, subaccount.id, 2, &rated(Score::Two)).await;
    put(&*store, account.id, 3, &rated(Score::Three)).await;
    store.close().await;
    drop(store);

    let store = SqliteStore::open(&folder.path().join("test.db"), Use::Server).await.unwrap();
    assert_eq!(store.last_change().await.unwrap(), 3);
    put(&store, account.id, 1, &rated(Score::Four)).await;
    let changes = async |reach, since, limit| {
        let found = store.changes(account.id, reach, since, limit).await.unwrap();
        found.iter().map(|change| (change.sequence, number(&change.call))).collect::<Vec<_>>()
    };
    assert_eq!(changes(Reach::Own, 0, 9).await, [(3, 3), (4, 1)]);
    assert_eq!(changes(Reach::WithSubaccounts, 0, 2).await, [(2, 2), (3, 3)]);
    assert_eq!(changes(Reach::WithSubaccounts, 3, 9).await, [(4, 1)]);
    assert_eq!(changes(Reach::Own, u64::MAX, 9).await, []);
}
