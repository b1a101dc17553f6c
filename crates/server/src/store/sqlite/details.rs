//! Details of legs, for lists and events.

use ringback_api::{CallDetails, CallSid, Comment, FeedbackDetails, Name};
use sqlx::{FromRow, SqliteConnection};

use super::{from_json, from_json_string, sid, time};
use crate::store::{AccountId, StoreError};

#[derive(FromRow)]
struct Row {
    account_sid: Vec<u8>,
    sid: Vec<u8>,
    call: Option<String>,
    party: Option<String>,
    started_at: i64,
    duration: Option<u32>,
    direction: Option<String>,
    caller: Option<String>,
    callee: Option<String>,
    status: Option<String>,
    labels: String,
    asked_at: Option<i64>,
    dismissed_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    score: Option<u8>,
    issues: Option<u8>,
    comment: Option<String>,
    revision: Option<u32>,
    rated_at: Option<i64>,
    changed_at: Option<i64>,
}

macro_rules! columns {
    () => {
        "SELECT a.sid AS account_sid, c.sid, call, party, c.started_at, duration, direction, caller, callee, status,
         labels, asked_at, dismissed_at, c.created_at, c.updated_at, score, issues, comment, revision,
         r.created_at AS rated_at, r.updated_at AS changed_at "
    };
}

/// Returns the legs with these row ids, in this order.
pub(super) async fn by_ids(conn: &mut SqliteConnection, ids: &[i64]) -> Result<Vec<CallDetails>, StoreError> {
    let sql = concat!(
        columns!(),
        "FROM json_each(?) p CROSS JOIN calls c ON c.id = p.value JOIN accounts a ON a.id = c.account_id
         LEFT JOIN ratings r ON r.call_id = c.id ORDER BY p.key"
    );
    let ids: Vec<_> = ids.iter().map(i64::to_string).collect();
    let rows: Vec<Row> = sqlx::query_as(sql).bind(format!("[{}]", ids.join(","))).fetch_all(conn).await?;
    rows.into_iter().map(details).collect()
}

/// Returns the leg with this sid.
pub(super) async fn by_sid(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: CallSid,
) -> Result<Option<CallDetails>, StoreError> {
    let sql = concat!(
        columns!(),
        "FROM calls c JOIN accounts a ON a.id = c.account_id LEFT JOIN ratings r ON r.call_id = c.id
         WHERE c.account_id = ? AND c.sid = ?"
    );
    let row: Option<Row> =
        sqlx::query_as(sql).bind(account.0).bind(sid.as_bytes().as_slice()).fetch_optional(conn).await?;
    row.map(details).transpose()
}

fn details(row: Row) -> Result<CallDetails, StoreError> {
    let name = |text: Option<String>| {
        text.map(Name::try_from).transpose().map_err(|error| StoreError::Corrupt(format!("name: {error}")))
    };
    let comment = row.comment.map(Comment::try_from).transpose();
    let rated = (super::rating(row.score, row.issues)?, row.revision, row.rated_at, row.changed_at);
    let feedback = match rated {
        (Some(rating), Some(revision), Some(rated_at), Some(changed_at)) => Some(FeedbackDetails {
            score: rating.score,
            issues: rating.issues,
            comment: comment.map_err(|error| StoreError::Corrupt(format!("comment: {error}")))?,
            revision,
            created_at: time(rated_at)?,
            updated_at: time(changed_at)?,
        }),
        _ => None,
    };
    Ok(CallDetails {
        account_sid: sid(row.account_sid)?,
        sid: sid(row.sid)?,
        call: name(row.call)?,
        party: name(row.party)?,
        started_at: time(row.started_at)?,
        duration: row.duration,
        direction: row.direction.as_deref().map(from_json_string).transpose()?,
        from: name(row.caller)?,
        to: name(row.callee)?,
        status: row.status.as_deref().map(from_json_string).transpose()?,
        labels: from_json(&row.labels)?,
        asked_at: row.asked_at.map(time).transpose()?,
        dismissed_at: row.dismissed_at.map(time).transpose()?,
        created_at: time(row.created_at)?,
        updated_at: time(row.updated_at)?,
        feedback,
    })
}
