//! The router of the whole server.

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::app::App;
use crate::{auth, drain, openapi, web};

/// Builds the router for both APIs and all pages.
pub fn router(app: App) -> Router {
    let (apis, document) = openapi::routes().split_for_parts();
    apis.layer(unless_set(header::CACHE_CONTROL, "no-store"))
        .merge(web::router(app.demo, &document, &app.public_url))
        .layer(axum::middleware::from_fn(auth::challenge))
        .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(drain::drain_request_body))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .with_state(app)
}

/// Adds a header to responses that lack it.
fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Logs the route instead of the path, because paths hold secrets such as the codes of sign-in links.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}
