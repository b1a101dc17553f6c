//! `/v1/accounts/{AC}/feedback`: pages of calls with their ratings. `feedback.csv` has all of them as a table.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringback_api::{AccountSid, CallDetails, CallPage, CallStatus, Comment, Direction, FormError, Issue, Name};
use serde::Serialize;

use super::call_filters::FILTERS;
use super::cursor::{self, CursorError};
use super::extract::PathParams;
use super::parameters::{DAYS, FROM, LIMIT, TO};
use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, ParameterList, Query, from_str};
use super::schema;
use super::{call_filters, csv, problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::{Listing, Position, StoreError};

/// The number of calls per query of an export.
const BATCH: usize = 500;

const CURSOR: Parameter<String> =
    Parameter::new("cursor", "`next` of the previous page, in the same order", schema::string, from_str);

struct ListParameters;

impl ParameterList for ListParameters {
    const GROUPS: &'static [ParameterGroup] = &[DAYS, FILTERS, &[&LIMIT, &CURSOR]];
}

struct ExportParameters;

impl ParameterList for ExportParameters {
    const GROUPS: &'static [ParameterGroup] = &[DAYS, FILTERS];
}

/// List calls with their ratings
///
/// In pages: `next` of one response is the `cursor` of the next request. A call that exists from the first page to the last
/// and does not change is listed exactly once, even while other calls and ratings arrive and change. A call must match
/// all filters.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/feedback", tag = tag::CALLS, operation_id = "listFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        Query::<ListParameters>,
    ),
    responses(
        (status = OK, body = CallPage, description = "A page"),
        problem_responses::ParameterErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<CallPage>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ListParameters>::parse(query.as_deref())?;
    let (listing, _) = call_filters::listing(&query, &account)?;
    let limit = query.limit()?;
    let after = query.get(&CURSOR)?.map(|text| {
        cursor::decode(listing.order, &text)
            .map_err(|error: CursorError| FormError::invalid(CURSOR.name, &text, &error))
    });
    let listed = app.store.list(&listing, after.transpose()?, limit).await?;
    Ok(Json(CallPage {
        calls: listed.calls,
        next: listed.next.map(|position| cursor::encode(listing.order, position)),
        cut_short: listed.cut_short,
    }))
}

/// Export calls as a table
///
/// For spreadsheets: UTF-8 with a byte order mark, RFC 4180, one row per call. An apostrophe precedes text that a
/// spreadsheet would take for a formula, such as a number with a plus sign. If the export fails midway, the server closes
/// the connection.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/feedback.csv", tag = tag::CALLS, operation_id = "exportFeedback",
    params(("AccountSid" = AccountSid, Path, description = "The account"), Query::<ExportParameters>),
    responses(
        (status = OK, body = String, content_type = "text/csv", description = "The table"),
        problem_responses::ParameterErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn export(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Response, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ExportParameters>::parse(query.as_deref())?;
    let (listing, zone) = call_filters::listing(&query, &account)?;
    let days = [&FROM, &TO].map(|day| query.text(day).map(|day| format!("-{day}")).unwrap_or_default());
    let export = Export { app, listing, zone };
    // An error in the first part can still become an error response.
    let (first, next) = export.part(None, csv::Head::Written).await.map_err(|error| Problem::internal(&error))?;
    let rest = stream::try_unfold((export, next), async |(export, next)| {
        let Some(position) = next else { return Ok(None) };
        let part = export.part(Some(position), csv::Head::LeftOut).await;
        let (bytes, next) = part.inspect_err(|error| tracing::error!(%error, "an export failed"))?;
        Ok::<_, ExportError>(Some((bytes, (export, next))))
    });
    let body = Body::from_stream(stream::once(async { Ok(first) }).chain(rest));
    Ok(csv::response(&format!("ringback-feedback{}", days.concat()), body))
}

/// A table that is written in parts, so that it is never in memory as a whole.
struct Export {
    app: App,
    listing: Listing,
    zone: TimeZone,
}

/// An error that ends an export.
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
    async fn part(&self, after: Option<Position>, head: csv::Head) -> Result<(Bytes, Option<Position>), ExportError> {
        let listed = self.app.store.list(&self.listing, after, BATCH).await?;
        let rows = listed.calls.iter().map(|call| Row::new(call, &self.zone));
        Ok((csv::table(rows, head)?.into(), listed.next))
    }
}

/// A row of `feedback.csv`.
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
