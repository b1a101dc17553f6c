//! Our own API: JSON in and out, errors as RFC 9457 problems.

mod accounts;
mod api_keys;
mod asked;
mod call;
mod callbacks;
mod calls;
mod csv;
mod cursor;
mod erasures;
mod events;
mod feedback;
mod filter;
mod labels;
pub(crate) mod lines;
mod parameters;
pub(crate) mod problem;
mod query;
mod rating_tokens;
mod refusals;
mod session;
mod stats;
mod steps;
mod summaries;
mod time_zone;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, header};
use axum::routing::any;
use tower_http::cors::{Any, CorsLayer};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::body::MAX_BODY_BYTES;
use crate::openapi::method_not_allowed_fallback;
pub(crate) use problem::Problem;

/// How routes are grouped in the OpenAPI document.
pub(crate) mod tag {
    pub(crate) const CALLS: &str = "Calls";
    pub(crate) const TOKENS: &str = "Rating tokens";
    pub(crate) const STATISTICS: &str = "Statistics";
    pub(crate) const ACCOUNT: &str = "Account";
    pub(crate) const SUMMARIES: &str = "Summaries";
    pub(crate) const CALLBACKS: &str = "Callbacks";
    pub(crate) const SESSION: &str = "Session";
}

/// All below `/v1`.
pub(crate) fn router() -> OpenApiRouter<App> {
    let unknown = || async { Problem::not_found() };
    let not_allowed = || async { Problem::method_not_allowed() };
    // A widget on any site may send its token here; cookies never count across origins.
    let from_anywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER]);
    let for_tokens = OpenApiRouter::new().routes(routes!(asked::mark)).routes(routes!(asked::mark_dismissed));
    let known = OpenApiRouter::new()
        .routes(routes!(accounts::show, accounts::update))
        .routes(routes!(accounts::subaccounts, accounts::create_subaccount))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(erasures::erase))
        .routes(routes!(calls::record))
        .routes(routes!(call::show))
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
    // Below the CORS layer, which answers OPTIONS.
    let known = method_not_allowed_fallback(for_tokens, not_allowed)
        .layer(from_anywhere)
        .merge(method_not_allowed_fallback(known, not_allowed))
        .fallback(unknown);
    OpenApiRouter::new().nest("/v1", known).route("/v1/", any(unknown)).layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}
