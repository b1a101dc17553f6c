//! The description of both APIs: for machines at `/openapi.json`, to read at `/docs`.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::openapi::OpenApi;

use crate::app::App;

pub(super) fn router(document: &OpenApi) -> Router<App> {
    let json = document.to_pretty_json().unwrap_or_default();
    let serve = |content_type: &'static str, body: String| {
        get(move || async move { ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], body) })
    };
    Router::new().route("/openapi.json", serve("application/json", json))
}
