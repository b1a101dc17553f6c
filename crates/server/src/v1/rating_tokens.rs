//! `/v1/accounts/{AC}/rating-tokens`: mints and revokes rating tokens.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringback_api::{AccountSid, Leg, MintRequest, MintedToken, RevokeRequest};

use super::extract::{JsonBody, PathParams};
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::rating_token::{self, MintError};
use crate::auth::{self, RequestHead, Scope, rating_link};

/// Mint a rating token
///
/// For backends that do not sign tokens themselves.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/rating-tokens", tag = tag::TOKENS, operation_id = "mintRatingToken",
    params(("AccountSid" = AccountSid, Path, description = "The account of the call")),
    request_body = MintRequest,
    responses(
        (status = CREATED, body = MintedToken, description = "The token"),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn mint(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    JsonBody(request): JsonBody<MintRequest>,
) -> Result<(StatusCode, Json<MintedToken>), Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Mint).await?;
    let leg = if request.link { Some(Leg::new(request.call.clone(), request.party.clone())) } else { None };
    let leg = leg.transpose().map_err(|error| Problem::bad_request(MintError::from(error)))?;
    let mut minted = rating_token::mint(&app, &account, request).map_err(|error| match error {
        MintError::Lifetime(_) | MintError::Leg(_) | MintError::Start(_) => Problem::bad_request(error),
        MintError::Vault(_) | MintError::Entropy(_) | MintError::Sign(_) => Problem::internal(&error),
    })?;
    if let Some(leg) = leg {
        let link = rating_link::create(&app, &account, &leg, &minted.token, minted.expires_at).await;
        minted.link = Some(link.map_err(|error| Problem::internal(&error))?);
    }
    Ok((StatusCode::CREATED, Json(minted)))
}

/// Revoke one token, or all existing tokens of a leg
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/rating-tokens/revocations", tag = tag::TOKENS,
    operation_id = "revokeRatingTokens",
    params(("AccountSid" = AccountSid, Path, description = "The account of the tokens")),
    request_body = RevokeRequest,
    responses((status = NO_CONTENT, description = "The tokens are revoked"), problem_responses::BodyErrors, problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn revoke(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    JsonBody(request): JsonBody<RevokeRequest>,
) -> Result<StatusCode, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Mint).await?;
    let revocation = request.in_account(&account.sid).map_err(Problem::bad_request)?;
    app.store.revoke_tokens(account.id, revocation, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
