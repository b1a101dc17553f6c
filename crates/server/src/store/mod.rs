//! Persistent storage. [`Store`] has domain operations, so no code outside of this module knows SQL.

mod account;
mod callback;
mod counts;
mod listing;
mod rating;
pub mod sqlite;
mod summary;
mod widget_file;

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;
use ringback_api::{AccountSid, CallDetails, CallSid, KeySid, Revocation, SummarySid};
use tokio::sync::watch;

use crate::secret::Sealed;
pub use account::{
    Account, AccountChanges, AccountId, ApiKey, ListedKey, NewAccount, NewApiKey, NewRatingLink, NewSession,
    SecretHash, StoredSession, TokenId,
};
pub use callback::{Callback, CallbackAttempt, CallbackId, CallbackLimits, CallbackState, DueCallback, DueCallbacks};
pub use counts::{CountQuery, Counts, IssueScores, OffsetSpan};
pub use listing::{Change, ListedCalls, Listing, Position};
pub use rating::{Caller, NewRating, PastCall, Rated, ReportedCall, StoredRating, Target, TokenCall};
pub use summary::{
    ListedSummary, MAX_UNFINISHED_SUMMARIES, NewSummary, Summary, SummaryCounts, SummaryDeletion, SummaryId,
    SummaryJob, SummaryOutcome, SummaryScope, SummaryState,
};
pub use widget_file::WidgetFile;

/// A failure of the store. "Not found" is `Ok(None)`, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database returned an error.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A schema migration failed.
    #[error("the database's schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The transaction could not be made durable, so its changes do not count.
    #[error("the change could not be written to disk: {0}")]
    Commit(String),
    /// A stored value is invalid.
    #[error("the database contains an invalid value: {0}")]
    Corrupt(String),
    /// Another server has locked the file.
    #[error("another server is using it")]
    InUse,
    /// The database file or its lock file cannot be opened or locked.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

/// Whether a query covers the account's subaccounts, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subaccounts {
    /// The account alone.
    Excluded,
    /// The account and its subaccounts.
    Included,
}

/// The result of `ringback verify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The number of recounted calls.
    pub calls: u64,
    /// The number of recounted ratings.
    pub ratings: u64,
    /// The number of recounted buckets.
    pub buckets: u64,
    /// One line per wrong bucket, and one for ratings whose list entries are wrong; empty if everything agrees.
    pub differences: Vec<String>,
}

