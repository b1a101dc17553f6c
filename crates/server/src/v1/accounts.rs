//! `/v1/accounts/{AC}`: an account, its settings and its subaccounts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::tz::TimeZone;
use ringback_api::{AccountPatch, AccountSid, AccountStatus, AccountView, CreatedSubaccount, NewSubaccount};

use super::extract::{JsonBody, PathParams};
use super::problem::Problem;
use super::{problem_responses, tag, time_zone};
use crate::app::App;
use crate::auth::{self, Relation, RequestHead, Scope};
use crate::credentials::AccountRequest;
use crate::store::{Account, AccountChanges};

/// The list must fit into a response header.
const MAX_ORIGINS: usize = 100;

/// Read an account and its settings
#[utoipa::path(
    get, path = "/accounts/{AccountSid}", tag = tag::ACCOUNT, operation_id = "fetchAccount",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    responses((status = OK, body = AccountView, description = "The account"), problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
) -> Result<Json<AccountView>, Problem> {
    Ok(Json(view(auth::authorize_account(&app, &head, &account, Scope::Read).await?)))
}

/// Change settings
///
/// Omitted settings stay. Soon after a change of `retention_days`, older days are sealed and their calls deleted.
#[utoipa::path(
    patch, path = "/accounts/{AccountSid}", tag = tag::ACCOUNT, operation_id = "updateAccount",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    request_body = AccountPatch,
    responses(
        (status = OK, body = AccountView, description = "The changed account"),
        (
            status = CONFLICT, body = Problem, content_type = "application/problem+json",
            description = "An account cannot change its own status",
        ),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn update(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    JsonBody(patch): JsonBody<AccountPatch>,
) -> Result<Json<AccountView>, Problem> {
    let (account, relation) = auth::authorize_related_account(&app, &head, &account, Scope::Admin).await?;
    if patch.status.is_some() && relation == Relation::Own {
        let detail = "An account cannot change its own status; its parent account or the operator can";
        return Err(Problem::new(StatusCode::CONFLICT, detail));
    }
    let suspended_at = patch.status.map(|status| match status {
        AccountStatus::Suspended => Some(app.clock.now()),
        AccountStatus::Active => None,
    });
    let time_zone = patch.time_zone.map(|name| time_zone::parse("time_zone", &name)).transpose();
    let time_zone = time_zone.map_err(Problem::bad_request)?.and_then(|zone| zone.iana_name().map(str::to_owned));
    let allowed_origins = patch.allowed_origins;
    if let Some(origins) = allowed_origins.as_ref().filter(|origins| origins.len() > MAX_ORIGINS) {
        let got = origins.len();
        return Err(Problem::bad_request(format_args!(
            "allowed_origins: at most {MAX_ORIGINS} entries are allowed, got {got}"
        )));
    }
    let AccountPatch { name, retention_days, sample, .. } = patch;
    let changes = AccountChanges { name, suspended_at, time_zone, retention_days, allowed_origins, sample };
    app.store.update_account(account.id, changes).await?;
    app.wake.retention.notify_one();
    let account = app.store.account(account.sid).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view(account)))
}

/// List subaccounts
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/subaccounts", tag = tag::ACCOUNT, operation_id = "listSubaccounts",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    responses(
        (status = OK, body = Vec<AccountView>, description = "Sorted by creation time"),
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn subaccounts(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
) -> Result<Json<Vec<AccountView>>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    Ok(Json(app.store.subaccounts(account.id).await?.into_iter().map(view).collect()))
}

/// Create a subaccount
///
/// The parent's credentials also work for the subaccount. A subaccount cannot have subaccounts.
#[utoipa::path(
    post, path = "/accounts/{AccountSid}/subaccounts", tag = tag::ACCOUNT, operation_id = "createSubaccount",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    request_body = NewSubaccount,
    responses(
        (status = CREATED, body = CreatedSubaccount, description = "The subaccount with its AuthToken, which no later response contains"),
        (
            status = CONFLICT, body = Problem, content_type = "application/problem+json",
            description = "The account is a subaccount",
        ),
        problem_responses::BodyErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn create_subaccount(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    head: RequestHead,
    JsonBody(NewSubaccount { name }): JsonBody<NewSubaccount>,
) -> Result<(StatusCode, Json<CreatedSubaccount>), Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Admin).await?;
    if account.parent.is_some() {
        return Err(Problem::new(StatusCode::CONFLICT, "A subaccount cannot have subaccounts"));
    }
    let request =
        AccountRequest { name: name.into(), parent: Some(account.id), existing_credentials: None, is_demo: false };
    let (subaccount, auth_token) = app.issuer().account(request).await?;
    Ok((StatusCode::CREATED, Json(CreatedSubaccount { account: view(subaccount), auth_token })))
}

fn view(account: Account) -> AccountView {
    AccountView {
        sid: account.sid,
        name: account.name,
        status: if account.is_suspended { AccountStatus::Suspended } else { AccountStatus::Active },
        is_subaccount: account.parent.is_some(),
        time_zone: account.time_zone,
        retention_days: account.retention_days,
        allowed_origins: account.allowed_origins,
        sample: account.sample,
        sealed_before: account.sealed_before.map(|start| TimeZone::UTC.to_datetime(start).date()),
    }
}
