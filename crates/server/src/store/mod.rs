//! Where everything is kept: a trait of domain verbs, so that nothing outside this module knows SQL.

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

use crate::vault::Sealed;
pub use account::{
    Account, AccountChanges, AccountId, ApiKey, ListedKey, NewAccount, NewApiKey, NewRatingLink, NewSession,
    SecretHash, StoredSession, TokenId,
};
pub use callback::{Callback, CallbackId, CallbackLimits, CallbackState, DueCallback, DueCallbacks, Try};
pub use counts::{ClockSpan, Counts, IssueScores, Question};
pub use listing::{Change, Listed, Listing, Place};
pub use rating::{Caller, CallerDigest, NewRating, PastCall, Rated, ReportedCall, StoredRating, Target, TokenCall};
pub use summary::{
    ListedSummary, MAX_UNFINISHED_SUMMARIES, NewSummary, Summary, SummaryCounts, SummaryDeletion, SummaryId,
    SummaryJob, SummaryOutcome, SummaryScope, SummaryState,
};
pub use widget_file::WidgetFile;

/// Why the store did not do what it was asked. "Not found" is not among these: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The work was done but could not be made durable, so it does not count.
    #[error("the change could not be written to disk: {0}")]
    Commit(String),
    /// What is stored is not what was ever written.
    #[error("the database holds a value that it cannot: {0}")]
    Corrupt(String),
    /// Another server has the file.
    #[error("another server is using it")]
    InUse,
    /// The file, or the lock beside it, could not be made.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

/// Which accounts a count is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The account alone.
    Own,
    /// The account and its subaccounts.
    WithSubaccounts,
}

/// What `ringback verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Calls that were recounted.
    pub calls: u64,
    /// Ratings that were recounted.
    pub ratings: u64,
    /// Buckets that were compared.
    pub buckets: u64,
    /// What differs, one line a bucket, and one for ratings that lists would miss; empty when all is well.
    pub differences: Vec<String>,
}

