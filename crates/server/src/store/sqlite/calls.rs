use jiff::Timestamp;
use ringback_api::{Call, CallSid, CallStatus, Comment, Direction, Leg, Name, Revision};
use sqlx::{FromRow, SqliteConnection};

use super::{buckets, erasure, from_json_string, retention, time, to_json};
use crate::store::counts::{CountedCall, Ledger};
use crate::store::{AccountId, NewRating, PastCall, Rated, ReportedCall, StoreError, StoredRating, Target, TokenCall};

/// The text for a direction in a bucket's key.
pub(super) fn direction(direction: Option<Direction>) -> &'static str {
    match direction {
        None => "",
        Some(Direction::Inbound) => "inbound",
        Some(Direction::Outbound) => "outbound",
    }
}

/// A stored call with the state that its changes depend on.
struct StoredCall {
    id: i64,
    counted: CountedCall,
    /// Whether the day of the call is sealed, so that the call is about to be deleted and can no longer change.
    sealed: bool,
    /// Whether names, numbers and comments were erased, and must stay so.
    erased: bool,
    comment: Option<Comment>,
    /// The revision, creation time and update time of the rating.
    rating_state: Option<(Revision, Timestamp, Timestamp)>,
}

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "one field per column")]
struct StoredCallRow {
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

async fn find(conn: &mut SqliteConnection, account: AccountId, sid: CallSid) -> Result<Option<StoredCall>, StoreError> {
    let sql =
        "SELECT id, c.started_at, direction, asked_at IS NOT NULL AS asked, dismissed_at IS NOT NULL AS dismissed,
               coalesce(c.started_at < (SELECT sealed_before FROM accounts a WHERE a.id = c.account_id), 0) AS sealed,
               erased_at IS NOT NULL AS erased,
               score, issues, comment, revision, r.created_at, r.updated_at
               FROM calls c LEFT JOIN ratings r ON call_id = id WHERE c.account_id = ? AND sid = ?";
    let row: Option<StoredCallRow> =
        sqlx::query_as(sql).bind(account.0).bind(sid.as_bytes().as_slice()).fetch_optional(conn).await?;
    row.map(|row| {
        let rating = super::rating(row.score, row.issues)?;
        let rating_state = match (row.revision, row.created_at, row.updated_at) {
            (Some(revision), Some(created), Some(updated)) => Some((revision, time(created)?, time(updated)?)),
            _ => None,
        };
        let comment = row.comment.map(|text| Comment::new(&text)).transpose();
        Ok(StoredCall {
            id: row.id,
            counted: CountedCall {
                account,
                started_at: time(row.started_at)?,
                direction: row.direction.as_deref().map(from_json_string).transpose()?,
                asked: row.asked,
                dismissed: row.dismissed,
                rating,
            },
            sealed: row.sealed,
            erased: row.erased,
            comment: comment.map_err(|error| StoreError::Corrupt(format!("comment: {error}")))?,
            rating_state,
        })
    })
    .transpose()
}

/// Returns the target's leg. Creates an unknown leg from `create_from`. Returns `None` if the day is sealed, or if
/// there is nothing to create the leg from.
async fn find_or_create(
    conn: &mut SqliteConnection,
    target: Target,
    now: Timestamp,
) -> Result<Option<StoredCall>, StoreError> {
    if let Some(stored) = find(conn, target.account, target.sid).await? {
        return Ok(Some(stored).filter(|stored| !stored.sealed));
    }
    let Some(TokenCall { leg, started_at, direction, labels, callers }) = target.create_from else { return Ok(None) };
    let call = Call { leg, started_at, duration: None, direction, from: None, to: None, status: None, labels };
    record(conn, target.account, vec![ReportedCall { sid: target.sid, call, callers }], now).await?;
    find(conn, target.account, target.sid).await
}

pub(super) async fn import(
    conn: &mut SqliteConnection,
    account: AccountId,
    history: Vec<PastCall>,
) -> Result<u64, StoreError> {
    let mut imported = 0;
    for PastCall { sid, call, asked_at, rating } in history {
        if find(conn, account, sid).await?.is_some() {
            continue;
        }
        let target = Target { account, sid, create_from: None };
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
        let stored = find(conn, account, sid).await?;
        if stored.as_ref().is_some_and(|stored| stored.sealed) || call.started_at < sealed_before {
            sealed.push(position);
            continue;
        }
        let was_erased = stored.as_ref().is_some_and(|stored| stored.erased);
        let is_erased = was_erased || erasure::is_erased(conn, account, &callers, call.started_at).await?;
        if is_erased {
            call = Call { leg: Leg::Native(sid), from: None, to: None, ..call };
        }
        let before = stored.map(|stored| stored.counted);
        let after = CountedCall {
            account,
            started_at: call.started_at,
            direction: call.direction.or(before.and_then(|before| before.direction)),
            asked: before.is_some_and(|before| before.asked),
            dismissed: before.is_some_and(|before| before.dismissed),
            rating: before.and_then(|before| before.rating),
        };
        let id = upsert_call(conn, account, sid, call, now).await?;
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

async fn upsert_call(
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
    let Some(stored) = find_or_create(conn, target, now).await? else { return Ok(false) };
    if !stored.counted.asked {
        let sql = "UPDATE calls SET asked_at = ?1, updated_at = ?1 WHERE id = ?2";
        sqlx::query(sql).bind(now.as_millisecond()).bind(stored.id).execute(&mut *conn).await?;
        let mut ledger = Ledger::default();
        ledger.change(Some(&stored.counted), &CountedCall { asked: true, ..stored.counted });
        buckets::apply(conn, ledger).await?;
    }
    Ok(true)
}

/// Also marks the call as asked.
pub(super) async fn mark_dismissed(
    conn: &mut SqliteConnection,
    target: Target,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(stored) = find_or_create(conn, target, now).await? else { return Ok(false) };
    if !stored.counted.dismissed {
        let sql =
            "UPDATE calls SET asked_at = coalesce(asked_at, ?1), dismissed_at = ?1, updated_at = ?1 WHERE id = ?2";
        sqlx::query(sql).bind(now.as_millisecond()).bind(stored.id).execute(&mut *conn).await?;
        let mut ledger = Ledger::default();
        ledger.change(Some(&stored.counted), &CountedCall { asked: true, dismissed: true, ..stored.counted });
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
    let Some(stored) = find_or_create(conn, target, now).await? else { return Ok(None) };
    let before = stored_rating(&stored);
    let revision = before.as_ref().map_or(0, |before| before.revision);
    if let Some(before) = before.as_ref()
        && new.revision.is_some_and(|new| new < revision)
    {
        return Ok(Some(Rated::Updated(before.clone())));
    }

    let mut after = StoredRating {
        rating: new.rating,
        comment: new.comment.unwrap_or(stored.comment).filter(|_| !stored.erased),
        // A write without a revision keeps the stored one and always applies.
        revision: new.revision.unwrap_or(revision),
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        updated_at: now,
    };
    if let Some(before) = &before
        && (before.rating, &before.comment) == (after.rating, &after.comment)
    {
        // Repeating the same rating changes nothing, not even the update time.
        after.updated_at = before.updated_at;
        let sql = "UPDATE ratings SET revision = ? WHERE call_id = ?";
        sqlx::query(sql).bind(after.revision).bind(stored.id).execute(conn).await?;
        return Ok(Some(Rated::Updated(after)));
    }
    upsert_rating(conn, stored.id, &stored.counted, &after).await?;
    let mut ledger = Ledger::default();
    ledger.change(Some(&stored.counted), &CountedCall { rating: Some(after.rating), ..stored.counted });
    buckets::apply(conn, ledger).await?;
    Ok(Some(if before.is_some() { Rated::Updated(after) } else { Rated::Created(after) }))
}

/// Stores a new or changed rating with the next sequence number.
async fn upsert_rating(
    conn: &mut SqliteConnection,
    id: i64,
    call: &CountedCall,
    rating: &StoredRating,
) -> Result<(), StoreError> {
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
    let stored = find(conn, account, sid).await?.filter(|stored| !stored.sealed);
    Ok(stored.as_ref().and_then(stored_rating))
}

fn stored_rating(stored: &StoredCall) -> Option<StoredRating> {
    let (revision, created_at, updated_at) = stored.rating_state?;
    Some(StoredRating {
        rating: stored.counted.rating?,
        comment: stored.comment.clone(),
        revision,
        created_at,
        updated_at,
    })
}
