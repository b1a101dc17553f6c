use std::io;

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use quick_xml::Writer;
use ringback_api::FormError;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::{Answer, Document, element, parent};
use crate::auth::{AuthError, TooMany};
use crate::body;
use crate::clock::EntropyError;
use crate::store::StoreError;

/// Why a request of this API failed, as its clients are told.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A parameter is missing or not allowed.
    #[error(transparent)]
    Parameter(#[from] FormError),
    /// The body cannot be read as a form.
    #[error(transparent)]
    Body(#[from] body::BodyError),
    /// No credentials, or such as are not good.
    #[error("{0}")]
    Unauthenticated(crate::auth::Reason),
    /// Good credentials, but not for this.
    #[error("{0}")]
    Forbidden(String),
    /// Good credentials of an account that is suspended.
    #[error("{0}")]
    Suspended(AuthError),
    /// Nothing there, or somebody else's.
    #[error("The requested resource {} was not found", .0.path())]
    NotFound(Uri),
    /// The path is known, but not with this verb.
    #[error("The method is not allowed for this resource")]
    MethodNotAllowed,
    /// It has to wait until a summary has ended.
    #[error("The summary has not ended yet; it can be deleted once it is completed or failed")]
    Unfinished,
    /// Too many at once, or too fast.
    #[error("{reason}; please try again after {retry_after} s")]
    TooManyRequests {
        /// What there is too much of.
        reason: String,
        /// In seconds; the header Retry-After says it too.
        retry_after: u32,
    },
    /// Our own fault; the log says which.
    #[error("An internal error occurred; the request was not carried out")]
    Internal,
}

impl Error {
    const fn status_and_code(&self) -> (StatusCode, u16) {
        match self {
            Self::Body(body::BodyError::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, 20001),
            Self::Parameter(_) | Self::Body(_) => (StatusCode::BAD_REQUEST, 20001),
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

    /// What keeps a request out; `uri` is what was asked for.
    pub(super) fn auth(error: AuthError, uri: Uri) -> Self {
        match error {
            AuthError::Unauthenticated(reason) => Self::Unauthenticated(reason),
            AuthError::Forbidden(_) | AuthError::OtherOrigin | AuthError::UnknownPage => {
                Self::Forbidden(error.to_string())
            }
            AuthError::Suspended(_) => Self::Suspended(error),
            AuthError::NotFound => Self::NotFound(uri),
            AuthError::TooMany(TooMany { what, retry_after }) => {
                Self::TooManyRequests { reason: what.to_owned(), retry_after }
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
        let mut response = Answer(status, Document::Exception(exception)).into_response();
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

/// An error as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RestException)]
pub(crate) struct Exception {
    /// Twilio's: 20001, 20003 to 20006, 20009, 20404, 20429 or 20500.
    code: u16,
    /// What is wrong; of a parameter its name, what came and what is allowed.
    message: String,
    /// A page about the code.
    more_info: String,
    /// As of the response.
    status: u16,
}

impl Exception {
    #[cfg(fuzzing)]
    pub(super) fn new(message: String, more_info: String) -> Self {
        Self { code: 20001, message, more_info, status: 400 }
    }

    pub(super) fn xml(&self, xml: &mut Writer<Vec<u8>>) -> io::Result<()> {
        parent(xml, "RestException", |xml| {
            element(xml, "Code", self.code)?;
            element(xml, "Message", &self.message)?;
            element(xml, "MoreInfo", &self.more_info)?;
            element(xml, "Status", self.status)
        })
    }
}
