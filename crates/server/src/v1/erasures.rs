//! `POST /v1/accounts/{AC}/erasures`: a caller who wants to be forgotten.

use axum::Json;
use axum::extract::State;
use ringback_api::{AccountSid, Erasure, ErasureRequest};

use super::problem::{Body, Named, Problem};
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Scope};
use crate::store::Caller;

/// Erase a caller
///
/// Takes names, numbers and comments off every leg that was reported with this number or address, now and whenever
/// one of a call from before now is reported again. Scores, and everything that was counted, stay.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/erasures", tag = tag::ACCOUNT, operation_id = "eraseCaller",
    params(("AccountSid" = AccountSid, Path, description = "The account of the calls")),
    request_body = ErasureRequest,
    responses(
        (status = OK, body = Erasure, description = "It is done"),
        refusals::OfBody,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn erase(
    State(app): State<App>,
    Named(account): Named<String>,
    caller: auth::Caller,
    Body(request): Body<ErasureRequest>,
) -> Result<Json<Erasure>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Admin).await?;
    let digest = app.vault.caller_digest(&account.sid, &request.caller);
    let erased = Caller { name: request.caller, digest };
    // Once begun it is done, also when who asked goes away.
    let erasing = async move { app.store.erase_caller(account.id, erased, app.clock.now()).await };
    let legs = tokio::spawn(erasing).await.map_err(|error| Problem::internal(&error))??;
    Ok(Json(Erasure { legs }))
}
