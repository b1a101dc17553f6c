//! Our own API: JSON in and out, errors as RFC 9457 problems.

mod asked;
mod calls;
mod lines;
mod problem;
mod rating_tokens;
mod session;
mod stats;
mod steps;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, header};
use axum::routing::{any, get, post};
use tower_http::cors::{Any, CorsLayer};

use crate::app::App;
use crate::body::MAX_BODY_BYTES;
use problem::Problem;

/// All below `/v1`.
pub(crate) fn router() -> Router<App> {
    let unknown = || async { Problem::not_found() };
    // A widget on any site may send its token here; cookies never count across origins.
    let from_anywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER]);
    // Below the CORS layer, which answers OPTIONS.
    let for_tokens = Router::new()
        .route("/accounts/{account}/calls/{call}/asked", post(asked::mark))
        .route("/accounts/{account}/calls/{call}/dismissed", post(asked::mark_dismissed))
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(from_anywhere);
    let known = Router::new()
        .route("/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/accounts/{account}/rating-tokens", post(rating_tokens::mint))
        .route("/accounts/{account}/rating-tokens/revocations", post(rating_tokens::revoke))
        .route("/accounts/{account}/stats", get(stats::show))
        .route("/accounts/{account}/calls", post(calls::record))
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .merge(for_tokens)
        .fallback(unknown);
    Router::new().nest("/v1", known).route("/v1/", any(unknown)).layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}
