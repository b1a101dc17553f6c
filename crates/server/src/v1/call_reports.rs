//! `POST /v1/accounts/{AC}/calls`: a phone system reports calls, one as JSON or many as NDJSON.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use ringback_api::{
    AccountSid, Call, CallLine, CallsReport, LineError, MAX_LINE_BYTES, MAX_REPORTED_ERRORS, RecordedCall,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::PathParams;
use super::ndjson::{Line, Lines};
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::body::{self, BodyError};
use crate::json::parse_json;
use crate::store::{Account, ReportedCall};

/// The response body.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Recorded {
    One(RecordedCall),
    Many(CallsReport),
}

/// The accepted media types.
const EITHER: &str = "application/json for one call, or application/x-ndjson for one call per line";
/// Lines per transaction.
const BATCH: usize = 500;
/// The error for a call of a day whose rows are deleted or about to be.
const SEALED: &str = "started_at: the day of this call is sealed, because calls older than retention_days are not kept";
/// How far a phone system's clock may be ahead of ours.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// 2000-01-01. An earlier start comes from a clock that was not set.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);

/// Report calls
///
/// One call as `application/json`, or any number as `application/x-ndjson`, one per line of at most 64 KiB. Reporting a call
/// again corrects it; omitted fields stay. Each call needs either `sid` or `call`.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/calls", tag = tag::CALLS, operation_id = "recordCalls",
    params(("AccountSid" = AccountSid, Path, description = "The account of the calls")),
    request_body(content((CallLine = "application/json"), (String = "application/x-ndjson"))),
    responses(
        (status = OK, body = Recorded, description = "The sid of the one call, or a report on all lines"),
        (
            status = CONFLICT, body = Problem, content_type = "application/problem+json",
            description = "The day of the call is sealed",
        ),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn record(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    request: Request,
) -> Result<Json<Recorded>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Ingest).await?;
    match body::media_type(request.headers()).as_str() {
        "application/json" => record_one(&app, &account, request).await,
        "application/x-ndjson" => record_lines(&app, &account, request.into_body()).await,
        other => Err(BodyError::MediaType(EITHER, other.to_owned()).into()),
    }
}

async fn record_one(app: &App, account: &Account, request: Request) -> Result<Json<Recorded>, Problem> {
    let call = call(app, account, &body::bytes(request).await?).map_err(Problem::bad_request)?;
    let sid = call.sid;
    let sealed = app.store.record_calls(account.id, vec![call], app.clock.now()).await?;
    if sealed.is_empty() {
        Ok(Json(Recorded::One(RecordedCall { sid })))
    } else {
        Err(Problem::new(StatusCode::CONFLICT, SEALED))
    }
}

async fn record_lines(app: &App, account: &Account, body: Body) -> Result<Json<Recorded>, Problem> {
    let mut report = CallsReport::default();
    let mut batch = Vec::new();
    let mut number = 0;
    let mut lines = Lines::new(body, MAX_LINE_BYTES);
    while let Some(some) = lines.next().await {
        let some = some.map_err(|error| {
            let stored = report.recorded;
            Problem::bad_request(format_args!(
                "The body could not be read after line {number}; {stored} calls are stored: {error}"
            ))
        })?;
        for line in some {
            number += 1;
            let outcome = match &line {
                Line::TooLong => Err(format!("the line is longer than {MAX_LINE_BYTES} bytes")),
                Line::Text(text) if text.trim_ascii().is_empty() => continue,
                Line::Text(text) => call(app, account, text),
            };
            match outcome {
                Ok(call) => batch.push((number, call)),
                Err(error) => refuse(&mut report, number, error),
            }
            if batch.len() == BATCH {
                store(app, account, &mut batch, &mut report).await?;
            }
        }
    }
    store(app, account, &mut batch, &mut report).await?;
    Ok(Json(Recorded::Many(report)))
}

fn refuse(report: &mut CallsReport, line: u64, error: String) {
    report.refused += 1;
    if report.errors.len() < MAX_REPORTED_ERRORS {
        report.errors.push(LineError { line, error });
    }
}

/// Stores calls, given with their line numbers.
async fn store(
    app: &App,
    account: &Account,
    batch: &mut Vec<(u64, ReportedCall)>,
    report: &mut CallsReport,
) -> Result<(), Problem> {
    let (lines, calls): (Vec<u64>, Vec<ReportedCall>) = std::mem::take(batch).into_iter().unzip();
    let sealed = app.store.record_calls(account.id, calls, app.clock.now()).await.map_err(|error| {
        tracing::error!(%error, "calls could not be stored");
        let before = report.recorded;
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format_args!("An internal error occurred; {before} calls are stored, the others are not"),
        )
    })?;
    report.recorded += (lines.len() - sealed.len()) as u64;
    for line in sealed.into_iter().filter_map(|position| lines.get(position)) {
        refuse(report, *line, SEALED.to_owned());
    }
    // The parser reported its own errors first.
    report.errors.sort_by_key(|error| error.line);
    Ok(())
}

fn call(app: &App, account: &Account, json: &[u8]) -> Result<ReportedCall, String> {
    let line: CallLine = parse_json(json)?;
    let call = Call::try_from(line).map_err(|error| error.to_string())?;
    let latest = app.clock.now() + MAX_AHEAD;
    if call.started_at > latest || call.started_at < EARLIEST {
        return Err(format!("started_at: must be from {EARLIEST} to {latest}, got {}", call.started_at));
    }
    let callers = [call.from.as_ref(), call.to.as_ref(), call.leg.party()];
    let callers = callers.into_iter().flatten().map(|caller| app.vault.caller_digest(&account.sid, caller)).collect();
    Ok(ReportedCall { sid: call.leg.sid(&account.sid), call, callers })
}
