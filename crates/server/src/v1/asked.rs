//! `POST /v1/accounts/{AC}/calls/{call}/asked` and `…/dismissed`: the widget asked the party of a leg, who said no.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use ringback_api::{AccountSid, Name, TokenForm};

use super::problem::{Named, Problem};
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, LegPath, Scope};
use crate::body;
use crate::store::Target;

/// Note that the party of a leg was asked to rate the call
///
/// The widget does this by itself.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/calls/{CallSid}/asked", tag = tag::CALLS, operation_id = "markAsked",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's own id of the call"),
    ),
    request_body(content = Option<TokenForm>, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = NO_CONTENT, description = "It is noted"),
        refusals::OfBody,
        refusals::OfTooMany,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn mark(
    State(app): State<App>,
    path: Named<(String, String)>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode, Problem> {
    let target = target(&app, path, &caller, request).await?;
    answer(app.store.mark_asked(target, app.clock.now()).await?)
}

/// Note that the party of a leg was asked, and said no
///
/// The widget does this by itself.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/calls/{CallSid}/dismissed", tag = tag::CALLS, operation_id = "markDismissed",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's own id of the call"),
    ),
    request_body(content = Option<TokenForm>, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = NO_CONTENT, description = "It is noted"),
        refusals::OfBody,
        refusals::OfTooMany,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn mark_dismissed(
    State(app): State<App>,
    path: Named<(String, String)>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode, Problem> {
    let target = target(&app, path, &caller, request).await?;
    answer(app.store.mark_dismissed(target, app.clock.now()).await?)
}

async fn target(
    app: &App,
    Named((account, call)): Named<(String, String)>,
    caller: &Caller,
    request: Request,
) -> Result<Target, Problem> {
    // A beacon cannot set a header; its token comes in a form.
    let pairs = body::form(request).await?;
    let path = LegPath { account: &account, call: &call };
    Ok(auth::authorize(app, caller, pairs.first("Token"), path, Scope::Ingest).await?.into())
}

fn answer(known: bool) -> Result<StatusCode, Problem> {
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
