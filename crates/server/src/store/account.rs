//! Accounts and their credentials.

use std::num::NonZeroU16;
use std::ops::Range;

use jiff::Timestamp;
use ringback_api::{AccountSid, CallSid, KeySid, Name, Origin, Sample, Scopes};

use crate::secret::{CallerDigest, Sealed};

/// The row id of an account. APIs and users see the AccountSid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(super) i64);

/// An account or subaccount.
#[derive(Debug, Clone)]
pub struct Account {
    /// The row id.
    pub id: AccountId,
    /// The AccountSid, AC….
    pub sid: AccountSid,
    /// The parent account, if this is a subaccount.
    pub parent: Option<AccountId>,
    /// A display name.
    pub name: String,
    /// The secret of Basic auth and of callback signatures.
    pub auth_token: Sealed,
    /// The IANA time zone of the days and hours on the dashboard.
    pub time_zone: String,
    /// Created by `serve --demo`, which may add generated calls.
    pub is_demo: bool,
    /// The account or its parent is suspended.
    pub is_suspended: bool,
    /// The number of UTC days that calls are kept; `None` keeps them forever.
    pub retention_days: Option<NonZeroU16>,
    /// The origins of the pages that may send rating tokens; empty allows all.
    pub allowed_origins: Vec<Origin>,
    /// The share of calls to ask about, for `/frame/{AC}` and the dashboard's snippet.
    pub sample: Sample,
    /// The start of the first UTC day that is not sealed. Calls of sealed days are deleted and no longer accepted.
    pub sealed_before: Option<Timestamp>,
}

/// An account to be created.
#[derive(Debug)]
pub struct NewAccount {
    /// The AccountSid, AC….
    pub sid: AccountSid,
    /// The parent account, if this is a subaccount.
    pub parent: Option<AccountId>,
    /// A display name.
    pub name: String,
    /// The secret of Basic auth and of callback signatures.
    pub auth_token: Sealed,
    /// Created by `serve --demo`, which may add generated calls.
    pub is_demo: bool,
}

/// An API key with its account.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// The sid, SK….
    pub sid: KeySid,
    /// The account that the key belongs to.
    pub account: Account,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// The encrypted secret.
    pub secret: Sealed,
}

/// An API key in a list, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The sid, SK….
    pub sid: KeySid,
    /// A display name.
    pub name: String,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the key was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// An API key to be created.
#[derive(Debug)]
pub struct NewApiKey {
    /// The sid, SK….
    pub sid: KeySid,
    /// The account that the key belongs to.
    pub account: AccountId,
    /// A display name.
    pub name: String,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// The encrypted secret.
    pub secret: Sealed,
}

/// Changes to the settings of an account; `None` keeps a setting.
#[derive(Debug, Clone, Default)]
pub struct AccountChanges {
    /// A display name.
    pub name: Option<Name>,
    /// The time of the suspension; `Some(None)` reactivates the account.
    pub suspended_at: Option<Option<Timestamp>>,
    /// An IANA time zone.
    pub time_zone: Option<String>,
    /// `Some(None)` keeps calls forever.
    pub retention_days: Option<Option<NonZeroU16>>,
    /// Empty allows all origins.
    pub allowed_origins: Option<Vec<Origin>>,
    /// The share of calls that the widget asks about.
    pub sample: Option<Sample>,
}

/// The properties of a rating token that revocations refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenId {
    /// The token's id.
    pub jti: Name,
    /// The leg that the token names.
    pub sid: CallSid,
    /// The token's `iat`.
    pub issued_at: Timestamp,
}

/// A dashboard session to be created.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The hash of the cookie's secret.
    pub secret: SecretHash,
    /// The account that signed in.
    pub account: AccountId,
    /// The scopes of the credentials that signed in.
    pub scopes: Scopes,
    /// The API key that signed in, if any. The session ends when the key is revoked.
    pub key: Option<KeySid>,
    /// From its creation to its expiry.
    pub lifetime: Range<Timestamp>,
}

/// A dashboard session.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// The account that signed in.
    pub account: Account,
    /// The scopes of the credentials that signed in.
    pub scopes: Scopes,
}

/// The SHA-256 digest of a random secret. The store never holds the secret itself.
pub type SecretHash = [u8; 32];

/// A rating link to be created.
#[derive(Debug)]
pub struct NewRatingLink {
    /// The hash of the link's code.
    pub code: SecretHash,
    /// The account of the leg.
    pub account: AccountId,
    /// The leg that the token names.
    pub leg: CallSid,
    /// The caller digest of the leg's party.
    pub caller: Option<CallerDigest>,
    /// The encrypted rating token.
    pub token: Sealed,
    /// From its creation to its expiry.
    pub lifetime: Range<Timestamp>,
}
