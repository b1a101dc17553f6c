//! What every request handler shares.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;
use url::Url;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::Limits;
use crate::auth::credentials::Issuer;
use crate::clock::{Clock, Entropy};
use crate::jobs::Wake;
use crate::outbound::Outbound;
use crate::store::Store;
use crate::vault::Vault;
use crate::{auth, openapi, twilio, unread, v1, web};

/// The parts of a running server.
#[derive(Clone)]
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Opens stored secrets.
    pub vault: Arc<Vault>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// How often one may knock.
    pub limits: Arc<Limits>,
    /// Speaks to servers that customers name.
    pub outbound: Arc<Outbound>,
    /// Wakes what works behind the requests.
    pub wake: Arc<Wake>,
    /// Its sender is gone when the server is to stop; what would never end by itself then ends.
    pub stop: watch::Receiver<()>,
    /// How browsers reach this server; its scheme decides whether cookies are Secure.
    pub public_url: Arc<Url>,
    /// Whether `/demo` is served, which lets anybody make calls up.
    pub demo: bool,
}

impl App {
    /// Makes new credentials.
    pub(crate) fn issuer(&self) -> Issuer<'_> {
        Issuer { store: &*self.store, vault: &self.vault, entropy: &*self.entropy, clock: &*self.clock }
    }

    /// All routes.
    pub fn router(self) -> Router {
        let demo = self.demo;
        let (apis, document) = apis().split_for_parts();
        apis.layer(unless_set(header::CACHE_CONTROL, "no-store"))
            .merge(web::router(demo, &document, &self.public_url))
            .layer(axum::middleware::from_fn(auth::challenge))
            .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(CatchPanicLayer::new())
            .layer(axum::middleware::from_fn(unread::finish))
            .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
            .with_state(self)
    }
}

/// The routes of both APIs, described.
pub(crate) fn apis() -> OpenApiRouter<App> {
    openapi::router().merge(twilio::router()).merge(v1::router())
}

/// Adds a header to answers that have none of the name.
fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// What the log says of a request: its route, because paths hold secrets such as the codes of sign-in links.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}
