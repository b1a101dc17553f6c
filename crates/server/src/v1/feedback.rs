//! `/v1/accounts/{AC}/feedback`: calls and what was said of them, in pages; `feedback.csv`, all of them as a table.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringback_api::{AccountSid, CallDetails, CallPage, CallStatus, Comment, Direction, FormError, Issue, Name};
use serde::Serialize;

use super::cursor::{self, CursorError};
use super::problem::{Named, Problem};
use super::query::Query;
use super::{csv, filter, parameters, refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{Listing, Place, StoreError};

/// How many calls of a table are read at a time.
const BATCH: usize = 500;

/// List calls, and what was said of them
///
/// A page at a time: `next` of one answer is the `cursor` of the next request. While calls and ratings come and change,
/// those that are there from the first page to the last and do not change are listed exactly once. All filters must hold.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/feedback", tag = tag::CALLS, operation_id = "listFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        parameters::OfLists,
        parameters::OfPages,
    ),
    responses(
        (status = OK, body = CallPage, description = "A page"),
        refusals::OfParameters,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<CallPage>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let once = [&filter::ONCE[..], &["limit", "cursor"]].concat();
    let query = Query::parse(query.as_deref(), &once, &filter::REPEATED)?;
    let (listing, _) = filter::listing(&query, &account)?;
    let limit = query.limit()?;
    let after = query.first("cursor").map(|text| {
        cursor::decode(listing.order, text).map_err(|error: CursorError| FormError::invalid("cursor", text, &error))
    });
    let listed = app.store.list(&listing, after.transpose()?, limit).await?;
    Ok(Json(CallPage {
        calls: listed.calls,
        next: listed.next.map(|place| cursor::encode(listing.order, place)),
        cut_short: listed.cut_short,
    }))
}

/// All calls of a list as a table
///
/// For spreadsheets: UTF-8 with a byte order mark, RFC 4180, a row a call. Text that a spreadsheet would take for a
/// formula, such as a number with a plus sign, has an apostrophe in front. Should it fail on the way, the connection is
/// broken off.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/feedback.csv", tag = tag::CALLS, operation_id = "exportFeedback",
    params(("AccountSid" = AccountSid, Path, description = "The account"), parameters::OfLists),
    responses(
        (status = OK, body = String, content_type = "text/csv", description = "The table"),
        refusals::OfParameters,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn export(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &filter::ONCE, &filter::REPEATED)?;
    let (listing, zone) = filter::listing(&query, &account)?;
    let days = ["from", "to"].map(|name| query.first(name).map(|day| format!("-{day}")).unwrap_or_default());
    let export = Export { app, listing, zone };
    // What fails at once is answered with its status.
    let (first, next) = export.part(None, csv::Head::Written).await.map_err(|error| Problem::internal(&error))?;
    let rest = stream::try_unfold((export, next), async |(export, next)| {
        let Some(place) = next else { return Ok(None) };
        let part = export.part(Some(place), csv::Head::LeftOut).await;
        let (bytes, next) = part.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, ExportError>(Some((bytes, (export, next))))
    });
    let body = Body::from_stream(stream::once(async { Ok(first) }).chain(rest));
    Ok(csv::response(&format!("ringback-feedback{}", days.concat()), body))
}

/// A table that is written part by part, so that it never is in memory as a whole.
struct Export {
    app: App,
    listing: Listing,
    zone: TimeZone,
}

/// Why a table breaks off.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row could not be written.
    #[error(transparent)]
    Csv(#[from] ::csv::Error),
}

impl Export {
    async fn part(&self, after: Option<Place>, head: csv::Head) -> Result<(Bytes, Option<Place>), ExportError> {
        let listed = self.app.store.list(&self.listing, after, BATCH).await?;
        let rows = listed.calls.iter().map(|call| Row::new(call, &self.zone));
        Ok((csv::table(rows, head)?.into(), listed.next))
    }
}

/// A call as `feedback.csv` shows it.
#[derive(Serialize)]
struct Row {
    account_sid: String,
    sid: String,
    call: String,
    party: String,
    started_at: String,
    time_zone: String,
    duration: Option<u32>,
    direction: &'static str,
    from: String,
    to: String,
    status: &'static str,
    labels: String,
    asked_at: String,
    dismissed_at: String,
    score: Option<u8>,
    issues: String,
    comment: String,
    rated_at: String,
    rating_changed_at: String,
}

impl Row {
    fn new(call: &CallDetails, zone: &TimeZone) -> Self {
        let text = |text: Option<&str>| csv::text(text.unwrap_or_default()).into_owned();
        let name = |name: &Option<Name>| text(name.as_ref().map(Name::as_str));
        let time = |at: Option<Timestamp>| at.map(|at| csv::time(at, zone)).unwrap_or_default();
        let feedback = call.feedback.as_ref();
        let labels: Vec<_> = call.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let issues: Vec<_> = feedback.iter().flat_map(|said| said.issues.iter()).map(Issue::as_str).collect();
        Self {
            account_sid: call.account_sid.to_string(),
            sid: call.sid.to_string(),
            call: name(&call.call),
            party: name(&call.party),
            started_at: csv::time(call.started_at, zone),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            duration: call.duration,
            direction: call.direction.map_or("", Direction::as_str),
            from: name(&call.from),
            to: name(&call.to),
            status: call.status.map_or("", CallStatus::as_str),
            labels: text(Some(&labels.join("; "))),
            asked_at: time(call.asked_at),
            dismissed_at: time(call.dismissed_at),
            score: feedback.map(|said| said.score.get()),
            issues: issues.join(" "),
            comment: text(feedback.and_then(|said| said.comment.as_ref()).map(Comment::as_str)),
            rated_at: time(feedback.map(|said| said.created_at)),
            rating_changed_at: time(feedback.map(|said| said.updated_at)),
        }
    }
}
