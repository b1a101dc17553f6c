//! Accounts, and what opens them.

use std::num::NonZeroU16;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{AccountSid, CallSid, KeySid, Name, Origin, Sample, Scopes};

use super::CallerDigest;
use crate::vault::Sealed;

/// The row of an account; sids are for people and the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(super) i64);

/// An account or subaccount.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its row.
    pub id: AccountId,
    /// AC…
    pub sid: AccountSid,
    /// The account that it is a subaccount of.
    pub parent: Option<AccountId>,
    /// For people.
    pub name: String,
    /// The secret of Basic auth and of callback signatures.
    pub auth_token: Sealed,
    /// Days and hours on the dashboard are this zone's.
    pub time_zone: String,
    /// Made by `serve --demo`, which may put calls into it.
    pub is_demo: bool,
    /// It, or its parent, may not be used for now.
    pub is_suspended: bool,
    /// For how many UTC days calls are kept; `None` is for ever.
    pub retention_days: Option<NonZeroU16>,
    /// Which websites may send rating tokens; empty is any.
    pub allowed_origins: Vec<Origin>,
    /// Which share of calls is asked about, where the page around the widget does not say.
    pub sample: Sample,
    /// Calls that started earlier are gone or about to go, and none is taken any more; the start of a UTC day.
    pub sealed_before: Option<Timestamp>,
}

/// An account to be created.
#[derive(Debug)]
pub struct NewAccount {
    /// AC…
    pub sid: AccountSid,
    /// The account that it is to be a subaccount of.
    pub parent: Option<AccountId>,
    /// For people.
    pub name: String,
    /// Its secret.
    pub auth_token: Sealed,
    /// Made by `serve --demo`, which may put calls into it.
    pub is_demo: bool,
}

/// An API key with the account it belongs to.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// SK…
    pub sid: KeySid,
    /// Whose it is.
    pub account: Account,
    /// What it may do.
    pub scopes: Scopes,
    /// Its secret.
    pub secret: Sealed,
}

/// An API key as it is listed, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// SK…
    pub sid: KeySid,
    /// For people.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when it is not good any more.
    pub revoked_at: Option<Timestamp>,
}

/// An API key to be created.
#[derive(Debug)]
pub struct NewApiKey {
    /// SK…
    pub sid: KeySid,
    /// Whose it is.
    pub account: AccountId,
    /// For people.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Its secret.
    pub secret: Sealed,
}

/// Settings of an account that are to change.
#[derive(Debug, Clone, Default)]
pub struct AccountChanges {
    /// For people.
    pub name: Option<Name>,
    /// Since when it is suspended; `Some(None)`: it is not.
    pub suspended_at: Option<Option<Timestamp>>,
    /// IANA.
    pub time_zone: Option<String>,
    /// `Some(None)`: calls are kept for ever.
    pub retention_days: Option<Option<NonZeroU16>>,
    /// Empty is any.
    pub allowed_origins: Option<Vec<Origin>>,
    /// Which share of calls is asked about.
    pub sample: Option<Sample>,
}

/// What a rating token can be revoked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenId {
    /// Its own id.
    pub jti: Name,
    /// The leg that it is for.
    pub sid: CallSid,
    /// Its `iat`.
    pub issued_at: Timestamp,
}

/// A session on the dashboard, to be started.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The hash of what is in the cookie.
    pub secret: SecretHash,
    /// Who signed in.
    pub account: AccountId,
    /// What the credentials that signed in may do.
    pub scopes: Scopes,
    /// The key that signed in, if it was one; when it is revoked, the session ends.
    pub key: Option<KeySid>,
    /// From now to its end.
    pub lifetime: Range<Timestamp>,
}

/// Who is signed in to the dashboard.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// The account.
    pub account: Account,
    /// What the credentials that signed in may do.
    pub scopes: Scopes,
}

/// A SHA-256 of a random secret; only this is stored.
pub type SecretHash = [u8; 32];

/// A short link to be made.
#[derive(Debug)]
pub struct NewRatingLink {
    /// The hash of its code.
    pub code: SecretHash,
    /// The account of its leg.
    pub account: AccountId,
    /// The leg that its token is for.
    pub leg: CallSid,
    /// The digest of the leg's party.
    pub caller: Option<CallerDigest>,
    /// Its rating token.
    pub token: Sealed,
    /// From now to its end.
    pub lifetime: Range<Timestamp>,
}
