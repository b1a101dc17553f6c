//! `POST /v1/accounts/{AC}/calls/{call}/asked` and `…/dismissed`: the widget asked a party, and the party declined.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use ringback_api::{AccountSid, Name, TokenForm};

use super::extract::PathParams;
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, LegPath, RequestHead, Scope};
use crate::body;
use crate::store::Target;

/// Record that a party was asked to rate the call
///
/// The widget sends this itself.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/calls/{CallSid}/asked", tag = tag::CALLS, operation_id = "markAsked",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's id of the call"),
    ),
    request_body(content = Option<TokenForm>, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = NO_CONTENT, description = "Recorded"),
        problem_responses::BodyErrors,
        problem_responses::RateLimitErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn mark(
    State(app): State<App>,
    path: PathParams<(String, String)>,
    head: RequestHead,
    request: Request,
) -> Result<StatusCode, Problem> {
    let target = target(&app, path, &head, request).await?;
    answer(app.store.mark_asked(target, app.clock.now()).await?)
}

/// Record that a party declined to rate the call
///
/// The widget sends this itself.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/calls/{CallSid}/dismissed", tag = tag::CALLS, operation_id = "markDismissed",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's id of the call"),
    ),
    request_body(content = Option<TokenForm>, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = NO_CONTENT, description = "Recorded"),
        problem_responses::BodyErrors,
        problem_responses::RateLimitErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn mark_dismissed(
    State(app): State<App>,
    path: PathParams<(String, String)>,
    head: RequestHead,
    request: Request,
) -> Result<StatusCode, Problem> {
    let target = target(&app, path, &head, request).await?;
    answer(app.store.mark_dismissed(target, app.clock.now()).await?)
}

async fn target(
    app: &App,
    PathParams((account, call)): PathParams<(String, String)>,
    head: &RequestHead,
    request: Request,
) -> Result<Target, Problem> {
    // A beacon cannot set headers, so its token is in a form.
    let pairs = body::form(request).await?;
    let path = LegPath { account: &account, call: &call };
    Ok(auth::authorize_leg(app, head, pairs.first("Token"), path, Scope::Ingest).await?.into())
}

fn answer(known: bool) -> Result<StatusCode, Problem> {
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
