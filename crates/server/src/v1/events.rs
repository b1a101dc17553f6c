//! `GET /v1/accounts/{AC}/events`: ratings as they come and change, as server-sent events.
//!
//! What is sent is read from the store each time, so a reader that is slow, or comes back, gets all of it, and costs no
//! more memory than one that is quick.

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use ringback_api::{AccountSid, CallDetails, FormError};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::problem::{Named, Problem};
use super::query::Query;
use super::{parameters, refusals, tag};
use crate::app::App;
use crate::auth::{self, AuthError, Caller, Scope};
use crate::store::{Change, Reach, StoreError};

/// A sign of life, for proxies and for the reader, when there is nothing to tell.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// At most so often the store is asked, however many ratings come.
const PACE: Duration = Duration::from_millis(250);
/// How soon a browser comes back when the connection is lost.
const RETRY: Duration = Duration::from_secs(2);
/// How many events are read at a time.
const BATCH: u32 = 100;

/// Follow ratings as they come and change
///
/// Server-sent events, `rating`, whose data is what `feedback` lists: the call with its rating as it is now. The first
/// event has no data, and says where the stream begins. A reader that comes back with `Last-Event-ID`, as browsers do by
/// themselves, or with `since`, gets what it missed; of several changes of one rating, the last. A comment every 15
/// seconds is a sign of life. The stream ends when the credentials are not good any more.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/events", tag = tag::CALLS, operation_id = "followFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        parameters::OfSubaccounts,
        ("since" = Option<u64>, Query, description = "The id of the last event that is known already"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The same, as browsers send it; it beats `since`"),
    ),
    responses(
        (status = OK, body = CallDetails, content_type = "text/event-stream", description = "A stream that does not end"),
        refusals::OfParameters,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn follow(
    State(app): State<App>,
    Named(named): Named<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, Problem> {
    auth::account(&app, &caller, &named, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &["subaccounts", "since"], &[])?;
    let reach = query.reach()?;
    let seen = match headers.get("last-event-id") {
        Some(id) => Some(event_id("Last-Event-ID", &String::from_utf8_lossy(id.as_bytes()))?),
        None => query.first("since").map(|id| event_id("since", id)).transpose()?,
    };
    let rated = app.store.follow();
    let last = app.store.last_change().await?;
    // An id that is not given yet is of a database that was since replaced by an older one.
    let since = seen.unwrap_or(last).min(last);
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let follower = Follower { stop: app.stop.clone(), app, caller, named, reach, since, rated, pace };
    let begin = Event::default().id(since.to_string()).retry(RETRY);
    let batches = stream::try_unfold(follower, Follower::step);
    let events = batches.map_ok(|events| stream::iter(events).map(Ok::<_, FollowError>)).try_flatten();
    let events = stream::once(async { Ok(begin) }).chain(events);
    // A proxy that gathers what it passes on would hold events back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events)).into_response())
}

fn event_id(name: &'static str, text: &str) -> Result<u64, FormError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(|| FormError::invalid(name, text, &"must be the id of an event"))
}

/// Why a stream breaks off.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whether the credentials are still good could not be found out.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// An event could not be written.
    #[error(transparent)]
    Event(#[from] axum::Error),
}

/// Who reads a stream, and how far.
struct Follower {
    app: App,
    caller: Caller,
    named: String,
    reach: Reach,
    since: u64,
    rated: watch::Receiver<()>,
    stop: watch::Receiver<()>,
    pace: Interval,
}

impl Follower {
    async fn step(mut self) -> Result<Option<(Vec<Event>, Self)>, FollowError> {
        let events = self.next().await.inspect_err(|error| tracing::error!(%error, "a stream of events broke off"))?;
        Ok(events.map(|events| (events, self)))
    }

    /// The next events, or a sign of life; `None` when the stream is to end.
    async fn next(&mut self) -> Result<Option<Vec<Event>>, FollowError> {
        loop {
            if let Wake::Stop = wake(&mut self.stop, self.pace.tick()).await {
                return Ok(None);
            }
            // Before it is read: what comes while it is read wakes again.
            self.rated.mark_unchanged();
            let account = match auth::account(&self.app, &self.caller, &self.named, Scope::Read).await {
                Ok(account) => account,
                Err(error @ (AuthError::Store(_) | AuthError::Vault(_))) => return Err(error.into()),
                Err(_) => return Ok(None),
            };
            let changes = self.app.store.changes(account.id, self.reach, self.since, BATCH).await?;
            if let Some(last) = changes.last() {
                self.since = last.sequence;
                return Ok(Some(changes.iter().map(event).collect::<Result<_, _>>()?));
            }
            match wake(&mut self.stop, heard_or_silent(&mut self.rated)).await {
                Wake::Stop => return Ok(None),
                Wake::Go(Heard::Rated) => {}
                Wake::Go(Heard::Nothing) => return Ok(Some(vec![Event::default().comment("")])),
            }
        }
    }
}

fn event(change: &Change) -> Result<Event, axum::Error> {
    Event::default().event("rating").id(change.sequence.to_string()).json_data(&change.call)
}

enum Wake<T> {
    Stop,
    Go(T),
}

/// Waits, unless the server is to stop.
async fn wake<T>(stop: &mut watch::Receiver<()>, wait: impl Future<Output = T>) -> Wake<T> {
    tokio::select! {
        // An error says that the sender is gone, which is the signal.
        _ = stop.changed() => Wake::Stop,
        waited = wait => Wake::Go(waited),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Heard {
    /// There may be something new.
    Rated,
    /// Nothing for so long that a sign of life is due.
    Nothing,
}

async fn heard_or_silent(rated: &mut watch::Receiver<()>) -> Heard {
    tokio::select! {
        _ = rated.changed() => Heard::Rated,
        () = sleep(HEARTBEAT) => Heard::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_sign_of_life_is_due_after_fifteen_seconds_of_nothing() {
        let (rated, mut follower) = watch::channel(());
        let start = Instant::now();
        assert_eq!(heard_or_silent(&mut follower).await, Heard::Nothing);
        assert_eq!(start.elapsed(), HEARTBEAT);
        rated.send_replace(());
        assert_eq!(heard_or_silent(&mut follower).await, Heard::Rated);
        assert_eq!(start.elapsed(), HEARTBEAT, "at once");
    }
}
