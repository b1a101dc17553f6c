//! `/v1/accounts/{AC}/api-keys`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringback_api::{AccountSid, ApiKeyView, CreatedApiKey, KeySid, NewApiKeyRequest};

use super::extract::{JsonBody, PathParams};
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::credentials::IssueError;
use crate::store::ListedKey;

/// List API keys
///
/// Includes revoked keys. Secrets are not included.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/api-keys", tag = tag::ACCOUNT, operation_id = "listApiKeys",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    responses(
        (status = OK, body = Vec<ApiKeyView>, description = "Sorted by creation time"),
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
) -> Result<Json<Vec<ApiKeyView>>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Admin).await?;
    Ok(Json(app.store.api_keys(account.id).await?.into_iter().map(view).collect()))
}

/// Create an API key
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/api-keys", tag = tag::ACCOUNT, operation_id = "createApiKey",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    request_body = NewApiKeyRequest,
    responses(
        (status = CREATED, body = CreatedApiKey, description = "The key with its secret, which no later response contains"),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    JsonBody(NewApiKeyRequest { name, scopes }): JsonBody<NewApiKeyRequest>,
) -> Result<(StatusCode, Json<CreatedApiKey>), Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Admin).await?;
    let name = name.map_or_else(String::new, String::from);
    let (key, secret) = app.issuer().key(account.id, name, scopes).await?;
    Ok((StatusCode::CREATED, Json(CreatedApiKey { key: view(key), secret })))
}

/// Revoke an API key
///
/// Rating tokens that the key signed and sessions that it started become invalid.
#[utoipa::path(
    delete, path = "/accounts/{AccountSid}/api-keys/{KeySid}", tag = tag::ACCOUNT, operation_id = "revokeApiKey",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account"),
        ("KeySid" = KeySid, Path, description = "The key"),
    ),
    responses((status = NO_CONTENT, description = "The key is revoked"), problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn revoke(
    State(app): State<App>,
    PathParams((account, key)): PathParams<(String, String)>,
    head: RequestHead,
) -> Result<StatusCode, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Admin).await?;
    let sid: KeySid = key.parse().map_err(|_| Problem::not_found())?;
    if !app.store.api_keys(account.id).await?.iter().any(|key| key.sid == sid) {
        return Err(Problem::not_found());
    }
    app.store.revoke_api_key(sid, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(key: ListedKey) -> ApiKeyView {
    let ListedKey { sid, name, scopes, created_at, revoked_at } = key;
    ApiKeyView { sid, name, scopes, created_at, revoked_at }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        Self::internal(&error)
    }
}