/// The operations of the store.
///
/// A write is on disk when its future resolves with `Ok`.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Creates an account; returns `None` if the sid is taken.
    async fn create_account(&self, new: NewAccount, now: Timestamp) -> Result<Option<Account>, StoreError>;
    /// Returns the account with this sid.
    async fn account(&self, sid: AccountSid) -> Result<Option<Account>, StoreError>;
    /// Returns the account that was created first.
    async fn first_account(&self) -> Result<Option<Account>, StoreError>;

    /// Returns the subaccounts of an account in order of creation.
    async fn subaccounts(&self, parent: AccountId) -> Result<Vec<Account>, StoreError>;
    /// Returns all accounts, each followed by its subaccounts.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// Changes the settings of an account.
    async fn update_account(&self, account: AccountId, changes: AccountChanges) -> Result<(), StoreError>;
    /// Suspends an account and its subaccounts; `None` reactivates it.
    async fn suspend(&self, account: AccountId, since: Option<Timestamp>) -> Result<(), StoreError>;

    /// Creates an API key.
    async fn create_api_key(&self, new: NewApiKey, now: Timestamp) -> Result<(), StoreError>;
    /// Returns the API key with this sid, unless it is revoked.
    async fn api_key(&self, sid: KeySid) -> Result<Option<ApiKey>, StoreError>;
    /// Returns the API keys of an account, including revoked ones, in order of creation.
    async fn api_keys(&self, account: AccountId) -> Result<Vec<ListedKey>, StoreError>;
    /// Revokes an API key and the tokens that it signed; returns `false` if there is no such key or it is already
    /// revoked.
    async fn revoke_api_key(&self, sid: KeySid, now: Timestamp) -> Result<bool, StoreError>;

    /// Revokes rating tokens of an account, and deletes revocations of expired tokens.
    async fn revoke_tokens(&self, account: AccountId, which: Revocation, now: Timestamp) -> Result<(), StoreError>;
    /// Returns whether a rating token is revoked: by its id, or by its leg if it was issued no later than the
    /// revocation.
    async fn is_token_revoked(&self, account: AccountId, token: TokenId) -> Result<bool, StoreError>;

    /// Stores the rating token of a link, and deletes some expired links.
    async fn create_rating_link(&self, new: NewRatingLink) -> Result<(), StoreError>;
    /// Returns the rating token of a link, unless the link has expired.
    async fn rating_link(&self, code: SecretHash, now: Timestamp) -> Result<Option<Sealed>, StoreError>;

    /// Stores reported calls in one transaction. A known call takes the values of the report; omitted values stay.
    ///
    /// Skips calls whose day is sealed before or after the update, and returns their indexes in `calls`.
    async fn record_calls(
        &self,
        account: AccountId,
        calls: Vec<ReportedCall>,
        now: Timestamp,
    ) -> Result<Vec<usize>, StoreError>;
    /// Imports past calls in one transaction, skips calls that are already known, and returns the number of new calls.
    async fn import(&self, account: AccountId, history: Vec<PastCall>) -> Result<u64, StoreError>;
    /// Records that the party of a leg was asked; only the first time counts. Returns `false` if the leg is unknown or
    /// its day is sealed.
    async fn mark_asked(&self, target: Target, now: Timestamp) -> Result<bool, StoreError>;
    /// Records that the party of a leg was asked and declined, like [`mark_asked`](Self::mark_asked).
    async fn mark_dismissed(&self, target: Target, now: Timestamp) -> Result<bool, StoreError>;
    /// Creates or replaces the rating of a leg; returns `None` if the leg is unknown or its day is sealed.
    async fn rate(&self, target: Target, new: NewRating, now: Timestamp) -> Result<Option<Rated>, StoreError>;
    /// Returns the rating of a leg, unless its day is sealed.
    async fn rating(&self, account: AccountId, sid: CallSid) -> Result<Option<StoredRating>, StoreError>;

    /// Removes names, numbers and comments from the legs of a caller, and returns the number of legs. Scores and counts
    /// stay. Calls that started before the erasure stay erased when they are reported again.
    async fn erase_caller(&self, account: AccountId, caller: Caller, now: Timestamp) -> Result<u64, StoreError>;
    /// Seals all days before `before`, the start of a UTC day. Sealed days stay sealed.
    async fn seal(&self, account: AccountId, before: Timestamp) -> Result<(), StoreError>;
    /// Deletes some calls of sealed days with their ratings; the counts stay. Returns the number of deleted calls,
    /// which is 0 when none are left.
    async fn delete_sealed(&self, account: AccountId) -> Result<u64, StoreError>;
    /// Returns the details of a leg.
    async fn leg(&self, account: AccountId, sid: CallSid) -> Result<Option<CallDetails>, StoreError>;
    /// Returns a page of at most `limit` calls. A call that exists and does not change while a client reads all pages
    /// is listed exactly once.
    async fn list(&self, listing: &Listing, after: Option<Position>, limit: usize) -> Result<ListedCalls, StoreError>;

    /// Returns a receiver that is notified when new or changed ratings may be on disk.
    fn subscribe(&self) -> watch::Receiver<()>;
    /// Returns the sequence number of the last change to a rating of any account; 0 if there was none.
    async fn last_change(&self) -> Result<u64, StoreError>;
    /// Returns the first `limit` ratings that changed after a sequence number: each once, in its current state.
    async fn changes(
        &self,
        account: AccountId,
        subaccounts: Subaccounts,
        since: u64,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError>;

    /// Sums up buckets in one consistent snapshot.
    async fn count(&self, question: CountQuery) -> Result<Counts, StoreError>;
    /// Queues a summary; returns `None` if the account already has [`MAX_UNFINISHED_SUMMARIES`] unfinished summaries
    /// and pending callbacks.
    async fn create_summary(
        &self,
        account: AccountId,
        new: NewSummary,
        now: Timestamp,
    ) -> Result<Option<Summary>, StoreError>;
    /// Returns the account's summary with this sid.
    async fn summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<Summary>, StoreError>;
    /// Returns the account's summary with this sid, and the delivery of its StatusCallback.
    async fn listed_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<ListedSummary>, StoreError>;
    /// Returns the summaries of an account that are older than `before`, newest first.
    async fn summaries(
        &self,
        account: AccountId,
        before: Option<SummaryId>,
        limit: usize,
    ) -> Result<Vec<ListedSummary>, StoreError>;
    /// Claims the oldest unfinished summary, even if it was claimed before: there is only one worker, so the earlier
    /// claim is from a run that was interrupted.
    async fn claim_summary(&self, now: Timestamp) -> Result<Option<SummaryJob>, StoreError>;
    /// Finishes a claimed summary and queues its StatusCallback in the same transaction. Leaves a finished summary
    /// unchanged.
    async fn finish_summary(&self, id: SummaryId, outcome: SummaryOutcome, now: Timestamp) -> Result<(), StoreError>;
    /// Deletes the account's summary with this sid; returns `None` if there is none.
    async fn delete_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<SummaryDeletion>, StoreError>;

    /// Returns due callbacks, within limits. A callback stays due while it is being sent, until its attempt is
    /// recorded.
    async fn due_callbacks(&self, now: Timestamp, limits: CallbackLimits) -> Result<DueCallbacks, StoreError>;
    /// Records an attempt to send a callback.
    async fn record_callback_attempt(
        &self,
        id: CallbackId,
        attempt: CallbackAttempt,
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Returns the callbacks of an account that are older than `before`, newest first. Finished callbacks are kept for
    /// 30 days.
    async fn callbacks(
        &self,
        account: AccountId,
        before: Option<CallbackId>,
        limit: usize,
    ) -> Result<Vec<Callback>, StoreError>;

    /// Stores this release's widget files, and deletes files that were replaced more than 30 days ago.
    async fn keep_widget_files(&self, files: Vec<WidgetFile>, now: Timestamp) -> Result<(), StoreError>;
    /// Returns a widget file of this or an earlier release.
    async fn widget_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Creates a dashboard session, and deletes expired ones.
    async fn create_session(&self, new: NewSession) -> Result<(), StoreError>;
    /// Returns the session with this secret, unless it has expired or its API key is revoked.
    async fn session(&self, secret: SecretHash, now: Timestamp) -> Result<Option<StoredSession>, StoreError>;
    /// Deletes a session.
    async fn delete_session(&self, secret: SecretHash) -> Result<(), StoreError>;
    /// Stores a one-time sign-in code, and deletes expired ones.
    async fn create_sign_in_code(
        &self,
        secret: SecretHash,
        account: AccountId,
        lifetime: Range<Timestamp>,
    ) -> Result<(), StoreError>;
    /// Redeems a sign-in code, and returns its account unless the code was used or has expired.
    async fn redeem_sign_in_code(&self, secret: SecretHash, now: Timestamp) -> Result<Option<AccountId>, StoreError>;

    /// Recounts all buckets from the calls and ratings, and compares them with the stored ones.
    async fn verify(&self) -> Result<Verification, StoreError>;
    /// Checks that the database can be read, and that the writer can commit a transaction.
    async fn ready(&self) -> Result<(), StoreError>;
    /// Finishes queued writes and closes the store.
    async fn close(&self);
}
