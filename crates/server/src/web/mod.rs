//! Routes outside of the APIs: the dashboard, the widget, hosted pages, the demo, the reference and health checks.

mod assets;
mod docs;
mod health;
mod hosted;
mod look;
mod pages;
mod sign_in;
mod words;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{any, get};

use url::Url;
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::cors;
use crate::demo;
pub(crate) use assets::keep_widget_files;

/// `document` describes the APIs; `url` is the public URL of this server.
pub(crate) fn router(with_demo: bool, document: &OpenApi, url: &Url) -> Router<App> {
    let widget =
        Router::new().route("/embed/", any(assets::serve_widget)).route("/embed/{*path}", any(assets::serve_widget));
    let router = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        // Link checkers send HEAD, which must not redeem the code.
        .route("/sign-in/{code}", get(sign_in::redeem).head(|| async { StatusCode::OK }))
        .merge(hosted::router())
        .merge(docs::router(document, url))
        .merge(cors::allow_reading(widget))
        .fallback(assets::serve);
    if with_demo {
        router.route("/demo", get(|| async { Redirect::permanent("/demo/") })).merge(demo::router())
    } else {
        let off = || async { (StatusCode::NOT_FOUND, "The demo is off; start the server with --demo.\n") };
        router.route("/demo", any(off)).route("/demo/", any(off)).route("/demo/{*path}", any(off))
    }
}
