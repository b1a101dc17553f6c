//! Pages of lists of calls.
//!
//! A page merges several *sources*. A source is a range of one index, for one account and for one score or all. Filters
//! that the index does not cover are evaluated for each entry, so a budget limits the entries that a page examines.

use std::cmp::Ordering;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use ringback_api::{Order, Score};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use super::calls::direction;
use super::details;
use crate::store::{AccountId, Change, ListedCalls, Listing, Position, StoreError, Subaccounts};

/// The maximum number of index entries that one page examines.
const BUDGET: usize = 50_000;
/// The fixed cost of each source, in index entries.
const PROBE: usize = 20;

/// The ratings of an account that changed after a sequence number.
const CHANGES: &str =
    "SELECT sequence, call_id FROM ratings WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ?";

/// The order within each index: the start of a call in milliseconds, and its row id.
type IndexKey = (i64, i64);

/// One of the indexes that begin with the account and end with an [`IndexKey`].
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

/// Collects the calls of a page.
struct PageSearch<'a> {
    listing: &'a Listing,
    accounts: Vec<AccountId>,
    /// The number of calls that are still missing.
    wanted: usize,
    /// The number of index entries that may still be examined.
    budget: usize,
}

/// The matches in one time range.
struct Matches {
    /// In order, and at most as many as were wanted.
    keys: Vec<IndexKey>,
    /// Where the search stopped early, if it did. `keys` contains every match up to here.
    stopped_at: Option<IndexKey>,
}

pub(super) async fn list(
    conn: &mut SqliteConnection,
    listing: &Listing,
    after: Option<Position>,
    limit: usize,
) -> Result<ListedCalls, StoreError> {
    let mut snapshot = conn.begin().await?;
    let accounts = accounts(&mut snapshot, listing.account, listing.subaccounts).await?;
    // One extra call shows whether there is a next page.
    let mut page = PageSearch { listing, accounts, wanted: limit + 1, budget: BUDGET };
    let mut positions = Vec::new();
    let stop = page.fill(&mut snapshot, after, &mut positions).await?;
    let (next, cut_short) = if positions.len() > limit {
        positions.truncate(limit);
        (positions.last().copied(), false)
    } else {
        (stop, stop.is_some())
    };
    let ids: Vec<_> = positions.iter().map(|position| position.id).collect();
    Ok(ListedCalls { calls: details::by_ids(&mut snapshot, &ids).await?, next, cut_short })
}

