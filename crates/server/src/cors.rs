//! Cross-origin requests. A page of any site may read the widget's files, and its widget may send a rating token. Cookies
//! are not accepted from other origins.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The revision of the stored rating. It is higher than the sent one if the request changed nothing.
pub(crate) const REVISION: HeaderName = HeaderName::from_static("ringback-revision");
/// The longest list of header names that a preflight may request.
const MAX_REQUESTED_BYTES: usize = 2048;

/// Allows pages of all origins to send rating tokens to these routes, by these methods.
pub(crate) fn allow_tokens<const N: usize>(routes: OpenApiRouter<App>, methods: [Method; N]) -> OpenApiRouter<App> {
    let cors = any_page(methods).expose_headers([header::DATE, header::RETRY_AFTER, REVISION]);
    routes.layer(cors).layer(middleware::map_request(bound_requested_headers))
}

/// Allows pages of all origins to read these files.
pub(crate) fn allow_reading(files: Router<App>) -> Router<App> {
    let cors = any_page([Method::GET, Method::HEAD]);
    files.layer(cors).layer(middleware::map_request(bound_requested_headers))
}

fn any_page<const N: usize>(methods: [Method; N]) -> CorsLayer {
    // Pages that trace requests add headers such as `traceparent` to those of the widget. A wildcard would not include
    // `Authorization`.
    CorsLayer::new().allow_origin(Any).allow_methods(methods).allow_headers(AllowHeaders::mirror_request())
}

/// Reduces the header names that a preflight requests to the valid ones among the first 2 KiB.
async fn bound_requested_headers(mut request: Request) -> Request {
    if let Some(requested) = request.headers_mut().remove(header::ACCESS_CONTROL_REQUEST_HEADERS)
        && let Ok(names) = HeaderValue::try_from(valid_names(requested.as_bytes()))
    {
        request.headers_mut().insert(header::ACCESS_CONTROL_REQUEST_HEADERS, names);
    }
    request
}

fn valid_names(requested: &[u8]) -> String {
    let mut names = String::new();
    let valid = requested.split(|&byte| byte == b',').filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok());
    for name in valid {
        let comma = if names.is_empty() { "" } else { "," };
        if names.len() + comma.len() + name.as_str().len() > MAX_REQUESTED_BYTES {
            break;
        }
        names += comma;
        names += name.as_str();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_valid_names_are_kept_and_at_most_2_kib() {
        assert_eq!(
            valid_names(b"Authorization, traceparent,,a b,x\xff,\x00,(x), sw8 "),
            "authorization,traceparent,sw8"
        );
        assert_eq!(valid_names(b""), "");
        let most = "x".repeat(1000);
        let long = format!("authorization,{most},{most},{most}");
        assert_eq!(valid_names(long.as_bytes()), format!("authorization,{most},{most}"));
        let exact = format!("{},{}", "x".repeat(1023), "x".repeat(1024));
        assert_eq!(valid_names(exact.as_bytes()), exact);
        assert_eq!(valid_names(format!("{exact}y").as_bytes()), "x".repeat(1023));
    }
}
