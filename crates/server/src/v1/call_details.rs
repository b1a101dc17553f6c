//! `GET /v1/accounts/{AC}/calls/{call}`: the details of one leg.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallDetails, FormError, Leg, Name};
use utoipa::ToSchema as _;
use utoipa::openapi::Ref;

use super::extract::PathParams;
use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, ParameterList, Query, from_str};
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};

const PARTY: Parameter<Name> = Parameter::new(
    "party",
    "The party of the leg, if both sides share the phone system's id",
    || Ref::from_schema_name(Name::name()).into(),
    from_str,
);

struct ShowParameters;

impl ParameterList for ShowParameters {
    const GROUPS: &'static [ParameterGroup] = &[&[&PARTY]];
}

/// Show one leg of a call
///
/// All stored data of the leg, with its rating.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/calls/{CallSid}", tag = tag::CALLS, operation_id = "fetchCall",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's id of the call"),
        Query::<ShowParameters>,
    ),
    responses(
        (status = OK, body = CallDetails, description = "The leg"),
        problem_responses::ParameterErrors,
        problem_responses::AccountErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    PathParams((account, call)): PathParams<(String, String)>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<CallDetails>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ShowParameters>::parse(query.as_deref())?;
    let party = query.get(&PARTY)?;
    let call: Name = call.parse().map_err(|_| Problem::not_found())?;
    let leg = Leg::new(call, party)
        .map_err(|error| FormError::invalid(PARTY.name, query.text(&PARTY).unwrap_or_default(), &error))?;
    let found = app.store.leg(account.id, leg.sid(&account.sid)).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
