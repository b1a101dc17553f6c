//! How often one may knock.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ringback_api::{AccountSid, CallSid, KeySid};

use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// Requests with rating tokens of one leg: many more than a person makes, and no more than a minute's worth at once.
const OF_LEG: Quota = Quota::per_minute(NonZeroU32::new(60).unwrap());
/// Tries to sign in as one user.
const OF_USER: Quota = Quota::per_minute(NonZeroU32::new(10).unwrap());
/// How often those who do not knock any more are forgotten, in seconds.
const SWEEP_EVERY: i64 = 60;

/// Who knocks too often, and when they may knock again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}; please try again after {retry_after} s")]
pub struct TooMany {
    /// What there is too much of.
    pub what: &'static str,
    /// In seconds, at least 1.
    pub retry_after: u32,
}

/// As whom one can try to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum User {
    /// An account.
    Account(AccountSid),
    /// An API key.
    Key(KeySid),
}

impl User {
    /// Whom a user name means, if there is somebody: names that people make up, as many and as long as they like, are
    /// not kept.
    pub(super) async fn named(store: &dyn Store, name: &str) -> Result<Option<Self>, StoreError> {
        if let Ok(sid) = name.parse::<AccountSid>() {
            Ok(store.account(sid).await?.map(|_| Self::Account(sid)))
        } else if let Ok(sid) = name.parse::<KeySid>() {
            Ok(store.api_key(sid).await?.map(|_| Self::Key(sid)))
        } else {
            Ok(None)
        }
    }
}

/// How often everybody has knocked lately.
pub struct Limits {
    legs: Limiter<CallSid>,
    users: Limiter<Option<User>>,
}

impl Limits {
    /// Nobody has, so far.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { legs: Limiter::new(OF_LEG, clock), users: Limiter::new(OF_USER, clock) }
    }

    /// A request with a rating token of this leg.
    pub(super) fn leg(&self, sid: CallSid) -> Result<(), TooMany> {
        self.legs.check(sid).map_err(|retry_after| TooMany { what: "Too many requests for this call", retry_after })
    }

    /// A try to sign in as this user, or as anybody who does not exist.
    pub(super) fn user(&self, user: Option<User>) -> Result<(), TooMany> {
        self.users.check(user).map_err(|retry_after| TooMany { what: "Too many tries to sign in", retry_after })
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    counted: RateLimiter<K, DashMapStateStore<K>, OurClock, NoOpMiddleware<Duration>>,
    clock: OurClock,
    /// In seconds since 1970.
    swept_at: AtomicI64,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota, clock: &Arc<dyn Clock>) -> Self {
        let clock = OurClock(clock.clone());
        Self { counted: RateLimiter::dashmap_with_clock(quota, clock.clone()), clock, swept_at: AtomicI64::new(0) }
    }

    /// After how many seconds to come again, if this is too much.
    fn check(&self, key: K) -> Result<(), u32> {
        self.sweep();
        self.counted.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
        })
    }

    fn sweep(&self) {
        let now = self.clock.0.now().as_second();
        let before = self.swept_at.load(Ordering::Relaxed);
        let due = now - before >= SWEEP_EVERY;
        if due && self.swept_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.counted.retain_recent();
            self.counted.shrink_to_fit();
        }
    }
}

/// Our clock, as the library wants it: time since 1970.
#[derive(Clone)]
struct OurClock(Arc<dyn Clock>);

impl governor::clock::Clock for OurClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.0.now().duration_since(jiff::Timestamp::UNIX_EPOCH)).unwrap_or_default()
    }
}
