//! The API reference: machine-readable at `/openapi.json`, and a page at `/docs`.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value by a missing member gives null, never a panic")]

mod curl;
mod page;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use url::Url;
use utoipa::openapi::OpenApi;

use crate::app::App;

const STYLE: &str = concat!(include_str!("../../../../style/tokens.css"), include_str!("../../../../style/docs.css"));
/// The page has no scripts and loads only its stylesheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `url` is the public URL of this server, for the examples.
pub(super) fn router(document: &OpenApi, url: &Url) -> Router<App> {
    let json = document.to_pretty_json().unwrap_or_default();
    let page = serde_json::to_value(document).map(|document| page::render(&document, url).into_string());
    let serve = |content_type: &'static str, body: String| {
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "no-cache"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        get(move || async move { (headers, body) })
    };
    Router::new()
        .route("/openapi.json", serve("application/json", json))
        .route("/docs", serve("text/html; charset=utf-8", page.unwrap_or_default()))
        .route("/docs.css", serve("text/css; charset=utf-8", STYLE.to_owned()))
}
