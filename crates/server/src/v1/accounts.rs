//! `/v1/accounts/{AC}`: an account and its settings.

use axum::Json;
use axum::extract::State;
use jiff::tz::TimeZone;
use ringback_api::{AccountPatch, AccountSid, AccountStatus, AccountView};

use super::problem::{Body, Named, Problem};
use super::{refusals, tag, time_zone};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{Account, AccountChanges};

/// Read an account and its settings
#[utoipa::path(
    get, path = "/accounts/{AccountSid}", tag = tag::ACCOUNT, operation_id = "fetchAccount",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    responses((status = OK, body = AccountView, description = "The account"), refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Named(account): Named<String>,
    caller: Caller,
) -> Result<Json<AccountView>, Problem> {
    Ok(Json(view(auth::account(&app, &caller, &account, Scope::Read).await?)))
}

/// Change settings
///
/// What is left out stays. With a new `retention_days`, older days are sealed and their calls deleted at once.
#[utoipa::path(
    patch, path = "/accounts/{AccountSid}", tag = tag::ACCOUNT, operation_id = "updateAccount",
    params(("AccountSid" = AccountSid, Path, description = "The account")),
    request_body = AccountPatch,
    responses(
        (status = OK, body = AccountView, description = "The account as it is now"),
        refusals::OfBody,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn update(
    State(app): State<App>,
    Named(account): Named<String>,
    caller: Caller,
    Body(patch): Body<AccountPatch>,
) -> Result<Json<AccountView>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Admin).await?;
    let time_zone = patch.time_zone.map(|name| time_zone::parse("time_zone", &name)).transpose();
    let time_zone = time_zone.map_err(Problem::bad_request)?.and_then(|zone| zone.iana_name().map(str::to_owned));
    let changes = AccountChanges { time_zone, retention_days: patch.retention_days };
    app.store.update_account(account.id, changes).await?;
    app.wake.retention.notify_one();
    let account = app.store.account(account.sid).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view(account)))
}

fn view(account: Account) -> AccountView {
    AccountView {
        sid: account.sid,
        name: account.name,
        status: if account.is_suspended { AccountStatus::Suspended } else { AccountStatus::Active },
        time_zone: account.time_zone,
        retention_days: account.retention_days,
        sealed_before: account.sealed_before.map(|start| TimeZone::UTC.to_datetime(start).date()),
    }
}
