//! Rate limits.

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

/// Requests with rating tokens of one leg, far more than a person sends. A burst may use a whole minute's quota.
const OF_LEG: Quota = Quota::per_minute(NonZeroU32::new(60).unwrap());
/// Sign-in attempts for one user.
const OF_USER: Quota = Quota::per_minute(NonZeroU32::new(10).unwrap());
/// Interval between sweeps of idle entries, in seconds.
const SWEEP_EVERY: i64 = 60;

/// A request exceeds a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; please try again after {retry_after} s")]
pub struct RateLimited {
    /// The limit that is exceeded.
    pub reason: &'static str,
    /// Seconds until the next request may succeed, at least 1.
    pub retry_after: u32,
}

/// A user that can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum User {
    /// An account.
    Account(AccountSid),
    /// An API key.
    Key(KeySid),
}

impl User {
    /// Returns the user with this name, if there is one. Unknown names are not kept, because clients can invent any number
    /// of them.
    pub(crate) async fn named(store: &dyn Store, name: &str) -> Result<Option<Self>, StoreError> {
        if let Ok(sid) = name.parse::<AccountSid>() {
            Ok(store.account(sid).await?.map(|_| Self::Account(sid)))
        } else if let Ok(sid) = name.parse::<KeySid>() {
            Ok(store.api_key(sid).await?.map(|_| Self::Key(sid)))
        } else {
            Ok(None)
        }
    }
}

/// The rate limiters of a server.
pub struct Limits {
    legs: Limiter<CallSid>,
    users: Limiter<Option<User>>,
}

impl Limits {
    /// Creates limiters without any recorded request.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { legs: Limiter::new(OF_LEG, clock), users: Limiter::new(OF_USER, clock) }
    }

    /// Counts a request with a rating token of this leg.
    pub(crate) fn leg(&self, sid: CallSid) -> Result<(), RateLimited> {
        self.legs
            .check(sid)
            .map_err(|retry_after| RateLimited { reason: "Too many requests for this call", retry_after })
    }

    /// Counts a sign-in attempt as this user. `None` is the shared quota of all unknown users.
    pub(crate) fn user(&self, user: Option<User>) -> Result<(), RateLimited> {
        self.users.check(user).map_err(|retry_after| RateLimited { reason: "Too many sign-in attempts", retry_after })
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    counted: RateLimiter<K, DashMapStateStore<K>, OurClock, NoOpMiddleware<Duration>>,
    clock: OurClock,
    /// Unix time of the last sweep, in seconds.
    swept_at: AtomicI64,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota, clock: &Arc<dyn Clock>) -> Self {
        let clock = OurClock(clock.clone());
        Self { counted: RateLimiter::dashmap_with_clock(quota, clock.clone()), clock, swept_at: AtomicI64::new(0) }
    }

    /// Counts a request, or returns the seconds until the next one may succeed.
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

/// Adapts our clock to the library: the time since the Unix epoch.
#[derive(Clone)]
struct OurClock(Arc<dyn Clock>);

impl governor::clock::Clock for OurClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.0.now().duration_since(jiff::Timestamp::UNIX_EPOCH)).unwrap_or_default()
    }
}
