//! The 2010-04-01 API: only this module knows its names, error codes and XML.

mod document;
mod error;
mod extract;
mod feedback;
mod feedback_summary;

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri};
use axum::http::{Method, header};
use axum::routing::{any, get, post};
use tower_http::cors::{Any, CorsLayer};

use crate::app::App;
use crate::body::MAX_BODY_BYTES;
use error::Error;

/// All below `/2010-04-01`.
pub(crate) fn router(app: App) -> Router<App> {
    let mut feedback = Router::new();
    let mut summaries = Router::new();
    for extension in ["", ".json", ".xml"] {
        feedback = feedback.route(
            &format!("/Accounts/{{account}}/Calls/{{call}}/Feedback{extension}"),
            get(feedback::show).post(feedback::rate),
        );
        summaries = summaries
            .route(&format!("/Accounts/{{account}}/Calls/FeedbackSummary{extension}"), post(feedback_summary::create));
    }
    // The extension of this one is in its last parameter.
    summaries = summaries.route(
        "/Accounts/{account}/Calls/FeedbackSummary/{summary}",
        get(feedback_summary::show).delete(feedback_summary::delete),
    );
    // A widget on any site may send its token here; cookies never count across origins.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, feedback::REVISION]);
    // Below the CORS layer, which answers OPTIONS.
    let known = feedback
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .layer(cors)
        .merge(summaries.method_not_allowed_fallback(|| async { Error::MethodNotAllowed }));
    let unknown = |uri: OriginalUri| async move { Error::NotFound(uri.0) };
    Router::new()
        .nest("/2010-04-01", known.fallback(unknown))
        .route("/2010-04-01/", any(unknown))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(axum::middleware::from_fn(document::represent))
        .with_state(app)
}
