use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ringback_api::shorten;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::auth::{AuthError, Reason};
use crate::body;
use crate::store::StoreError;

/// How much of what came an error repeats; that may be as long as the body.
const MAX_CHARS: usize = 300;

/// An error of `/v1`: RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status says it all.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    /// As of the response.
    status: u16,
    /// What is wrong; of a parameter its name, what came and what is allowed.
    detail: String,
    /// Decides how to ask for other credentials.
    #[serde(skip)]
    reason: Option<Reason>,
    /// For the header Retry-After, in seconds.
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl ToString) -> Self {
        Self {
            r#type: "about:blank",
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
                Self { reason: Some(reason.clone()), ..Self::new(StatusCode::UNAUTHORIZED, reason) }
            }
            AuthError::Forbidden(_) | AuthError::Suspended(_) | AuthError::OtherOrigin | AuthError::UnknownPage => {
                Self::new(StatusCode::FORBIDDEN, error)
            }
            AuthError::NotFound => Self::not_found(),
            AuthError::TooMany(too_many) => {
                let retry_after = Some(too_many.retry_after);
                Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, too_many) }
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

/// What stands in the path; what cannot be decoded names nothing.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(named) = Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        Ok(Self(named))
    }
}

/// A JSON body, whose errors name the field.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        const JSON: &str = "application/json";
        let media_type = body::media_type(request.headers());
        if media_type != JSON {
            return Err(body::BodyError::MediaType(JSON, media_type).into());
        }
        parse(&body::bytes(request).await?).map(Self).map_err(Problem::bad_request)
    }
}

/// Parses a JSON object; an error names the field that it is about.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    // Serde would take an array for an object, its fields in their order.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err("this must be a JSON object".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return not_json(&inner);
        }
        let message = for_people(&inner);
        if path == "." { message } else { format!("{}: {message}", shorten(&path, MAX_CHARS)) }
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    // One object stands on one line, as a rule, and a number of a line would be taken for that of an NDJSON line.
    format!("this is not valid JSON: {}", error.to_string().replace(" at line 1 column ", " at column "))
}

/// Serde's message without the place, which the field says better, without Rust's words, and not longer than need be.
fn for_people(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let message = message
        .replace("expected u32", "expected a whole number from 0 to 4294967295")
        .replace("expected a nonzero u16", "expected a whole number from 1 to 65535");
    shorten(&message, MAX_CHARS)
}
