//! `GET /v1/accounts/{AC}/calls/{call}`: one leg, with everything that is known of it.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallDetails, FormError, Leg, Name};

use super::problem::{Named, Problem};
use super::query::Query;
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};

/// Show one leg of a call
///
/// Everything that is known of it, and what its party said.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/calls/{CallSid}", tag = tag::CALLS, operation_id = "fetchCall",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's own id of the call"),
        ("party" = Option<Name>, Query, description = "Which side, where both sides share the phone system's id"),
    ),
    responses(
        (status = OK, body = CallDetails, description = "The leg"),
        refusals::OfParameters,
        refusals::OfAccount,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Named((account, call)): Named<(String, String)>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<CallDetails>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &["party"], &[])?;
    let party = query.parse::<Name>("party")?;
    let call: Name = call.parse().map_err(|_| Problem::not_found())?;
    let leg = Leg::new(call, party)
        .map_err(|error| FormError::invalid("party", query.first("party").unwrap_or_default(), &error))?;
    let found = app.store.leg(account.id, leg.sid(&account.sid)).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
