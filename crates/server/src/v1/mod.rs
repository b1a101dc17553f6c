//! Our own API. It takes and returns JSON; errors are problem documents (RFC 9457).

mod accounts;
mod api_keys;
mod asked;
mod call_details;
mod call_filters;
mod call_reports;
mod callbacks;
mod csv;
mod cursor;
mod erasures;
mod events;
pub(crate) mod extract;
mod feedback;
mod labels;
pub(crate) mod ndjson;
mod parameters;
mod problem;
mod problem_responses;
mod query;
mod rating_tokens;
mod schema;
mod session;
mod stats;
mod steps;
mod summaries;
pub(crate) mod tag;
mod time_zone;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::any;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::body::MAX_BODY_BYTES;
use crate::{cors, fallback};
pub(crate) use problem::Problem;

/// Builds the routes below `/v1`.
pub(crate) fn router() -> OpenApiRouter<App> {
    let unknown = || async { Problem::not_found() };
    let not_allowed = || async { Problem::method_not_allowed() };
    let for_tokens = OpenApiRouter::new().routes(routes!(asked::mark)).routes(routes!(asked::mark_dismissed));
    let known = OpenApiRouter::new()
        .routes(routes!(accounts::show, accounts::update))
        .routes(routes!(accounts::subaccounts, accounts::create_subaccount))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(erasures::erase))
        .routes(routes!(call_reports::record))
        .routes(routes!(call_details::show))
        .routes(routes!(feedback::list))
        .routes(routes!(feedback::export))
        .routes(routes!(labels::list))
        .routes(routes!(events::follow))
        .routes(routes!(rating_tokens::mint))
        .routes(routes!(rating_tokens::revoke))
        .routes(routes!(stats::show))
        .routes(routes!(stats::export))
        .routes(routes!(summaries::list))
        .routes(routes!(summaries::show))
        .routes(routes!(callbacks::list))
        .routes(routes!(session::show, session::sign_in, session::sign_out));
    // Inside the CORS layer, which handles OPTIONS.
    let known = cors::allow_tokens(fallback::method_not_allowed(for_tokens, not_allowed), [Method::POST])
        .merge(fallback::method_not_allowed(known, not_allowed))
        .fallback(unknown);
    OpenApiRouter::new().nest("/v1", known).route("/v1/", any(unknown)).layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}
