use jiff::Timestamp;
use ringback_api::{Call, CallSid, CallStatus, Comment, Direction, Leg, Name, Revision};
use sqlx::{FromRow, SqliteConnection};

use super::{buckets, erasure, retention, time, to_json, word};
use crate::store::counts::{Counted, Ledger};
use crate::store::{AccountId, NewRating, PastCall, Rated, ReportedCall, StoreError, StoredRating, Target, TokenCall};

/// A direction as it is stored in a bucket's key.
pub(super) fn direction(direction: Option<Direction>) -> &'static str {
    match direction {
        None => "",
        Some(Direction::Inbound) => "inbound",
        Some(Direction::Outbound) => "outbound",
    }
}

/// What a change of a call has to know of it.
struct Known {
    id: i64,
    counted: Counted,
    /// It is gone, or about to go, and nothing about it changes any more.
    sealed: bool,
    /// It stays without names, numbers and comment.
    erased: bool,
    comment: Option<Comment>,
    /// Its rating's revision and times.
    rated: Option<(Revision, Timestamp, Timestamp)>,
}

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "what the row says, a column each")]
struct KnownRow {
    id: i64,
    started_at: i64,
    direction: Option<String>,
    asked: bool,
    dismissed: bool,
    sealed: bool,
    erased: bool,
    score: Option<u8>,
    issues: Option<u8>,
    comment: Option<String>,
    revision: Option<u32>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

async fn known(conn: &mut SqliteConnection, account: AccountId, sid: CallSid) -> Result<Option<Known>, StoreError> {
    let sql =
        "SELECT id, c.started_at, direction, asked_at IS NOT NULL AS asked, dismissed_at IS NOT NULL AS dismissed,
               coalesce(c.started_at < (SELECT sealed_before FROM accounts a WHERE a.id = c.account_id), 0) AS sealed,
               erased_at IS NOT NULL AS erased,
               score, issues, comment, revision, r.created_at, r.updated_at
               FROM calls c LEFT JOIN ratings r ON call_id = id WHERE c.account_id = ? AND sid = ?";
    let row: Option<KnownRow> =
        sqlx::query_as(sql).bind(account.0).bind(sid.as_bytes().as_slice()).fetch_optional(conn).await?;
    row.map(|row| {
        let rating = super::rating(row.score, row.issues)?;
        let rated = match (row.revision, row.created_at, row.updated_at) {
            (Some(revision), Some(created), Some(updated)) => Some((revision, time(created)?, time(updated)?)),
            _ => None,
        };
        let comment = row.comment.map(|text| Comment::new(&text)).transpose();
        Ok(Known {
            id: row.id,
            counted: Counted {
                account,
                started_at: time(row.started_at)?,
                direction: row.direction.as_deref().map(word).transpose()?,
                asked: row.asked,
                dismissed: row.dismissed,
                rating,
            },
            sealed: row.sealed,
            erased: row.erased,
            comment: comment.map_err(|error| StoreError::Corrupt(format!("comment: {error}")))?,
            rated,
        })
    })
    .transpose()
}

/// The leg of the target; noted from its token if it is not known and there is one. None if its day is sealed.
async fn known_or_noted(
    conn: &mut SqliteConnection,
    target: Target,
    now: Timestamp,
) -> Result<Option<Known>, StoreError> {
    if let Some(known) = known(conn, target.account, target.sid).await? {
        return Ok(Some(known).filter(|known| !known.sealed));
    }
    let Some(TokenCall { leg, started_at, direction, labels, callers }) = target.unless_known else { return Ok(None) };
    let call = Call { leg, started_at, duration: None, direction, from: None, to: None, status: None, labels };
    record(conn, target.account, vec![ReportedCall { sid: target.sid, call, callers }], now).await?;
    known(conn, target.account, target.sid).await
}

pub(super) async fn import(
    conn: &mut SqliteConnection,
    account: AccountId,
    history: Vec<PastCall>,
) -> Result<u64, StoreError> {
    let mut imported = 0;
    for PastCall { sid, call, asked_at, rating } in history {
        if known(conn, account, sid).await?.is_some() {
            continue;
        }
        let target = Target { account, sid, unless_known: None };
        let started_at = call.started_at;
        record(conn, account, vec![ReportedCall { sid, call, callers: Vec::new() }], started_at).await?;
        if let Some(at) = asked_at {
            mark_asked(conn, target.clone(), at).await?;
        }
        if let Some((new, at)) = rating {
            rate(conn, target, new, at).await?;
        }
        imported += 1;
    }
    Ok(imported)
}

pub(super) async fn record(
    conn: &mut SqliteConnection,
    account: AccountId,
    calls: Vec<ReportedCall>,
    now: Timestamp,
) -> Result<Vec<usize>, StoreError> {
    let sealed_before = retention::sealed_before(conn, account).await?;
    let mut sealed = Vec::new();
    let mut ledger = Ledger::default();
    for (position, ReportedCall { sid, mut call, callers }) in calls.into_iter().enumerate() {
        let known = known(conn, account, sid).await?;
        if known.as_ref().is_some_and(|known| known.sealed) || call.started_at < sealed_before {
            sealed.push(position);
            continue;
        }
        let was_erased = known.as_ref().is_some_and(|known| known.erased);
        let is_erased = was_erased || erasure::covers(conn, account, &callers, call.started_at).await?;
        if is_erased {
            call = Call { leg: Leg::Native(sid), from: None, to: None, ..call };
        }
        let before = known.map(|known| known.counted);
        let after = Counted {
            account,
            started_at: call.started_at,
            direction: call.direction.or(before.and_then(|before| before.direction)),
            asked: before.is_some_and(|before| before.asked),
            dismissed: before.is_some_and(|before| before.dismissed),
            rating: before.and_then(|before| before.rating),
        };
        let id = upsert(conn, account, sid, call, now).await?;
        if is_erased && !was_erased {
            erasure::erase(conn, &[id], now).await?;
        }
        if after.rating.is_some() {
            let sql = "UPDATE ratings SET started_at = ?1 WHERE call_id = ?2 AND started_at <> ?1";
            sqlx::query(sql).bind(after.started_at.as_millisecond()).bind(id).execute(&mut *conn).await?;
        }
        ledger.change(before.as_ref(), &after);
    }
    buckets::apply(conn, ledger).await?;
    Ok(sealed)
}

async fn upsert(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: CallSid,
    call: Call,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let (name, party) = match &call.leg {
        Leg::Native(_) => (None, None),
        Leg::Foreign { call, party } => (Some(call.as_str()), party.as_ref().map(Name::as_str)),
    };
    let sql = "INSERT INTO calls (account_id, sid, call, party, started_at, duration, direction, caller, callee,
               status, labels, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
               ON CONFLICT (account_id, sid) DO UPDATE SET
               started_at = excluded.started_at,
               duration = coalesce(excluded.duration, duration),
               direction = coalesce(excluded.direction, direction),
               caller = coalesce(excluded.caller, caller),
               callee = coalesce(excluded.callee, callee),
               status = coalesce(excluded.status, status),
               labels = iif(excluded.labels = '{}', labels, excluded.labels),
               updated_at = excluded.updated_at
               RETURNING id";
    let id = sqlx::query_scalar(sql)
        .bind(account.0)
        .bind(sid.as_bytes().as_slice())
        .bind(name)
        .bind(party)
        .bind(call.started_at.as_millisecond())
        .bind(call.duration)
        .bind(call.direction.map(|d| direction(Some(d))))
        .bind(call.from.as_ref().map(Name::as_str))
        .bind(call.to.as_ref().map(Name::as_str))
        .bind(call.status.map(CallStatus::as_str))
        .bind(to_json(&call.labels)?)
        .bind(now.as_millisecond())
        .fetch_one(conn)
        .await?;
    Ok(id)
}

pub(super) async fn mark_asked(
    conn: &mut SqliteConnection,
    target: Target,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(known) = known_or_noted(conn, target, now).await? else { return Ok(false) };
    if !known.counted.asked {
        let sql = "UPDATE calls SET asked_at = ?1, updated_at = ?1 WHERE id = ?2";
        sqlx::query(sql).bind(now.as_millisecond()).bind(known.id).execute(&mut *conn).await?;
        let mut ledger = Ledger::default();
        ledger.change(Some(&known.counted), &Counted { asked: true, ..known.counted });
        buckets::apply(conn, ledger).await?;
    }
    Ok(true)
}

/// Who said no was asked.
pub(super) async fn mark_dismissed(
    conn: &mut SqliteConnection,
    target: Target,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(known) = known_or_noted(conn, target, now).await? else { return Ok(false) };
    if !known.counted.dismissed {
        let sql =
            "UPDATE calls SET asked_at = coalesce(asked_at, ?1), dismissed_at = ?1, updated_at = ?1 WHERE id = ?2";
        sqlx::query(sql).bind(now.as_millisecond()).bind(known.id).execute(&mut *conn).await?;
        let mut ledger = Ledger::default();
        ledger.change(Some(&known.counted), &Counted { asked: true, dismissed: true, ..known.counted });
        buckets::apply(conn, ledger).await?;
    }
    Ok(true)
}

pub(super) async fn rate(
    conn: &mut SqliteConnection,
    target: Target,
    new: NewRating,
    now: Timestamp,
) -> Result<Option<Rated>, StoreError> {
    let Some(known) = known_or_noted(conn, target, now).await? else { return Ok(None) };
    let before = stored(&known);
    let revision = before.as_ref().map_or(0, |before| before.revision);
    if let Some(before) = before.as_ref()
        && new.revision.is_some_and(|new| new < revision)
    {
        return Ok(Some(Rated::Updated(before.clone())));
    }

    let mut after = StoredRating {
        rating: new.rating,
        comment: new.comment.unwrap_or(known.comment).filter(|_| !known.erased),
        // Without a revision of its own, a write is the newest choice there is.
        revision: new.revision.unwrap_or(revision),
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        updated_at: now,
    };
    if let Some(before) = &before
        && (before.rating, &before.comment) == (after.rating, &after.comment)
    {
        // The same rating sent twice changes nothing, its date included.
        after.updated_at = before.updated_at;
        let sql = "UPDATE ratings SET revision = ? WHERE call_id = ?";
        sqlx::query(sql).bind(after.revision).bind(known.id).execute(conn).await?;
        return Ok(Some(Rated::Updated(after)));
    }
    put(conn, known.id, &known.counted, &after).await?;
    let mut ledger = Ledger::default();
    ledger.change(Some(&known.counted), &Counted { rating: Some(after.rating), ..known.counted });
    buckets::apply(conn, ledger).await?;
    Ok(Some(if before.is_some() { Rated::Updated(after) } else { Rated::Created(after) }))
}

/// Stores a rating that is new or changed, as the newest change of all.
async fn put(conn: &mut SqliteConnection, id: i64, call: &Counted, rating: &StoredRating) -> Result<(), StoreError> {
    let sql = "UPDATE rating_sequence SET last = last + 1 RETURNING last";
    let sequence: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
    let sql = "INSERT INTO ratings
               (call_id, account_id, started_at, score, issues, comment, revision, created_at, updated_at, sequence)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (call_id) DO UPDATE SET score = excluded.score, issues = excluded.issues,
               comment = excluded.comment, revision = excluded.revision, updated_at = excluded.updated_at,
               sequence = excluded.sequence";
    sqlx::query(sql)
        .bind(id)
        .bind(call.account.0)
        .bind(call.started_at.as_millisecond())
        .bind(rating.rating.score.get())
        .bind(rating.rating.issues.bits())
        .bind(rating.comment.as_ref().map(Comment::as_str))
        .bind(rating.revision)
        .bind(rating.created_at.as_millisecond())
        .bind(rating.updated_at.as_millisecond())
        .bind(sequence)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn rating(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: CallSid,
) -> Result<Option<StoredRating>, StoreError> {
    let known = known(conn, account, sid).await?.filter(|known| !known.sealed);
    Ok(known.as_ref().and_then(stored))
}

fn stored(known: &Known) -> Option<StoredRating> {
    let (revision, created_at, updated_at) = known.rated?;
    Some(StoredRating {
        rating: known.counted.rating?,
        comment: known.comment.clone(),
        revision,
        created_at,
        updated_at,
    })
}
