//! `GET /v1/accounts/{AC}/callbacks`: the callbacks to StatusCallback URLs, with their delivery state.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallbackDelivery, CallbackPage, DeliveryState};

use super::extract::PathParams;
use super::parameters::{ROW_CURSOR, ROW_PAGES};
use super::problem::Problem;
use super::query::{ParameterGroup, ParameterList, Query};
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::{Callback, CallbackId, CallbackState};

struct ListParameters;

impl ParameterList for ListParameters {
    const GROUPS: &'static [ParameterGroup] = &[ROW_PAGES];
}

/// List callbacks
///
/// The requests to the StatusCallback URLs of summaries, newest first. A callback stays listed for 30 days after it was
/// delivered or given up.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/callbacks", tag = tag::CALLBACKS, operation_id = "listCallbacks",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summaries"),
        Query::<ListParameters>,
    ),
    responses((status = OK, body = CallbackPage, description = "A page"), problem_responses::ParameterErrors, problem_responses::AccountErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    PathParams(account): PathParams<String>,
    RawQuery(query): RawQuery,
    head: RequestHead,
) -> Result<Json<CallbackPage>, Problem> {
    let account = auth::authorize_account(&app, &head, &account, Scope::Read).await?;
    let query = Query::<ListParameters>::parse(query.as_deref())?;
    let limit = query.limit()?;
    let before = query.get(&ROW_CURSOR)?.map(CallbackId::new);
    // One extra entry shows whether there is a next page.
    let mut callbacks = app.store.callbacks(account.id, before, limit + 1).await?;
    let more = callbacks.len() > limit;
    callbacks.truncate(limit);
    let next = callbacks.last().filter(|_| more).map(|last| last.id.get().to_string());
    Ok(Json(CallbackPage { callbacks: callbacks.into_iter().map(delivery).collect(), next }))
}

pub(super) fn delivery(callback: Callback) -> CallbackDelivery {
    let (state, next_try_at) = match callback.state {
        CallbackState::Pending { next_try_at } => (DeliveryState::Pending, Some(next_try_at)),
        CallbackState::Delivered => (DeliveryState::Delivered, None),
        CallbackState::GivenUp => (DeliveryState::GivenUp, None),
    };
    let (last_status, last_error) = match callback.last {
        Some(Ok(status)) => (Some(status), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    CallbackDelivery {
        summary_sid: callback.summary,
        summary_status: callback.status,
        url: callback.url.to_string(),
        method: callback.method,
        state,
        tries: callback.tries,
        last_status,
        last_error,
        next_try_at,
        created_at: callback.created_at,
        updated_at: callback.updated_at,
    }
}
