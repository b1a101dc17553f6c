//! Lists of calls, a page at a time.
//!
//! A page is put together from some *sources*, each a range of one index: of the account and each subaccount, for one
//! score or all. What an index does not tell is looked up for each of its entries, and there the budget ends a page.

use std::cmp::Ordering;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use ringback_api::{Order, Score};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use super::calls::direction;
use super::details;
use crate::store::{AccountId, Change, Listed, Listing, Place, Reach, StoreError};

/// How many entries of indexes are looked at for one page.
const BUDGET: usize = 50_000;
/// What a range costs that has nothing in it, in entries.
const PROBE: usize = 20;

/// What changed in an account after a number.
const CHANGES: &str =
    "SELECT sequence, call_id FROM ratings WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ?";

/// When a call started, in milliseconds, and its row: where it stands in each index.
type Key = (i64, i64);

/// One of the indexes that begin with the account and end with a [`Key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    /// Every call.
    Calls,
    /// Every rating.
    Ratings,
    /// The ratings of one score.
    Score(Score),
    /// The ratings with a comment.
    Comments,
}

/// A page in the making.
struct Page<'a> {
    listing: &'a Listing,
    accounts: Vec<AccountId>,
    /// How many are still wanted.
    wanted: usize,
    budget: usize,
}

/// What was found in one stretch of time.
struct Found {
    /// In order; at most as many as were wanted.
    keys: Vec<Key>,
    /// Where looking was given up, if it was; everything before it is among the keys.
    until: Option<Key>,
}

pub(super) async fn list(
    conn: &mut SqliteConnection,
    listing: &Listing,
    after: Option<Place>,
    limit: usize,
) -> Result<Listed, StoreError> {
    let mut snapshot = conn.begin().await?;
    let accounts = accounts(&mut snapshot, listing.account, listing.reach).await?;
    // One more tells whether there is a next page.
    let mut page = Page { listing, accounts, wanted: limit + 1, budget: BUDGET };
    let mut places = Vec::new();
    let stop = page.fill(&mut snapshot, after, &mut places).await?;
    let (next, cut_short) = if places.len() > limit {
        places.truncate(limit);
        (places.last().copied(), false)
    } else {
        (stop, stop.is_some())
    };
    let ids: Vec<_> = places.iter().map(|place| place.id).collect();
    Ok(Listed { calls: details::of(&mut snapshot, &ids).await?, next, cut_short })
}

/// Ratings that changed after `since`, in the order in which they did.
pub(super) async fn changes(
    conn: &mut SqliteConnection,
    account: AccountId,
    reach: Reach,
    since: u64,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let mut snapshot = conn.begin().await?;
    let since = i64::try_from(since).unwrap_or(i64::MAX);
    let mut found: Vec<(i64, i64)> = Vec::new();
    for account in accounts(&mut snapshot, account, reach).await? {
        found.extend(
            sqlx::query_as::<_, (i64, i64)>(CHANGES)
                .bind(account.0)
                .bind(since)
                .bind(limit)
                .fetch_all(&mut *snapshot)
                .await?,
        );
    }
    found.sort_unstable();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let ids: Vec<_> = found.iter().map(|(_, id)| *id).collect();
    let calls = details::of(&mut snapshot, &ids).await?;
    found
        .into_iter()
        .zip(calls)
        .map(|((sequence, _), call)| Ok(Change { sequence: super::unsigned(sequence)?, call }))
        .collect()
}

/// The number of the last change.
pub(super) async fn last_change(conn: &mut SqliteConnection) -> Result<u64, StoreError> {
    super::unsigned(sqlx::query_scalar("SELECT last FROM rating_sequence").fetch_one(conn).await?)
}

async fn accounts(conn: &mut SqliteConnection, account: AccountId, reach: Reach) -> Result<Vec<AccountId>, StoreError> {
    let mut accounts = vec![account];
    if reach == Reach::WithSubaccounts {
        let sql = "SELECT id FROM accounts WHERE parent_id = ?";
        let ids: Vec<i64> = sqlx::query_scalar(sql).bind(account.0).fetch_all(conn).await?;
        accounts.extend(ids.into_iter().map(AccountId));
    }
    Ok(accounts)
}

