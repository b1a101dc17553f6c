use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::{AuthError, Reason};
use crate::body;
use crate::store::StoreError;

/// The type of a problem that its status identifies.
const UNTYPED: &str = "about:blank";
/// The type that tells clients to get a new token.
const EXPIRED_TOKEN: &str = "/problems/expired-token";

/// An error of `/v1`: RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `/problems/expired-token` for a rating token that has expired. Otherwise `about:blank`: the status identifies the
    /// problem.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The reason phrase of the status.
    title: &'static str,
    /// The status code of the response.
    status: u16,
    /// The error. For a parameter: its name, its value and the allowed values.
    detail: String,
    /// Why the credentials were rejected; selects the challenge in `WWW-Authenticate`.
    #[serde(skip)]
    reason: Option<Reason>,
    /// The value of the header Retry-After, in seconds.
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl ToString) -> Self {
        Self {
            r#type: UNTYPED,
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.to_string(),
            reason: None,
            retry_after: None,
        }
    }

    pub(super) fn bad_request(detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "The resource does not exist or belongs to another account")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "The method is not allowed for this resource")
    }

    /// An error of the server. The log has its cause.
    pub(super) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "An internal error occurred; the request was not carried out")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (reason, retry_after) = (self.reason.clone(), self.retry_after);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(reason) = reason {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unauthenticated(reason) => {
                let r#type = if reason == Reason::ExpiredToken { EXPIRED_TOKEN } else { UNTYPED };
                Self { r#type, reason: Some(reason.clone()), ..Self::new(StatusCode::UNAUTHORIZED, reason) }
            }
            AuthError::Forbidden(_) | AuthError::Suspended(_) | AuthError::OtherOrigin | AuthError::UnknownPage => {
                Self::new(StatusCode::FORBIDDEN, error)
            }
            AuthError::NotFound => Self::not_found(),
            AuthError::RateLimited(limited) => {
                let retry_after = Some(limited.retry_after);
                Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, limited) }
            }
            AuthError::Store(_) | AuthError::Vault(_) => Self::internal(&error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(&error)
    }
}

impl From<body::BodyError> for Problem {
    fn from(error: body::BodyError) -> Self {
        match error {
            body::BodyError::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, error),
            body::BodyError::MediaType(..) => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error),
            body::BodyError::NotUtf8 | body::BodyError::Broken(_) => Self::bad_request(error),
        }
    }
}
