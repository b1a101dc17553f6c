//! `GET /v1/accounts/{AC}/events`: new and changed ratings, as server-sent events.
//!
//! The stream reads each batch from the store. A client that is slow or reconnects therefore misses nothing, and needs no
//! more memory than a fast one.

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use ringback_api::{AccountSid, CallDetails, FormError};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use utoipa::PartialSchema as _;

use super::extract::PathParams;
use super::parameters::{SUBACCOUNTS, digits};
use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, ParameterList, Query};
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, AuthError, RequestHead, Scope};
use crate::store::{Change, StoreError, Subaccounts};

/// The longest silence of a stream. A comment then shows proxies and the client that the connection is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The shortest interval between two queries to the store, however many ratings arrive.
const PACE: Duration = Duration::from_millis(250);
/// The delay before a browser reconnects.
const RETRY: Duration = Duration::from_secs(2);
/// The number of events per query.
const BATCH: u32 = 100;

const SINCE: Parameter<u64> =
    Parameter::new("since", "The id of the last event that the client has seen", u64::schema, event_id);

struct FollowParameters;

impl ParameterList for FollowParameters {
    const GROUPS: &'static [ParameterGroup] = &[&[&SUBACCOUNTS, &SINCE]];
}

/// Follow new and changed ratings
///
/// A stream of server-sent events of the type `rating`. The data of each event is an entry of `feedback`: the call with
/// its current rating. The first event has no data; its id is the start of the stream. A client that reconnects with
/// `since`, or with `Last-Event-ID` as browsers do, receives the events that it missed. If a rating changed several times,
/// it receives the last state. After 15 seconds of silence the server sends a comment. The stream ends when the
/// credentials become invalid.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/events", tag = tag::CALLS, operation_id = "followFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        Query::<FollowParameters>,
        ("Last-Event-ID" = Option<u64>, Header, description = "The same; browsers send it. Overrides `since`"),
    ),
    responses(
        (status = OK, body = CallDetails, content_type = "text/event-stream", description = "An endless stream"),
        problem_responses::ParameterErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn follow(
    State(app): State<App>,
    PathParams(named): PathParams<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    head: RequestHead,
) -> Result<Response, Problem> {
    auth::authorize_account(&app, &head, &named, Scope::Read).await?;
    let query = Query::<FollowParameters>::parse(query.as_deref())?;
    let subaccounts = query.subaccounts()?;
    let seen = match headers.get("last-event-id") {
        Some(id) => Some(event_id("Last-Event-ID", &String::from_utf8_lossy(id.as_bytes()))?),
        None => query.get(&SINCE)?,
    };
    let rated = app.store.subscribe();
    let last = app.store.last_change().await?;
    // A higher id comes from a database that an older copy has since replaced.
    let since = seen.unwrap_or(last).min(last);
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let follower = Follower { stop: app.stop.clone(), app, head, named, subaccounts, since, rated, pace };
    let begin = Event::default().id(since.to_string()).retry(RETRY);
    let batches = stream::try_unfold(follower, Follower::step);
    let events = batches.map_ok(|events| stream::iter(events).map(Ok::<_, FollowError>)).try_flatten();
    let events = stream::once(async { Ok(begin) }).chain(events);
    // A buffering proxy would delay events.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events)).into_response())
}

fn event_id(name: &'static str, text: &str) -> Result<u64, FormError> {
    digits(text).ok_or_else(|| FormError::invalid(name, text, &"must be the id of an event"))
}

/// An error that ends a stream.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The credentials could not be checked.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// An event could not be written.
    #[error(transparent)]
    Event(#[from] axum::Error),
}

/// The client of a stream, and its position.
struct Follower {
    app: App,
    head: RequestHead,
    named: String,
    subaccounts: Subaccounts,
    since: u64,
    rated: watch::Receiver<()>,
    stop: watch::Receiver<()>,
    pace: Interval,
}

impl Follower {
    async fn step(mut self) -> Result<Option<(Vec<Event>, Self)>, FollowError> {
        let events = self.next().await.inspect_err(|error| tracing::error!(%error, "an event stream failed"))?;
        Ok(events.map(|events| (events, self)))
    }

    /// Returns the next events or a heartbeat comment, or `None` to end the stream.
    async fn next(&mut self) -> Result<Option<Vec<Event>>, FollowError> {
        loop {
            if let Waited::Stop = wait_unless_stopped(&mut self.stop, self.pace.tick()).await {
                return Ok(None);
            }
            // Before the query, so that a rating that arrives during the query wakes the stream again.
            self.rated.mark_unchanged();
            let account = match auth::authorize_account(&self.app, &self.head, &self.named, Scope::Read).await {
                Ok(account) => account,
                Err(error @ (AuthError::Store(_) | AuthError::Vault(_))) => return Err(error.into()),
                Err(_) => return Ok(None),
            };
            let changes = self.app.store.changes(account.id, self.subaccounts, self.since, BATCH).await?;
            if let Some(last) = changes.last() {
                self.since = last.sequence;
                return Ok(Some(changes.iter().map(event).collect::<Result<_, _>>()?));
            }
            match wait_unless_stopped(&mut self.stop, rated_or_silent(&mut self.rated)).await {
                Waited::Stop => return Ok(None),
                Waited::Done(Signal::Rated) => {}
                Waited::Done(Signal::Silence) => return Ok(Some(vec![Event::default().comment("")])),
            }
        }
    }
}

fn event(change: &Change) -> Result<Event, axum::Error> {
    Event::default().event("rating").id(change.sequence.to_string()).json_data(&change.call)
}

enum Waited<T> {
    Stop,
    Done(T),
}

/// Waits until the future is done or the server shuts down.
async fn wait_unless_stopped<T>(stop: &mut watch::Receiver<()>, wait: impl Future<Output = T>) -> Waited<T> {
    tokio::select! {
        // An error means that the sender was dropped, which is the signal to stop.
        _ = stop.changed() => Waited::Stop,
        waited = wait => Waited::Done(waited),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Signal {
    /// There may be new ratings.
    Rated,
    /// A heartbeat is due.
    Silence,
}

async fn rated_or_silent(rated: &mut watch::Receiver<()>) -> Signal {
    tokio::select! {
        _ = rated.changed() => Signal::Rated,
        () = sleep(HEARTBEAT) => Signal::Silence,
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_is_due_after_fifteen_seconds_of_silence() {
        let (rated, mut follower) = watch::channel(());
        let start = Instant::now();
        assert_eq!(rated_or_silent(&mut follower).await, Signal::Silence);
        assert_eq!(start.elapsed(), HEARTBEAT);
        rated.send_replace(());
        assert_eq!(rated_or_silent(&mut follower).await, Signal::Rated);
        assert_eq!(start.elapsed(), HEARTBEAT, "immediately");
    }
}
