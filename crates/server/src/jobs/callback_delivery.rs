//! Sends the StatusCallbacks of summaries that ended, and retries failed attempts.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::StatusCode;
use futures::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::sleep;

use super::RETRY;
use super::backoff::{FailedAttempt, next_try, parse_retry_after};
use crate::app::App;
use crate::outbound::{Failure, Response};
use crate::store::{CallbackAttempt, CallbackId, CallbackLimits, CallbackState, DueCallback, StoreError};
use crate::twilio::callback_message::{Ended, SignError, message};
use crate::vault::VaultError;

/// The number of callbacks that are sent at the same time. The limits per receiver and per account keep a slow
/// receiver, or an account with many of them, from blocking the others.
const LIMITS: CallbackLimits = CallbackLimits { to_one: 4, of_account: 16, to_all: 64 };
/// While callbacks are pending, the job checks at least this often, because the machine's clock may be adjusted.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// A callback that could not be sent, or got no response.
#[derive(Debug, thiserror::Error)]
enum SendError {
    /// There was no response.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The AuthToken cannot be decrypted.
    #[error("it cannot be signed: {0}")]
    Vault(#[from] VaultError),
    /// The signature cannot be created.
    #[error("it cannot be signed: {0}")]
    Sign(#[from] SignError),
}

pub(super) async fn run(app: App, mut stop: watch::Receiver<()>) {
    let mut in_flight = InFlight::default();
    let mut outcome = Ok(());
    loop {
        let started = match outcome {
            Ok(()) => in_flight.start_due(&app).await,
            Err(error) => Err(error),
        };
        outcome = Ok(());
        let pause = match started {
            Ok(next_at) => next_at.map(|at| duration_until(at, app.clock.now())),
            Err(error) => {
                tracing::error!(%error, "cannot process callbacks; retrying");
                Some(RETRY)
            }
        };
        tokio::select! {
            // `changed` fails once the sender is dropped, which is the stop signal.
            _ = stop.changed() => break,
            () = app.wake.callbacks.notified() => {}
            Some(ended) = in_flight.next_finished() => outcome = ended.and(in_flight.drain_finished()),
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
        }
    }
    // The next start would send an interrupted callback again.
    while in_flight.next_finished().await.is_some() {}
}

fn duration_until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default().min(LONGEST_SLEEP)
}

/// Sends every callback that is due, and waits for the responses.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    let mut in_flight = InFlight::default();
    loop {
        in_flight.start_due(app).await?;
        match in_flight.next_finished().await {
            Some(outcome) => outcome?,
            None => return Ok(()),
        }
    }
}

/// The callbacks that are being sent.
#[derive(Default)]
struct InFlight {
    tasks: JoinSet<Result<(), StoreError>>,
    callbacks: HashMap<Id, CallbackId>,
}

impl InFlight {
    /// Starts to send the callbacks that are due, and returns when the next one is due.
    async fn start_due(&mut self, app: &App) -> Result<Option<Timestamp>, StoreError> {
        let found = app.store.due_callbacks(app.clock.now(), LIMITS).await?;
        for callback in found.due {
            if !self.callbacks.values().any(|id| *id == callback.id) {
                let (app, id) = (app.clone(), callback.id);
                let task = self.tasks.spawn(async move { send(&app, callback).await });
                self.callbacks.insert(task.id(), id);
            }
        }
        Ok(found.next_at)
    }

    /// Removes all other callbacks that have finished. One query for due callbacks then serves them all; the query
    /// costs more than sending a callback.
    fn drain_finished(&mut self) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        while let Some(Some(ended)) = self.next_finished().now_or_never() {
            outcome = outcome.and(ended);
        }
        outcome
    }

    /// Waits until a callback finishes; returns `None` if none is in flight.
    async fn next_finished(&mut self) -> Option<Result<(), StoreError>> {
        let (task, outcome) = match self.tasks.join_next_with_id().await? {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "a callback task failed");
                (error.id(), Ok(()))
            }
        };
        self.callbacks.remove(&task);
        Some(outcome)
    }
}

async fn send(app: &App, callback: DueCallback) -> Result<(), StoreError> {
    let outcome = exchange(app, &callback).await;
    let now = app.clock.now();
    let jitter = app.entropy.bytes().map_or(u32::MAX, |[a, b, c, d, ..]| u32::from_be_bytes([a, b, c, d]));
    let state = next_state(&callback, &outcome, now, jitter);
    let response = outcome.map(|response| response.status.as_u16()).map_err(|error| error.to_string());
    // The log omits the URL, which can contain secrets.
    tracing::info!(summary = %callback.summary, ?response, ?state, "sent a callback");
    app.store.record_callback_attempt(callback.id, CallbackAttempt { response, state }, now).await
}

async fn exchange(app: &App, callback: &DueCallback) -> Result<Response, SendError> {
    let auth_token = app.vault.open_sealed(&callback.auth_token)?;
    let ended = Ended { account: callback.account, summary: callback.summary, status: callback.status };
    Ok(app.outbound.send(message(ended, &callback.to, &auth_token)?).await?)
}

/// Returns the callback's state after an attempt.
fn next_state(
    callback: &DueCallback,
    outcome: &Result<Response, SendError>,
    now: Timestamp,
    jitter: u32,
) -> CallbackState {
    let retry_after = match outcome {
        Ok(response) if response.status.is_success() => return CallbackState::Delivered,
        Ok(response) if response.status.is_server_error() || response.status == StatusCode::TOO_MANY_REQUESTS => {
            response.retry_after.as_deref().and_then(|value| parse_retry_after(value, now))
        }
        // Other 4xx responses will not change. Redirects are not followed, because they could lead anywhere.
        Ok(_) | Err(SendError::Failure(Failure::Forbidden)) => return CallbackState::GivenUp,
        Err(_) => None,
    };
    let failed =
        FailedAttempt { ended_at: callback.created_at, at: now, tries: callback.tries.saturating_add(1), retry_after };
    match next_try(&failed, jitter) {
        Some(next_try_at) => CallbackState::Pending { next_try_at },
        None => CallbackState::GivenUp,
    }
}
