//! `POST /v1/accounts/{AC}/erasures`: erases a caller.

use axum::Json;
use axum::extract::State;
use ringback_api::{AccountSid, Erasure, ErasureRequest};

use super::extract::{JsonBody, PathParams};
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, Scope};
use crate::store::Caller;

/// Erase a caller
///
/// Removes names, numbers and comments from every leg with this number or address, now and whenever a call from before
/// this request is reported again. Scores and counts stay.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/erasures", tag = tag::ACCOUNT, operation_id = "eraseCaller",
    params(("AccountSid" = AccountSid, Path, description = "The account of the calls")),
    request_body = ErasureRequest,
    responses(
        (status = OK, body = Erasure, description = "The caller is erased"),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn erase(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: auth::RequestHead,
    JsonBody(request): JsonBody<ErasureRequest>,
) -> Result<Json<Erasure>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Admin).await?;
    let digest = app.vault.caller_digest(&account.sid, &request.caller);
    let erased = Caller { name: request.caller, digest };
    // The erasure completes even if the client disconnects.
    let erasing = async move { app.store.erase_caller(account.id, erased, app.clock.now()).await };
    let legs = tokio::spawn(erasing).await.map_err(|error| Problem::internal(&error))??;
    Ok(Json(Erasure { legs }))
}