/// Returns the ratings that changed after `since`, in order of change.
pub(super) async fn changes(
    conn: &mut SqliteConnection,
    account: AccountId,
    subaccounts: Subaccounts,
    since: u64,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let mut snapshot = conn.begin().await?;
    let since = i64::try_from(since).unwrap_or(i64::MAX);
    let mut found: Vec<(i64, i64)> = Vec::new();
    for account in accounts(&mut snapshot, account, subaccounts).await? {
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
    let calls = details::by_ids(&mut snapshot, &ids).await?;
    found
        .into_iter()
        .zip(calls)
        .map(|((sequence, _), call)| Ok(Change { sequence: super::unsigned(sequence)?, call }))
        .collect()
}

/// Returns the sequence number of the last change.
pub(super) async fn last_change(conn: &mut SqliteConnection) -> Result<u64, StoreError> {
    super::unsigned(sqlx::query_scalar("SELECT last FROM rating_sequence").fetch_one(conn).await?)
}

async fn accounts(
    conn: &mut SqliteConnection,
    account: AccountId,
    subaccounts: Subaccounts,
) -> Result<Vec<AccountId>, StoreError> {
    let mut accounts = vec![account];
    if subaccounts == Subaccounts::Included {
        let sql = "SELECT id FROM accounts WHERE parent_id = ?";
        let ids: Vec<i64> = sqlx::query_scalar(sql).bind(account.0).fetch_all(conn).await?;
        accounts.extend(ids.into_iter().map(AccountId));
    }
    Ok(accounts)
}

impl PageSearch<'_> {
    /// Appends the wanted calls to `positions` in order. Returns where the search stopped early, if it did.
    async fn fill(
        &mut self,
        conn: &mut SqliteConnection,
        after: Option<Position>,
        positions: &mut Vec<Position>,
    ) -> Result<Option<Position>, StoreError> {
        for (score, indexes) in groups(self.listing) {
            let cursor = match after {
                Some(position) => match self.compare_scores(score, position.score) {
                    Ordering::Less => continue,
                    Ordering::Equal => Some((position.started_at.as_millisecond(), position.id)),
                    Ordering::Greater => None,
                },
                None => None,
            };
            let position =
                |(started_at, id): IndexKey| Ok(Position { score, started_at: super::time(started_at)?, id });
            for (edge, end) in self.ranges() {
                let start = cursor.map_or(edge, |cursor| self.last_of(cursor, edge));
                if self.compare(start, end) != Ordering::Less {
                    continue;
                }
                if self.budget == 0 {
                    return position(start).map(Some);
                }
                let found = self.search(conn, &indexes, start, end).await?;
                self.wanted -= found.keys.len();
                for key in found.keys {
                    positions.push(position(key)?);
                }
                if self.wanted == 0 {
                    return Ok(None);
                }
                if let Some(stopped_at) = found.stopped_at {
                    return position(stopped_at).map(Some);
                }
            }
        }
        Ok(None)
    }

    /// Searches all accounts and indexes in one time range: after `start`, up to and including `end`.
    async fn search(
        &mut self,
        conn: &mut SqliteConnection,
        indexes: &[Index],
        start: IndexKey,
        end: IndexKey,
    ) -> Result<Matches, StoreError> {
        let mut keys: Vec<IndexKey> = Vec::new();
        let (mut end, mut stopped_early) = (end, false);
        // Sources share the budget, but each may examine enough entries for a whole page.
        let share = (self.budget / (self.accounts.len() * indexes.len()).max(1)).max(self.wanted);
        for account in &self.accounts {
            for index in indexes {
                let mut query = self.source_query(*account, *index, start, end, share);
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
                // Other sources need not search beyond the point where this one stopped early or the page is full.
                if scanned == share && passed < self.wanted {
                    (end, stopped_early) = (last, true);
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
        let stopped_at = (stopped_early && keys.len() < self.wanted).then_some(end);
        Ok(Matches { keys, stopped_at })
    }

    /// Builds the query for one source: its entries after `start`, up to and including `end`, and whether each passes
    /// the filters.
    fn source_query(
        &self,
        account: AccountId,
        index: Index,
        start: IndexKey,
        end: IndexKey,
        limit: usize,
    ) -> QueryBuilder<Sqlite> {
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
                // CROSS JOIN fixes the join order for SQLite's planner.
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
        let (after, up_to, direction) = if self.descends() { ("<", ">=", " DESC") } else { (">", "<=", "") };
        for (operator, (at, row)) in [(after, start), (up_to, end)] {
            sql.push(format_args!(" AND ({started_at}, {id}) {operator} ("));
            sql.push_bind(at).push(", ").push_bind(row).push(")");
        }
        sql.push(format_args!(" ORDER BY {started_at}{direction}, {id}{direction} LIMIT "));
        sql.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        sql
    }

    /// Appends the filters that the index does not cover.
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

    /// Returns the time ranges in list order: for each, the key before its first possible call and its last possible
    /// key.
    fn ranges(&self) -> Vec<(IndexKey, IndexKey)> {
        let milliseconds = |at: Timestamp| at.as_millisecond();
        let ranges = self.listing.ranges.iter();
        if self.descends() {
            ranges.rev().map(|s| ((milliseconds(s.end), i64::MIN), (milliseconds(s.start), i64::MIN))).collect()
        } else {
            let before = |at: Timestamp| (milliseconds(at) - 1, i64::MAX);
            ranges.map(|s| (before(s.start), before(s.end))).collect()
        }
    }

    fn descends(&self) -> bool {
        self.listing.order != Order::Oldest
    }

    /// Compares two keys in list order.
    fn compare(&self, a: IndexKey, b: IndexKey) -> Ordering {
        if self.descends() { b.cmp(&a) } else { a.cmp(&b) }
    }

    fn last_of(&self, a: IndexKey, b: IndexKey) -> IndexKey {
        if self.compare(a, b) == Ordering::Greater { a } else { b }
    }

    fn compare_scores(&self, a: Option<Score>, b: Option<Score>) -> Ordering {
        if self.listing.order == Order::Highest { b.cmp(&a) } else { a.cmp(&b) }
    }
}

/// Returns the groups that are listed one after the other, with the indexes of each: one group per score if the order
/// is by score, otherwise a single one.
fn groups(listing: &Listing) -> Vec<(Option<Score>, Vec<Index>)> {
    let Listing { scores, issues, rated, has_comment, order, .. } = listing;
    let of_ratings = !scores.is_empty() || !issues.is_empty() || *has_comment == Some(true) || order.is_by_score();
    let wanted = Score::ALL.into_iter().filter(|score| scores.is_empty() || scores.contains(score));
    let by_score = |score| (Some(score), vec![Index::Score(score)]);
    match order {
        // No call is both rated and unrated.
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
