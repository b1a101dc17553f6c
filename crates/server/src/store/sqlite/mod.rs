//! The store in an SQLite file: one writing connection and a pool of read-only ones.

mod accounts;
mod buckets;
mod callback_queue;
mod calls;
mod counting;
mod details;
mod erasure;
mod file;
mod links;
mod listing;
mod retention;
mod revocations;
mod sessions;
mod summaries;
#[cfg(test)]
mod tests;
mod values;
mod widget_files;
mod writer;

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ringback_api::{AccountSid, CallDetails, CallSid, KeySid, Revocation, SummarySid};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use super::{
    Account, AccountChanges, AccountId, ApiKey, Callback, CallbackAttempt, CallbackId, CallbackLimits, Caller, Change,
    CountQuery, Counts, DueCallbacks, ListedCalls, ListedKey, ListedSummary, Listing, NewAccount, NewApiKey, NewRating,
    NewRatingLink, NewSession, NewSummary, PastCall, Position, Rated, ReportedCall, SecretHash, Store, StoreError,
    StoredRating, StoredSession, Subaccounts, Summary, SummaryDeletion, SummaryId, SummaryJob, SummaryOutcome, Target,
    TokenId, Verification, WidgetFile,
};
use crate::secret::Sealed;
use values::{from_json, from_json_string, parse, rating, sid, time, to_json, unsigned};
use writer::Writer;

const READERS: u32 = 4;
/// The number of legs that one transaction erases, so that other writes do not wait long.
const ERASURE_CHUNK: usize = 500;

/// The store in an SQLite file.
pub struct SqliteStore {
    /// `None` once the store is closed.
    writer: Mutex<Option<(Writer, JoinHandle<()>)>>,
    readers: SqlitePool,
    /// Notifies subscribers when ratings are on disk.
    rated: watch::Sender<()>,
    /// Held as long as the store exists. The operating system releases it even if the process is killed.
    _lock: Option<File>,
}

/// The kind of process that opens the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// A server, which needs the file to itself: fails while another server has locked it.
    Server,
    /// A short command, which may run beside a server.
    Command,
}

