use jiff::Timestamp;
use ringback_api::{StatusCallback, SummarySid, SummaryStatus};
use sqlx::{Connection as _, FromRow, SqliteConnection};

use super::{callback_queue, from_json, parse, sid, time, to_json, unsigned};
use crate::store::{
    AccountId, ListedSummary, MAX_UNFINISHED_SUMMARIES, NewSummary, StoreError, Subaccounts, Summary, SummaryCounts,
    SummaryDeletion, SummaryId, SummaryJob, SummaryOutcome, SummaryScope, SummaryState,
};

pub(super) async fn create(
    conn: &mut SqliteConnection,
    account: AccountId,
    new: NewSummary,
    now: Timestamp,
) -> Result<Option<Summary>, StoreError> {
    // Pending callbacks count, too. Otherwise the queue of callbacks would be unbounded.
    let sql = "SELECT (SELECT COUNT(*) FROM summaries WHERE account_id = ?1 AND status IN ('queued', 'in-progress'))
               + (SELECT COUNT(*) FROM callbacks WHERE account_id = ?1 AND state = 'pending')";
    let unfinished: i64 = sqlx::query_scalar(sql).bind(account.0).fetch_one(&mut *conn).await?;
    if unfinished >= i64::from(MAX_UNFINISHED_SUMMARIES) {
        return Ok(None);
    }
    let sql = "INSERT INTO summaries
               (sid, account_id, start_date, end_date, include_subaccounts, status, callback_url, callback_method,
                created_at, updated_at)
               VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?) RETURNING *";
    let row: Row = sqlx::query_as(sql)
        .bind(new.sid.as_bytes().as_slice())
        .bind(account.0)
        .bind(new.scope.start_date.to_string())
        .bind(new.scope.end_date.to_string())
        .bind(new.scope.subaccounts == Subaccounts::Included)
        .bind(new.callback.as_ref().map(|callback| callback.url.to_string()))
        .bind(new.callback.as_ref().map(|callback| callback.method.as_str()))
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_one(conn)
        .await?;
    row.summary().map(Some)
}

#[derive(FromRow)]
struct Row {
    id: i64,
    sid: Vec<u8>,
    account_id: i64,
    start_date: String,
    end_date: String,
    include_subaccounts: bool,
    status: String,
    calls: Option<i64>,
    scores: Option<String>,
    issues: Option<String>,
    callback_url: Option<String>,
    callback_method: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn scope(&self) -> Result<SummaryScope, StoreError> {
        Ok(SummaryScope {
            start_date: parse(&self.start_date)?,
            end_date: parse(&self.end_date)?,
            subaccounts: if self.include_subaccounts { Subaccounts::Included } else { Subaccounts::Excluded },
        })
    }

    fn state(&self) -> Result<SummaryState, StoreError> {
        Ok(match (self.status.as_str(), self.calls, &self.scores, &self.issues) {
            ("queued", ..) => SummaryState::Queued,
            ("in-progress", ..) => SummaryState::InProgress,
            ("failed", ..) => SummaryState::Failed,
            ("completed", Some(calls), Some(scores), Some(issues)) => {
                SummaryState::Completed(Box::new(SummaryCounts {
                    calls: unsigned(calls)?,
                    scores: from_json(scores)?,
                    issues: from_json(issues)?,
                }))
            }
            (status, ..) => return Err(StoreError::Corrupt(format!("summary status {status}"))),
        })
    }

    fn callback(&self) -> Result<Option<StatusCallback>, StoreError> {
        let (Some(url), Some(method)) = (&self.callback_url, &self.callback_method) else { return Ok(None) };
        callback_queue::status_callback(url, method).map(Some)
    }

    async fn listed(self, conn: &mut SqliteConnection) -> Result<ListedSummary, StoreError> {
        let (id, callback) = (SummaryId(self.id), self.callback()?);
        let account = AccountId(self.account_id);
        let summary = self.summary()?;
        let delivery = match callback {
            Some(_) => callback_queue::of_summary(conn, account, summary.sid).await?,
            None => None,
        };
        Ok(ListedSummary { id, summary, callback, delivery })
    }

    fn summary(self) -> Result<Summary, StoreError> {
        Ok(Summary {
            scope: self.scope()?,
            state: self.state()?,
            sid: sid(self.sid)?,
            created_at: time(self.created_at)?,
            updated_at: time(self.updated_at)?,
        })
    }
}

pub(super) async fn by_sid(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: SummarySid,
) -> Result<Option<Summary>, StoreError> {
    row(conn, account, sid).await?.map(Row::summary).transpose()
}

const LIST: &str = "SELECT * FROM summaries WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?";

