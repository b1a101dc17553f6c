//! The state that all request handlers share.

use std::sync::Arc;

use tokio::sync::watch;
use url::Url;

use crate::clock::{Clock, Entropy};
use crate::credentials::Issuer;
use crate::limits::Limits;
use crate::outbound::Outbound;
use crate::store::Store;
use crate::vault::Vault;
use crate::wake::Wake;

/// The parts of a running server.
#[derive(Clone)]
pub struct App {
    /// All stored data.
    pub store: Arc<dyn Store>,
    /// Encrypts and decrypts stored secrets.
    pub vault: Arc<Vault>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// Rate limits.
    pub limits: Arc<Limits>,
    /// Sends requests to servers that customers name.
    pub outbound: Arc<Outbound>,
    /// Wakes the background jobs.
    pub wake: Arc<Wake>,
    /// The sender is dropped when the server shuts down. Endless responses end then.
    pub stop: watch::Receiver<()>,
    /// The URL under which browsers reach this server. Cookies are Secure if its scheme is https.
    pub public_url: Arc<Url>,
    /// Whether to serve `/demo`, which lets anyone create calls.
    pub demo: bool,
}

impl App {
    pub(crate) fn issuer(&self) -> Issuer<'_> {
        Issuer { store: &*self.store, vault: &self.vault, entropy: &*self.entropy, clock: &*self.clock }
    }
}