impl SqliteStore {
    /// Opens the file, or creates it, and migrates its schema.
    pub async fn open(path: &Path, mode: OpenMode) -> Result<Self, StoreError> {
        file::create_private(path)?;
        let lock = match mode {
            OpenMode::Server => Some(file::lock(path)?),
            OpenMode::Command => None,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL does not sync the log at each commit, so an acknowledged rating could be lost.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Overwrites erased and deleted data on disk instead of only unlinking it.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(10));
        let mut conn = options.connect().await?;
        sqlx::migrate!("src/store/sqlite/migrations").run(&mut conn).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { writer: Mutex::new(Some(Writer::start(conn))), readers, rated: watch::Sender::new(()), _lock: lock })
    }

    async fn write<F, T>(&self, work: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> futures::future::BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
        T: Send + 'static,
    {
        self.writer().await?.run(work).await
    }

    async fn writer(&self) -> Result<Writer, StoreError> {
        match &*self.writer.lock().await {
            Some((writer, _)) => Ok(writer.clone()),
            None => Err(StoreError::Closed),
        }
    }

    /// Returns a callback that notifies the subscribers of ratings.
    fn notify_rated(&self) -> impl FnOnce() + Send + 'static {
        let rated = self.rated.clone();
        move || {
            rated.send_replace(());
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn create_account(&self, new: NewAccount, now: Timestamp) -> Result<Option<Account>, StoreError> {
        self.write(move |conn| Box::pin(accounts::create(conn, new, now))).await
    }

    async fn account(&self, sid: AccountSid) -> Result<Option<Account>, StoreError> {
        accounts::by_sid(&mut *self.readers.acquire().await?, sid).await
    }

    async fn first_account(&self) -> Result<Option<Account>, StoreError> {
        accounts::first(&mut *self.readers.acquire().await?).await
    }

    async fn subaccounts(&self, parent: AccountId) -> Result<Vec<Account>, StoreError> {
        accounts::subaccounts(&mut *self.readers.acquire().await?, parent).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        accounts::all(&mut *self.readers.acquire().await?).await
    }

    async fn update_account(&self, account: AccountId, changes: AccountChanges) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(accounts::update(conn, account, changes))).await
    }

    async fn suspend(&self, account: AccountId, since: Option<Timestamp>) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(accounts::suspend(conn, account, since))).await
    }

    async fn create_api_key(&self, new: NewApiKey, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(accounts::create_key(conn, new, now))).await
    }

    async fn api_key(&self, sid: KeySid) -> Result<Option<ApiKey>, StoreError> {
        accounts::key(&mut *self.readers.acquire().await?, sid).await
    }

    async fn api_keys(&self, account: AccountId) -> Result<Vec<ListedKey>, StoreError> {
        accounts::keys(&mut *self.readers.acquire().await?, account).await
    }

    async fn revoke_api_key(&self, sid: KeySid, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |conn| Box::pin(accounts::revoke_key(conn, sid, now))).await
    }

    async fn revoke_tokens(&self, account: AccountId, which: Revocation, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(revocations::revoke(conn, account, which, now))).await
    }

    async fn is_token_revoked(&self, account: AccountId, token: TokenId) -> Result<bool, StoreError> {
        revocations::is_revoked(&mut *self.readers.acquire().await?, account, token).await
    }

    async fn create_rating_link(&self, new: NewRatingLink) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(links::create(conn, new))).await
    }

    async fn rating_link(&self, code: SecretHash, now: Timestamp) -> Result<Option<Sealed>, StoreError> {
        links::token(&mut *self.readers.acquire().await?, code, now).await
    }

    async fn keep_widget_files(&self, files: Vec<WidgetFile>, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(widget_files::keep(conn, files, now))).await
    }

    async fn widget_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        widget_files::read(&mut *self.readers.acquire().await?, name).await
    }

    async fn record_calls(
        &self,
        account: AccountId,
        calls: Vec<ReportedCall>,
        now: Timestamp,
    ) -> Result<Vec<usize>, StoreError> {
        self.write(move |conn| Box::pin(calls::record(conn, account, calls, now))).await
    }

    async fn import(&self, account: AccountId, history: Vec<PastCall>) -> Result<u64, StoreError> {
        self.writer()
            .await?
            .run_and_notify(move |conn| Box::pin(calls::import(conn, account, history)), self.notify_rated())
            .await
    }

    async fn mark_asked(&self, target: Target, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |conn| Box::pin(calls::mark_asked(conn, target, now))).await
    }

    async fn mark_dismissed(&self, target: Target, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |conn| Box::pin(calls::mark_dismissed(conn, target, now))).await
    }

    async fn rate(&self, target: Target, new: NewRating, now: Timestamp) -> Result<Option<Rated>, StoreError> {
        self.writer()
            .await?
            .run_and_notify(move |conn| Box::pin(calls::rate(conn, target, new, now)), self.notify_rated())
            .await
    }

    async fn rating(&self, account: AccountId, sid: CallSid) -> Result<Option<StoredRating>, StoreError> {
        calls::rating(&mut *self.readers.acquire().await?, account, sid).await
    }

    async fn erase_caller(&self, account: AccountId, caller: Caller, now: Timestamp) -> Result<u64, StoreError> {
        // Calls that are reported from here on are stored without names, so no further legs can appear below.
        self.write(move |conn| Box::pin(erasure::mark(conn, account, caller.digest, now))).await?;
        let legs = erasure::legs(&mut *self.readers.acquire().await?, account, &caller.name).await?;
        self.write(move |conn| Box::pin(links::delete_of_caller(conn, account, caller.digest))).await?;
        for chunk in legs.chunks(ERASURE_CHUNK) {
            let chunk = chunk.to_vec();
            self.write(move |conn| Box::pin(async move { erasure::erase(conn, &chunk, now).await })).await?;
        }
        Ok(legs.len() as u64)
    }

    async fn seal(&self, account: AccountId, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(retention::seal(conn, account, before))).await
    }

    async fn delete_sealed(&self, account: AccountId) -> Result<u64, StoreError> {
        self.write(move |conn| Box::pin(retention::delete(conn, account))).await
    }

    async fn leg(&self, account: AccountId, sid: CallSid) -> Result<Option<CallDetails>, StoreError> {
        details::by_sid(&mut *self.readers.acquire().await?, account, sid).await
    }

    async fn list(&self, listing: &Listing, after: Option<Position>, limit: usize) -> Result<ListedCalls, StoreError> {
        listing::list(&mut *self.readers.acquire().await?, listing, after, limit).await
    }

    fn subscribe(&self) -> watch::Receiver<()> {
        self.rated.subscribe()
    }

    async fn last_change(&self) -> Result<u64, StoreError> {
        listing::last_change(&mut *self.readers.acquire().await?).await
    }

    async fn changes(
        &self,
        account: AccountId,
        subaccounts: Subaccounts,
        since: u64,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        listing::changes(&mut *self.readers.acquire().await?, account, subaccounts, since, limit).await
    }

    async fn count(&self, question: CountQuery) -> Result<Counts, StoreError> {
        counting::count(&mut *self.readers.acquire().await?, &question).await
    }

    async fn create_summary(
        &self,
        account: AccountId,
        new: NewSummary,
        now: Timestamp,
    ) -> Result<Option<Summary>, StoreError> {
        self.write(move |conn| Box::pin(summaries::create(conn, account, new, now))).await
    }

    async fn summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<Summary>, StoreError> {
        summaries::by_sid(&mut *self.readers.acquire().await?, account, sid).await
    }

    async fn listed_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<ListedSummary>, StoreError> {
        summaries::listed(&mut *self.readers.acquire().await?, account, sid).await
    }

    async fn summaries(
        &self,
        account: AccountId,
        before: Option<SummaryId>,
        limit: usize,
    ) -> Result<Vec<ListedSummary>, StoreError> {
        summaries::list(&mut *self.readers.acquire().await?, account, before, limit).await
    }

    async fn claim_summary(&self, now: Timestamp) -> Result<Option<SummaryJob>, StoreError> {
        self.write(move |conn| Box::pin(summaries::claim(conn, now))).await
    }

    async fn finish_summary(&self, id: SummaryId, outcome: SummaryOutcome, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(summaries::finish(conn, id, outcome, now))).await
    }

    async fn delete_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<SummaryDeletion>, StoreError> {
        self.write(move |conn| Box::pin(summaries::delete(conn, account, sid))).await
    }

    async fn due_callbacks(&self, now: Timestamp, limits: CallbackLimits) -> Result<DueCallbacks, StoreError> {
        callback_queue::due(&mut *self.readers.acquire().await?, now, limits).await
    }

    async fn record_callback_attempt(
        &self,
        id: CallbackId,
        attempt: CallbackAttempt,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(callback_queue::record_attempt(conn, id, attempt, now))).await
    }

    async fn callbacks(
        &self,
        account: AccountId,
        before: Option<CallbackId>,
        limit: usize,
    ) -> Result<Vec<Callback>, StoreError> {
        callback_queue::list(&mut *self.readers.acquire().await?, account, before, limit).await
    }

    async fn create_session(&self, new: NewSession) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(sessions::create(conn, new))).await
    }

    async fn session(&self, secret: SecretHash, now: Timestamp) -> Result<Option<StoredSession>, StoreError> {
        sessions::by_secret(&mut *self.readers.acquire().await?, secret, now).await
    }

    async fn delete_session(&self, secret: SecretHash) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(sessions::delete(conn, secret))).await
    }

    async fn create_sign_in_code(
        &self,
        secret: SecretHash,
        account: AccountId,
        lifetime: Range<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(sessions::create_code(conn, secret, account, lifetime))).await
    }

    async fn redeem_sign_in_code(&self, secret: SecretHash, now: Timestamp) -> Result<Option<AccountId>, StoreError> {
        self.write(move |conn| Box::pin(sessions::redeem_code(conn, secret, now))).await
    }

    async fn verify(&self) -> Result<Verification, StoreError> {
        buckets::verify(&mut *self.readers.acquire().await?).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM accounts LIMIT 1").execute(&self.readers).await?;
        self.write(|conn| {
            Box::pin(async move {
                sqlx::query("SELECT 1 FROM accounts LIMIT 1").execute(conn).await?;
                Ok(())
            })
        })
        .await
    }

    async fn close(&self) {
        let writer = self.writer.lock().await.take();
        self.readers.close().await;
        if let Some((writer, task)) = writer {
            drop(writer);
            // The task ends once its queue is empty. A panic in it has already been reported.
            let _ = task.await;
        }
    }
}