impl Page<'_> {
    /// Finds what is wanted, in order, into `places`; where it gave up before the end, if it did.
    async fn fill(
        &mut self,
        conn: &mut SqliteConnection,
        after: Option<Place>,
        places: &mut Vec<Place>,
    ) -> Result<Option<Place>, StoreError> {
        for (score, indexes) in groups(self.listing) {
            let cursor = match after {
                Some(place) => match self.compare_scores(score, place.score) {
                    Ordering::Less => continue,
                    Ordering::Equal => Some((place.started_at.as_millisecond(), place.id)),
                    Ordering::Greater => None,
                },
                None => None,
            };
            let place = |(started_at, id): Key| Ok(Place { score, started_at: super::time(started_at)?, id });
            for (edge, end) in self.stretches() {
                let start = cursor.map_or(edge, |cursor| self.later(cursor, edge));
                if self.compare(start, end) != Ordering::Less {
                    continue;
                }
                if self.budget == 0 {
                    return place(start).map(Some);
                }
                let found = self.search(conn, &indexes, start, end).await?;
                self.wanted -= found.keys.len();
                for key in found.keys {
                    places.push(place(key)?);
                }
                if self.wanted == 0 {
                    return Ok(None);
                }
                if let Some(until) = found.until {
                    return place(until).map(Some);
                }
            }
        }
        Ok(None)
    }

    /// Looks through one stretch of time, from behind `start` to `end`, in all accounts and indexes.
    async fn search(
        &mut self,
        conn: &mut SqliteConnection,
        indexes: &[Index],
        start: Key,
        end: Key,
    ) -> Result<Found, StoreError> {
        let mut keys: Vec<Key> = Vec::new();
        let (mut end, mut given_up) = (end, false);
        // No source takes all, but each enough for a page if all its entries pass.
        let share = (self.budget / (self.accounts.len() * indexes.len()).max(1)).max(self.wanted);
        for account in &self.accounts {
            for index in indexes {
                let mut query = self.query(*account, *index, start, end, share);
                let mut rows = query.build_query_as::<(i64, i64, bool)>().fetch(&mut *conn);
                let (mut scanned, mut passed) = (0, 0);
                let mut last = end;
                while passed < self.wanted
                    && let Some((started_at, id, passes)) = rows.try_next().await?
                {
                    scanned += 1;
                    last = (started_at, id);
                    if passes {
                        passed += 1;
                        keys.push(last);
                    }
                }
                drop(rows);
                self.budget = self.budget.saturating_sub(scanned + PROBE);
                // Behind where one source was given up, or the page is full, others need not look.
                if scanned == share && passed < self.wanted {
                    (end, given_up) = (last, true);
                }
                keys.sort_unstable_by(|a, b| self.compare(*a, *b));
                keys.truncate(self.wanted);
                if keys.len() == self.wanted
                    && let Some(last) = keys.last()
                {
                    end = *last;
                }
            }
        }
        keys.retain(|key| self.compare(*key, end) != Ordering::Greater);
        let until = (given_up && keys.len() < self.wanted).then_some(end);
        Ok(Found { keys, until })
    }

    /// The entries of one index from behind `start` to `end`, in order, and whether the call passes the filters.
    fn query(&self, account: AccountId, index: Index, start: Key, end: Key, limit: usize) -> QueryBuilder<Sqlite> {
        let Listing { labels, direction: only, .. } = self.listing;
        let (started_at, id, table) = match index {
            Index::Calls => ("c.started_at", "c.id", "calls c INDEXED BY calls_by_start"),
            Index::Ratings => ("r.started_at", "r.call_id", "ratings r INDEXED BY ratings_by_start"),
            Index::Score(_) => ("r.started_at", "r.call_id", "ratings r INDEXED BY ratings_by_score"),
            Index::Comments => ("r.started_at", "r.call_id", "ratings r INDEXED BY ratings_with_comment"),
        };
        let mut sql = QueryBuilder::new(format!("SELECT {started_at}, {id}, "));
        self.push_filter(&mut sql, index);
        sql.push(" AS passes FROM ").push(table);
        if index == Index::Calls {
            if self.listing.rated == Some(false) || self.listing.has_comment.is_some() {
                sql.push(" LEFT JOIN ratings r ON r.call_id = c.id");
            }
            sql.push(" WHERE c.account_id = ").push_bind(account.0);
        } else {
            if only.is_some() || !labels.is_empty() {
                // CROSS keeps SQLite's planner to this order.
                sql.push(" CROSS JOIN calls c ON c.id = r.call_id");
            }
            sql.push(" WHERE r.account_id = ").push_bind(account.0);
        }
        match index {
            Index::Score(score) => {
                sql.push(" AND r.score = ").push_bind(score.get());
            }
            Index::Comments => {
                sql.push(" AND r.comment IS NOT NULL");
            }
            Index::Calls | Index::Ratings => {}
        }
        let (behind, to, down) = if self.descends() { ("<", ">=", " DESC") } else { (">", "<=", "") };
        for (operator, (at, row)) in [(behind, start), (to, end)] {
            sql.push(format_args!(" AND ({started_at}, {id}) {operator} ("));
            sql.push_bind(at).push(", ").push_bind(row).push(")");
        }
        sql.push(format_args!(" ORDER BY {started_at}{down}, {id}{down} LIMIT "));
        sql.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        sql
    }

    /// What the index does not tell already.
    fn push_filter(&self, sql: &mut QueryBuilder<Sqlite>, index: Index) {
        let Listing { scores, issues, labels, rated, has_comment, direction: only, .. } = self.listing;
        sql.push("1");
        if index == Index::Comments && !scores.is_empty() {
            let bits = scores.iter().fold(0_i64, |bits, score| bits | 1 << score.get());
            sql.push(" AND (1 << r.score) & ").push_bind(bits).push(" <> 0");
        }
        if !issues.is_empty() {
            sql.push(" AND r.issues & ").push_bind(i64::from(issues.bits())).push(" <> 0");
        }
        match has_comment {
            Some(true) if index != Index::Comments => {
                sql.push(" AND r.comment IS NOT NULL");
            }
            Some(false) => {
                sql.push(" AND r.comment IS NULL");
            }
            _ => {}
        }
        if *rated == Some(false) {
            sql.push(" AND r.call_id IS NULL");
        }
        if let Some(only) = only {
            sql.push(" AND c.direction IS ").push_bind(only.0.map(|known| direction(Some(known))));
        }
        for (key, value) in labels.iter() {
            sql.push(" AND coalesce(json_extract(c.labels, ").push_bind(format!("$.\"{key}\""));
            sql.push(") = ").push_bind(value.to_owned()).push(", 0)");
        }
    }

    /// The stretches of time in the order of the list: the key in front of the first call, and that of the last.
    fn stretches(&self) -> Vec<(Key, Key)> {
        let milliseconds = |at: Timestamp| at.as_millisecond();
        let stretches = self.listing.stretches.iter();
        if self.descends() {
            stretches.rev().map(|s| ((milliseconds(s.end), i64::MIN), (milliseconds(s.start), i64::MIN))).collect()
        } else {
            let before = |at: Timestamp| (milliseconds(at) - 1, i64::MAX);
            stretches.map(|s| (before(s.start), before(s.end))).collect()
        }
    }

    fn descends(&self) -> bool {
        self.listing.order != Order::Oldest
    }

    /// Which of two stands first.
    fn compare(&self, a: Key, b: Key) -> Ordering {
        if self.descends() { b.cmp(&a) } else { a.cmp(&b) }
    }

    fn later(&self, a: Key, b: Key) -> Key {
        if self.compare(a, b) == Ordering::Greater { a } else { b }
    }

    fn compare_scores(&self, a: Option<Score>, b: Option<Score>) -> Ordering {
        if self.listing.order == Order::Highest { b.cmp(&a) } else { a.cmp(&b) }
    }
}

