//! `GET /v1/accounts/{AC}/callbacks?limit&cursor`: what StatusCallbacks are told, and whether they were.

use axum::Json;
use axum::extract::{RawQuery, State};
use ringback_api::{AccountSid, CallbackDelivery, CallbackPage, DeliveryState};

use super::problem::{Named, Problem};
use super::query::Query;
use super::{refusals, tag};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{Callback, CallbackId, CallbackState};

/// List callbacks
///
/// What is told to the StatusCallbacks of summaries: the newest first. Those that are not pending any more are listed
/// for 30 days.
#[utoipa::path(
    get, path = "/accounts/{AccountSid}/callbacks", tag = tag::CALLBACKS, operation_id = "listCallbacks",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summaries"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many at most: 50 unless given"),
        (
            "cursor" = Option<String>, Query, pattern = "^[0-9]{1,18}$",
            description = "Go on where a page ended: its `next`",
        ),
    ),
    responses((status = OK, body = CallbackPage, description = "A page"), refusals::OfParameters, refusals::OfAccount),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    Named(account): Named<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Json<CallbackPage>, Problem> {
    let account = auth::account(&app, &caller, &account, Scope::Read).await?;
    let query = Query::parse(query.as_deref(), &["limit", "cursor"], &[])?;
    let limit = query.limit()?;
    let before = query.row()?.map(CallbackId::new);
    // One more than asked for tells whether there is a next page.
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