/// Everything that is kept, as verbs of the domain.
///
/// A write is on disk when its future resolves with `Ok`.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Creates an account; `None` if the sid is taken.
    async fn create_account(&self, new: NewAccount, now: Timestamp) -> Result<Option<Account>, StoreError>;
    /// The account with this sid.
    async fn account(&self, sid: AccountSid) -> Result<Option<Account>, StoreError>;
    /// The account that was created first.
    async fn first_account(&self) -> Result<Option<Account>, StoreError>;

    /// The subaccounts of an account, in the order in which they were created.
    async fn subaccounts(&self, parent: AccountId) -> Result<Vec<Account>, StoreError>;
    /// All accounts, each followed by its subaccounts.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// Changes settings of an account; what is `None` stays.
    async fn update_account(&self, account: AccountId, changes: AccountChanges) -> Result<(), StoreError>;
    /// Suspends an account, and with it its subaccounts, or with `None` lets it be used again.
    async fn suspend(&self, account: AccountId, since: Option<Timestamp>) -> Result<(), StoreError>;

    /// Creates an API key.
    async fn create_api_key(&self, new: NewApiKey, now: Timestamp) -> Result<(), StoreError>;
    /// The API key with this sid, unless it was revoked.
    async fn api_key(&self, sid: KeySid) -> Result<Option<ApiKey>, StoreError>;
    /// The API keys of an account, those that were revoked too, in the order in which they were created.
    async fn api_keys(&self, account: AccountId) -> Result<Vec<ListedKey>, StoreError>;
    /// Revokes an API key, and with it the tokens that it signed; `false` if there is none, or it was revoked before.
    async fn revoke_api_key(&self, sid: KeySid, now: Timestamp) -> Result<bool, StoreError>;

    /// Revokes rating tokens of an account, and forgets revocations of tokens that have expired.
    async fn revoke_tokens(&self, account: AccountId, which: Revocation, now: Timestamp) -> Result<(), StoreError>;
    /// Whether a rating token was revoked, by its id or, if it was issued until then, by its leg.
    async fn is_token_revoked(&self, account: AccountId, token: TokenId) -> Result<bool, StoreError>;

    /// Keeps a rating token under a code for a link, and forgets some that have expired.
    async fn create_rating_link(&self, new: NewRatingLink) -> Result<(), StoreError>;
    /// The rating token under a code, unless it has expired.
    async fn rating_link(&self, code: SecretHash, now: Timestamp) -> Result<Option<Sealed>, StoreError>;

    /// Notes calls that a phone system reports, all or none. A call that is known already is updated with what the
    /// report says; what it leaves out stays.
    ///
    /// Those whose day is sealed, or would be after the correction, are left out; the answer has their positions.
    async fn record_calls(
        &self,
        account: AccountId,
        calls: Vec<ReportedCall>,
        now: Timestamp,
    ) -> Result<Vec<usize>, StoreError>;
    /// Notes calls together with what became of them, all or none; those that are known already are left alone.
    async fn import(&self, account: AccountId, history: Vec<PastCall>) -> Result<u64, StoreError>;
    /// Notes that the party of a leg was asked; `false` if the call is not known. The first time counts.
    async fn mark_asked(&self, target: Target, now: Timestamp) -> Result<bool, StoreError>;
    /// Notes that the party of a leg was asked and said no; `false` if the call is not known. The first time counts.
    async fn mark_dismissed(&self, target: Target, now: Timestamp) -> Result<bool, StoreError>;
    /// Stores a rating as a whole; `None` if the call is not known or its day is sealed.
    async fn rate(&self, target: Target, new: NewRating, now: Timestamp) -> Result<Option<Rated>, StoreError>;
    /// The rating of a leg.
    async fn rating(&self, account: AccountId, sid: CallSid) -> Result<Option<StoredRating>, StoreError>;

    /// Takes names, numbers and comments off the legs of a caller, also off those that will be reported again; how many
    /// legs there were. Scores and counts stay.
    async fn erase_caller(&self, account: AccountId, caller: Caller, now: Timestamp) -> Result<u64, StoreError>;
    /// Seals the days before this start of a UTC day; days that are sealed stay so.
    async fn seal(&self, account: AccountId, before: Timestamp) -> Result<(), StoreError>;
    /// Deletes some of the calls of sealed days, with their ratings; how many, 0 when none is left. Counts stay.
    async fn delete_sealed(&self, account: AccountId) -> Result<u64, StoreError>;
    /// A leg, with everything that is known of it.
    async fn leg(&self, account: AccountId, sid: CallSid) -> Result<Option<CallDetails>, StoreError>;
    /// The next calls of a list, at most `limit`. While calls and ratings come and change, those that are there from
    /// the first page to the last and do not change are listed once.
    async fn list(&self, listing: &Listing, after: Option<Place>, limit: usize) -> Result<Listed, StoreError>;

    /// Marked changed when ratings that are new or changed may be on disk.
    fn follow(&self) -> watch::Receiver<()>;
    /// The number of the last rating that was new or changed, of any account; 0 if there was none.
    async fn last_change(&self) -> Result<u64, StoreError>;
    /// The ratings that are new or changed since this number, each once, as it is now; the first `limit`.
    async fn changes(
        &self,
        account: AccountId,
        reach: Reach,
        since: u64,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError>;

    /// Counts in one consistent snapshot, from the buckets.
    async fn count(&self, question: Question) -> Result<Counts, StoreError>;
    /// Queues a summary; `None` if [`MAX_UNFINISHED_SUMMARIES`] of the account wait already, to be counted or to be told.
    async fn create_summary(
        &self,
        account: AccountId,
        new: NewSummary,
        now: Timestamp,
    ) -> Result<Option<Summary>, StoreError>;
    /// The account's summary with this sid.
    async fn summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<Summary>, StoreError>;
    /// The same with what its StatusCallback was told.
    async fn listed_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<ListedSummary>, StoreError>;
    /// The summaries of an account, the newest first, from behind `before` on.
    async fn summaries(
        &self,
        account: AccountId,
        before: Option<SummaryId>,
        limit: usize,
    ) -> Result<Vec<ListedSummary>, StoreError>;
    /// Takes the oldest summary that has not ended, also one that was taken before and not finished: there is one
    /// worker, so whoever took that is gone.
    async fn take_summary(&self, now: Timestamp) -> Result<Option<SummaryJob>, StoreError>;
    /// Ends a summary that was taken and, in the same transaction, queues what its StatusCallback is told. One that has
    /// ended already stays as it is.
    async fn finish_summary(&self, id: SummaryId, outcome: SummaryOutcome, now: Timestamp) -> Result<(), StoreError>;
    /// Deletes the account's summary with this sid; `None` if there is none.
    async fn delete_summary(&self, account: AccountId, sid: SummarySid) -> Result<Option<SummaryDeletion>, StoreError>;

    /// The callbacks that are to be sent now, within limits. Those that are being sent are among them until the try is
    /// noted.
    async fn due_callbacks(&self, now: Timestamp, limits: CallbackLimits) -> Result<DueCallbacks, StoreError>;
    /// Notes that a callback was sent once more, and what follows.
    async fn callback_tried(&self, id: CallbackId, tried: Try, now: Timestamp) -> Result<(), StoreError>;
    /// The callbacks of an account, the newest first, from behind `before` on. Those that ended are kept for 30 days.
    async fn callbacks(
        &self,
        account: AccountId,
        before: Option<CallbackId>,
        limit: usize,
    ) -> Result<Vec<Callback>, StoreError>;

    /// Keeps the widget's files of this release, and forgets those that were replaced 30 days ago.
    async fn keep_widget_files(&self, files: Vec<WidgetFile>, now: Timestamp) -> Result<(), StoreError>;
    /// A file of the widget, of this release or of an earlier one.
    async fn widget_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Starts a session on the dashboard, and forgets those that have expired.
    async fn create_session(&self, new: NewSession) -> Result<(), StoreError>;
    /// The session with this secret, unless it has expired or its key was revoked.
    async fn session(&self, secret: SecretHash, now: Timestamp) -> Result<Option<StoredSession>, StoreError>;
    /// Ends a session.
    async fn delete_session(&self, secret: SecretHash) -> Result<(), StoreError>;
    /// Keeps a code that signs in once, and forgets those that have expired.
    async fn create_sign_in_code(
        &self,
        secret: SecretHash,
        account: AccountId,
        lifetime: Range<Timestamp>,
    ) -> Result<(), StoreError>;
    /// Uses a code up; the account that it signs in to, unless it was used or has expired.
    async fn redeem_sign_in_code(&self, secret: SecretHash, now: Timestamp) -> Result<Option<AccountId>, StoreError>;

    /// Recounts every bucket from the rows.
    async fn verify(&self) -> Result<Verification, StoreError>;
    /// Whether the store can read and write right now.
    async fn ready(&self) -> Result<(), StoreError>;
    /// Finishes what was begun and closes.
    async fn close(&self);
}