pub(super) async fn list(
    conn: &mut SqliteConnection,
    account: AccountId,
    before: Option<SummaryId>,
    limit: usize,
) -> Result<Vec<ListedSummary>, StoreError> {
    let mut snapshot = conn.begin().await?;
    let rows: Vec<Row> = sqlx::query_as(LIST)
        .bind(account.0)
        .bind(before.map_or(i64::MAX, SummaryId::get))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&mut *snapshot)
        .await?;
    let mut summaries = Vec::with_capacity(rows.len());
    for row in rows {
        summaries.push(row.listed(&mut snapshot).await?);
    }
    Ok(summaries)
}

pub(super) async fn listed(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: SummarySid,
) -> Result<Option<ListedSummary>, StoreError> {
    let mut snapshot = conn.begin().await?;
    match row(&mut snapshot, account, sid).await? {
        Some(row) => row.listed(&mut snapshot).await.map(Some),
        None => Ok(None),
    }
}

async fn row(conn: &mut SqliteConnection, account: AccountId, sid: SummarySid) -> Result<Option<Row>, StoreError> {
    let sql = "SELECT * FROM summaries WHERE sid = ? AND account_id = ?";
    Ok(sqlx::query_as(sql).bind(sid.as_bytes().as_slice()).bind(account.0).fetch_optional(conn).await?)
}

pub(super) async fn claim(conn: &mut SqliteConnection, now: Timestamp) -> Result<Option<SummaryJob>, StoreError> {
    // Without the index hint, SQLite would scan all summaries for the first unfinished one.
    let sql = "UPDATE summaries SET status = 'in-progress', updated_at = ? WHERE id =
               (SELECT MIN(id) FROM summaries INDEXED BY unfinished_summaries WHERE status IN ('queued', 'in-progress'))
               RETURNING *";
    let row: Option<Row> = sqlx::query_as(sql).bind(now.as_millisecond()).fetch_optional(conn).await?;
    row.map(|row| {
        Ok(SummaryJob {
            id: SummaryId(row.id),
            account: AccountId(row.account_id),
            scope: row.scope()?,
            sid: sid(row.sid)?,
        })
    })
    .transpose()
}

pub(super) async fn finish(
    conn: &mut SqliteConnection,
    id: SummaryId,
    outcome: SummaryOutcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (status, counts) = match outcome {
        SummaryOutcome::Completed(counts) => (SummaryStatus::Completed, Some(counts)),
        SummaryOutcome::Failed => (SummaryStatus::Failed, None),
    };
    let calls = counts.as_ref().map(|counts| i64::try_from(counts.calls)).transpose();
    let sql = "UPDATE summaries SET status = ?, calls = ?, scores = ?, issues = ?, updated_at = ?
               WHERE id = ? AND status = 'in-progress' RETURNING *";
    let row: Option<Row> = sqlx::query_as(sql)
        .bind(status.as_str())
        .bind(calls.map_err(|_| StoreError::Corrupt("call count".into()))?)
        .bind(counts.as_ref().map(|counts| to_json(&counts.scores)).transpose()?)
        .bind(counts.as_ref().map(|counts| to_json(&counts.issues)).transpose()?)
        .bind(now.as_millisecond())
        .bind(id.0)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let Some(to) = row.callback()? else { return Ok(()) };
    callback_queue::queue(conn, AccountId(row.account_id), sid(row.sid)?, status, &to, now).await
}

pub(super) async fn delete(
    conn: &mut SqliteConnection,
    account: AccountId,
    sid: SummarySid,
) -> Result<Option<SummaryDeletion>, StoreError> {
    let sql = "DELETE FROM summaries WHERE sid = ? AND account_id = ? AND status IN ('completed', 'failed')";
    let sid_bytes = sid.as_bytes().as_slice();
    let done = sqlx::query(sql).bind(sid_bytes).bind(account.0).execute(&mut *conn).await?;
    if done.rows_affected() > 0 {
        return Ok(Some(SummaryDeletion::Deleted));
    }
    Ok(by_sid(conn, account, sid).await?.map(|_| SummaryDeletion::Unfinished))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::tests::{database, plan};

    #[tokio::test]
    async fn a_page_reads_one_range_of_an_index_in_its_order() {
        let mut conn = database().await;
        let list = plan(&mut conn, LIST).await;
        assert_eq!(list, "SEARCH summaries USING INDEX summaries_by_account (account_id=? AND rowid<?)");
        let callback = plan(&mut conn, callback_queue::OF_SUMMARY).await;
        assert_eq!(callback, "SEARCH callbacks USING INDEX callbacks_by_summary (summary_sid=?)");
    }
}