/// What is listed one after the other, with the indexes that it is found in: all at once, or one score after the other.
fn groups(listing: &Listing) -> Vec<(Option<Score>, Vec<Index>)> {
    let Listing { scores, issues, rated, has_comment, order, .. } = listing;
    let of_ratings = !scores.is_empty() || !issues.is_empty() || *has_comment == Some(true) || order.is_by_score();
    let wanted = Score::ALL.into_iter().filter(|score| scores.is_empty() || scores.contains(score));
    let by_score = |score| (Some(score), vec![Index::Score(score)]);
    match order {
        // Nothing is rated and not rated.
        _ if of_ratings && *rated == Some(false) => Vec::new(),
        Order::Lowest => wanted.map(by_score).collect(),
        Order::Highest => wanted.rev().map(by_score).collect(),
        Order::Newest | Order::Oldest if *has_comment == Some(true) => vec![(None, vec![Index::Comments])],
        Order::Newest | Order::Oldest if !scores.is_empty() => vec![(None, wanted.map(Index::Score).collect())],
        Order::Newest | Order::Oldest if of_ratings || *rated == Some(true) => vec![(None, vec![Index::Ratings])],
        Order::Newest | Order::Oldest => vec![(None, vec![Index::Calls])],
    }
}

#[cfg(test)]
mod tests;
