//! The store in an SQLite file: one connection that writes, some that only read.

mod accounts;
mod buckets;
mod callbacks;
mod calls;
mod counting;
mod details;
mod erasure;
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

use std::fs::{File, TryLockError};
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
    Account, AccountChanges, AccountId, ApiKey, Callback, CallbackId, CallbackLimits, Caller, Change, Counts,
    DueCallbacks, Listed, ListedKey, ListedSummary, Listing, NewAccount, NewApiKey, NewRating, NewRatingLink,
    NewSession, NewSummary, PastCall, Place, Question, Rated, Reach, ReportedCall, SecretHash, Store, StoreError,
    StoredRating, StoredSession, Summary, SummaryDeletion, SummaryId, SummaryJob, SummaryOutcome, Target, TokenId, Try,
    Verification, WidgetFile,
};
use crate::vault::Sealed;
use values::{json, parse, rating, sid, time, to_json, unsigned, word};
use writer::Writer;

const READERS: u32 = 4;
/// In one transaction, so that nobody waits long behind it.
const ERASED_AT_ONCE: usize = 500;

/// The store in an SQLite file.
pub struct SqliteStore {
    /// Taken when the store is closed.
    writer: Mutex<Option<(Writer, JoinHandle<()>)>>,
    readers: SqlitePool,
    /// Marked when ratings are on disk.
    rated: watch::Sender<()>,
    /// Held as long as the store lives; the system lets go of it even when the process is killed.
    _lock: Option<File>,
}

/// Whether the store is for a server, which wants the file for itself, or for a short command beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Refused while another server has the file.
    Server,
    /// Allowed while a server runs.
    Command,
}

impl SqliteStore {
    /// Opens the file, which is created if need be, and brings its schema up to date.
    pub async fn open(path: &Path, purpose: Use) -> Result<Self, StoreError> {
        make(path)?;
        let lock = match purpose {
            Use::Server => Some(lock(path)?),
            Use::Command => None,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would not sync the log at each commit, and an acknowledged rating could be lost.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What was erased or deleted is overwritten, not only forgotten.
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

    /// Tells those who follow ratings that there may be new ones.
    fn tell(&self) -> impl FnOnce() + Send + 'static {
        let rated = self.rated.clone();
        move || {
            rated.send_replace(());
        }
    }
}

/// Makes the file if it is not there, for its owner only: it holds phone numbers and comments.
fn make(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::File("cannot be opened".to_owned(), error))
}

/// Locks the file, whatever it was called.
fn lock(path: &Path) -> Result<File, StoreError> {
    let failed = |error| StoreError::File("cannot be locked".to_owned(), error);
    let mut name = path.canonicalize().map_err(failed)?.into_os_string();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(failed(error)),
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
        revocations::covers(&mut *self.readers.acquire().await?, account, token).await
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
        self.writer().await?.run_then(move |conn| Box::pin(calls::import(conn, account, history)), self.tell()).await
    }

    async fn mark_asked(&self, target: Target, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |conn| Box::pin(calls::mark_asked(conn, target, now))).await
    }

    async fn mark_dismissed(&self, target: Target, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |conn| Box::pin(calls::mark_dismissed(conn, target, now))).await
    }

    async fn rate(&self, target: Target, new: NewRating, now: Timestamp) -> Result<Option<Rated>, StoreError> {
        self.writer().await?.run_then(move |conn| Box::pin(calls::rate(conn, target, new, now)), self.tell()).await
    }

    async fn rating(&self, account: AccountId, sid: CallSid) -> Result<Option<StoredRating>, StoreError> {
        calls::rating(&mut *self.readers.acquire().await?, account, sid).await
    }

    async fn erase_caller(&self, account: AccountId, caller: Caller, now: Timestamp) -> Result<u64, StoreError> {
        // From here on what is reported again comes without names, so what is there now is all there will be.
        self.write(move |conn| Box::pin(erasure::mark(conn, account, caller.digest, now))).await?;
        let legs = erasure::legs(&mut *self.readers.acquire().await?, account, &caller.name).await?;
        self.write(move |conn| Box::pin(links::forget_caller(conn, account, caller.digest))).await?;
        for chunk in legs.chunks(ERASED_AT_ONCE) {
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

    async fn list(&self, listing: &Listing, after: Option<Place>, limit: usize) -> Result<Listed, StoreError> {
        listing::list(&mut *self.readers.acquire().await?, listing, after, limit).await
    }

    fn follow(&self) -> watch::Receiver<()> {
        self.rated.subscribe()
    }

    async fn last_change(&self) -> Result<u64, StoreError> {
        listing::last_change(&mut *self.readers.acquire().await?).await
    }

    async fn changes(
        &self,
        account: AccountId,
        reach: Reach,
        since: u64,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        listing::changes(&mut *self.readers.acquire().await?, account, reach, since, limit).await
    }

    async fn count(&self, question: Question) -> Result<Counts, StoreError> {
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

    async fn take_summary(&self, now: Timestamp) -> Result<Option<SummaryJob>, StoreError> {
        self.write(move |conn| Box::pin(summaries::take(conn, now))).await
    }

    async fn finish_summary(&self, id: SummaryId, outcome: SummaryOutcome, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(summaries::finish(conn, id, outcome, now))).await
    }

    async fn delete_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<SummaryDeletion>, StoreError> {
        self.write(move |conn| Box::pin(summaries::delete(conn, account, sid))).await
    }

    async fn due_callbacks(&self, now: Timestamp, limits: CallbackLimits) -> Result<DueCallbacks, StoreError> {
        callbacks::due(&mut *self.readers.acquire().await?, now, limits).await
    }

    async fn callback_tried(&self, id: CallbackId, tried: Try, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(callbacks::tried(conn, id, tried, now))).await
    }

    async fn callbacks(
        &self,
        account: AccountId,
        before: Option<CallbackId>,
        limit: usize,
    ) -> Result<Vec<Callback>, StoreError> {
        callbacks::list(&mut *self.readers.acquire().await?, account, before, limit).await
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
            // It ends when the queue is drained; a panic in it was reported already.
            let _ = task.await;
        }
    }
}
