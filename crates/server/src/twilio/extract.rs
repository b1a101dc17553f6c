//! Extractors whose rejections are errors of this API.

use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Path, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use ringback_api::Pairs;
use serde::de::DeserializeOwned;

use super::error::Error;
use crate::body;

/// The form in the body.
pub(super) struct Form(pub(super) Pairs<'static>);

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        Ok(Self(body::form(request).await?))
    }
}

/// The parameters of the path, and the requested URI.
pub(super) struct Resource<T> {
    pub(super) params: T,
    pub(super) uri: Uri,
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Resource<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Ok(OriginalUri(uri)) = OriginalUri::from_request_parts(parts, state).await;
        // A segment that cannot be decoded yields 404.
        let Ok(Path(params)) = Path::from_request_parts(parts, state).await else { return Err(Error::NotFound(uri)) };
        Ok(Self { params, uri })
    }
}
