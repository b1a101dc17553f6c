//! Fallback handlers for routers that carry an OpenAPI description.

use axum::handler::Handler;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Handles unsupported methods on a router's routes. `OpenApiRouter` lacks this method of axum's `Router`.
pub(crate) fn method_not_allowed<H, T>(router: OpenApiRouter<App>, handler: H) -> OpenApiRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    let (served, document) = router.split_for_parts();
    OpenApiRouter::with_openapi(document).merge(served.method_not_allowed_fallback(handler).into())
}
