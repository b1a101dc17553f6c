use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::Reason;
use super::session;

/// Middleware that adds `WWW-Authenticate` to every 401.
///
/// A browser answers a Basic challenge with its own dialog over the page, so requests from browsers get a Bearer challenge.
pub async fn challenge(request: Request, next: Next) -> Response {
    let twilio = request.uri().path().starts_with("/2010-04-01");
    let bearer = wants_bearer(request.headers());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        let bearer = bearer || response.extensions().get().is_some_and(Reason::is_bearer);
        let value = match (bearer, twilio) {
            (true, _) => "Bearer",
            (false, true) => "Basic realm=\"Twilio API\"",
            (false, false) => "Basic realm=\"Ringback\"",
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(value));
    }
    response
}

fn wants_bearer(headers: &HeaderMap) -> bool {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes().get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"bearer ")));
    bearer || session::has_cookie(headers) || headers.get("sec-fetch-mode").is_some_and(|mode| mode == "cors")
}
