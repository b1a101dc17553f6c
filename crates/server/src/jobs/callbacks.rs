//! Tells StatusCallbacks that summaries have ended, and tells them again where that fails.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::StatusCode;
use futures::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::sleep;

use super::RETRY;
use super::backoff::{Failed, next_try, retry_after};
use crate::app::App;
use crate::outbound::{Answer, Failure};
use crate::store::{CallbackId, CallbackLimits, CallbackState, DueCallback, StoreError, Try};
use crate::twilio::callback::{Ended, SignError, message};
use crate::vault::VaultError;

/// How many are sent at a time. A receiver that is slow is left some of many, and so is an account that names many of them.
const LIMITS: CallbackLimits = CallbackLimits { to_one: 4, of_account: 16, to_all: 64 };
/// The job looks again at least this often while one waits: the machine's clock may be set.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Why a callback was not sent or not answered.
#[derive(Debug, thiserror::Error)]
enum SendError {
    /// Nobody was reached, or did not answer.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The AuthToken cannot be read.
    #[error("it cannot be signed: {0}")]
    Vault(#[from] VaultError),
    /// The AuthToken cannot sign.
    #[error("it cannot be signed: {0}")]
    Sign(#[from] SignError),
}

pub(super) async fn work(app: App, mut stop: watch::Receiver<()>) {
    let mut under_way = UnderWay::default();
    let mut outcome = Ok(());
    loop {
        let begun = match outcome {
            Ok(()) => under_way.begin_due(&app).await,
            Err(error) => Err(error),
        };
        outcome = Ok(());
        let pause = match begun {
            Ok(next_at) => next_at.map(|at| duration_until(at, app.clock.now())),
            Err(error) => {
                tracing::error!(%error, "callbacks wait, because the store failed");
                Some(RETRY)
            }
        };
        tokio::select! {
            // An error says that the sender is gone, which is the signal.
            _ = stop.changed() => break,
            () = app.wake.callbacks.notified() => {}
            Some(ended) = under_way.ended() => outcome = ended.and(under_way.all_ended()),
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
        }
    }
    // One that was cut short would be sent again after the next start.
    while under_way.ended().await.is_some() {}
}

fn duration_until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default().min(LONGEST_SLEEP)
}

/// Sends every callback that is due, and waits for their answers.
pub async fn run_due(app: &App) -> Result<(), StoreError> {
    let mut under_way = UnderWay::default();
    loop {
        under_way.begin_due(app).await?;
        match under_way.ended().await {
            Some(outcome) => outcome?,
            None => return Ok(()),
        }
    }
}

/// The callbacks that are being sent.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<(), StoreError>>,
    callbacks: HashMap<Id, CallbackId>,
}

impl UnderWay {
    /// Begins with those that are due; tells when the next one will be.
    async fn begin_due(&mut self, app: &App) -> Result<Option<Timestamp>, StoreError> {
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

    /// Takes note of the others that have ended: looking for those that are due costs more than sending one.
    fn all_ended(&mut self) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        while let Some(Some(ended)) = self.ended().now_or_never() {
            outcome = outcome.and(ended);
        }
        outcome
    }

    /// Waits for one to end; `None` if none is under way.
    async fn ended(&mut self) -> Option<Result<(), StoreError>> {
        let (task, outcome) = match self.tasks.join_next_with_id().await? {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "a callback broke off");
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
    let then = judge(&callback, &outcome, now, jitter);
    let answer = outcome.map(|answer| answer.status.as_u16()).map_err(|error| error.to_string());
    // Not its URL, which may hold secrets.
    tracing::info!(summary = %callback.summary, ?answer, ?then, "a callback was sent");
    app.store.callback_tried(callback.id, Try { answer, then }, now).await
}

async fn exchange(app: &App, callback: &DueCallback) -> Result<Answer, SendError> {
    let auth_token = app.vault.open_sealed(&callback.auth_token)?;
    let ended = Ended { account: callback.account, summary: callback.summary, status: callback.status };
    Ok(app.outbound.send(message(ended, &callback.to, &auth_token)?).await?)
}

/// What follows from an answer, or from none.
fn judge(callback: &DueCallback, outcome: &Result<Answer, SendError>, now: Timestamp, jitter: u32) -> CallbackState {
    let asked = match outcome {
        Ok(answer) if answer.status.is_success() => return CallbackState::Delivered,
        Ok(answer) if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS => {
            answer.retry_after.as_deref().and_then(|value| retry_after(value, now))
        }
        // Another 4xx will not change, and redirects are not followed: they could lead anywhere.
        Ok(_) | Err(SendError::Failure(Failure::Forbidden)) => return CallbackState::GivenUp,
        Err(_) => None,
    };
    let failed = Failed { since: callback.created_at, at: now, tries: callback.tries.saturating_add(1), asked };
    match next_try(&failed, jitter) {
        Some(next_try_at) => CallbackState::Pending { next_try_at },
        None => CallbackState::GivenUp,
    }
}
