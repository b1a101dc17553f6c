use axum::Json;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::AuthError;
use crate::store::StoreError;

/// An error of `/v1`: RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl ToString) -> Self {
        Self {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.to_string(),
        }
    }

    pub(super) fn bad_request(detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing here, or it belongs to somebody else")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "The method is not allowed for this resource")
    }

    /// Our own fault; the log says which.
    pub(super) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "An internal error occurred; the request was not carried out")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unauthenticated(reason) => Self::new(StatusCode::UNAUTHORIZED, reason),
            AuthError::Forbidden(_) | AuthError::OtherOrigin => Self::new(StatusCode::FORBIDDEN, error),
            AuthError::NotFound => Self::not_found(),
            AuthError::Store(_) | AuthError::Vault(_) => Self::internal(&error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(&error)
    }
}

/// A JSON body, whose errors name the field.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        if media_type(content_type.as_ref()) != "application/json" {
            return Err(unsupported("application/json"));
        }
        let body = axum::body::Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 65536 bytes")
            }
            other => Problem::bad_request(format_args!("The body could not be read: {other}")),
        })?;
        parse(&body).map(Self).map_err(Problem::bad_request)
    }
}

pub(super) fn unsupported(allowed: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format_args!("The Content-Type must be {allowed}"))
}

/// The media type of a Content-Type header, lower case, without its parameters.
pub(super) fn media_type(content_type: Option<&HeaderValue>) -> String {
    let value = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Parses JSON; an error names the field that it is about.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return not_json(&inner);
        }
        let message = inner.to_string();
        if path == "." { message } else { format!("{path}: {message}") }
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    format!("This is not valid JSON: {error}")
}
