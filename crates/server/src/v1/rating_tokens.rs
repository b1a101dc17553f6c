//! `POST /v1/accounts/{AC}/rating-tokens`: a token for the widget, for backends that do not sign their own.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringback_api::{MintRequest, MintedToken};

use super::problem::{Body, Named, Problem};
use crate::app::App;
use crate::auth::rating_token::{self, MintError};
use crate::auth::{self, Caller, Scope};

pub(super) async fn mint(
    State(app): State<App>,
    Named(account): Named<String>,
    caller: Caller,
    Body(request): Body<MintRequest>,
) -> Result<(StatusCode, Json<MintedToken>), Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Mint).await?;
    let token = rating_token::mint(&app, &account, request).map_err(|error| match error {
        MintError::Lifetime(_) | MintError::Leg(_) | MintError::Start(_) => Problem::bad_request(error),
        MintError::Vault(_) | MintError::Entropy(_) | MintError::Sign(_) => Problem::internal(&error),
    })?;
    Ok((StatusCode::CREATED, Json(token)))
}
