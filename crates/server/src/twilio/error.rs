use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use ringback_api::FormError;

use super::exception::Exception;
use super::response::{ApiResponse, Content};
use crate::auth::{AuthError, Reason};
use crate::body;
use crate::clock::EntropyError;
use crate::limits::RateLimited;
use crate::store::StoreError;

/// An error of this API.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A parameter is missing or has an invalid value.
    #[error(transparent)]
    Parameter(#[from] FormError),
    /// The body is not a form.
    #[error(transparent)]
    Body(#[from] body::BodyError),
    /// The credentials are missing or invalid.
    #[error("{0}")]
    Unauthenticated(Reason),
    /// The credentials are valid but do not permit the request.
    #[error("{0}")]
    Forbidden(String),
    /// The credentials are valid, but the account is suspended.
    #[error("{0}")]
    Suspended(AuthError),
    /// The resource does not exist or belongs to another account.
    #[error("The requested resource {} was not found", .0.path())]
    NotFound(Uri),
    /// The path exists, but not with this method.
    #[error("The method is not allowed for this resource")]
    MethodNotAllowed,
    /// The summary has to end first.
    #[error("The summary has not ended yet; it can be deleted once it is completed or failed")]
    Unfinished,
    /// A rate or quantity limit is exceeded.
    #[error("{reason}; please try again after {retry_after} s")]
    TooManyRequests {
        /// The limit that is exceeded.
        reason: String,
        /// The value of the Retry-After header, in seconds.
        retry_after: u32,
    },
    /// The server failed; the log has the details.
    #[error("An internal error occurred; the request was not carried out")]
    Internal,
}

impl Error {
    const fn status_and_code(&self) -> (StatusCode, u16) {
        match self {
            Self::Body(body::BodyError::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, 20001),
            Self::Parameter(_) | Self::Body(_) => (StatusCode::BAD_REQUEST, 20001),
            // The code after which the widget waits for a new token.
            Self::Unauthenticated(Reason::ExpiredToken) => (StatusCode::UNAUTHORIZED, 20104),
            Self::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, 20003),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, 20006),
            Self::Suspended(_) => (StatusCode::FORBIDDEN, 20005),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, 20404),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, 20004),
            Self::Unfinished => (StatusCode::CONFLICT, 20009),
            Self::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, 20429),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, 20500),
        }
    }

    /// Converts an authorization error; `uri` is the requested URI.
    pub(super) fn auth(error: AuthError, uri: Uri) -> Self {
        match error {
            AuthError::Unauthenticated(reason) => Self::Unauthenticated(reason),
            AuthError::Forbidden(_) | AuthError::OtherOrigin | AuthError::UnknownPage => {
                Self::Forbidden(error.to_string())
            }
            AuthError::Suspended(_) => Self::Suspended(error),
            AuthError::NotFound => Self::NotFound(uri),
            AuthError::RateLimited(RateLimited { reason, retry_after }) => {
                Self::TooManyRequests { reason: reason.to_owned(), retry_after }
            }
            AuthError::Store(_) | AuthError::Vault(_) => internal(&error),
        }
    }
}

fn internal(error: &(dyn std::error::Error + 'static)) -> Error {
    tracing::error!(error, "a request failed");
    Error::Internal
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        internal(&error)
    }
}

impl From<EntropyError> for Error {
    fn from(error: EntropyError) -> Self {
        internal(&error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let more_info = format!("https://www.twilio.com/docs/errors/{code}");
        let exception = Exception { code, message: self.to_string(), more_info, status: status.as_u16() };
        let mut response = ApiResponse(status, Content::Exception(exception)).into_response();
        match self {
            Self::Unauthenticated(reason) => {
                response.extensions_mut().insert(reason);
            }
            Self::TooManyRequests { retry_after, .. } => {
                response.headers_mut().insert(header::RETRY_AFTER, retry_after.into());
            }
            _ => {}
        }
        response
    }
}
