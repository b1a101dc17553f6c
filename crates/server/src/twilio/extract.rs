//! What requests of this API bring along; what is wrong with it is said in the API's own shape.

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

/// What stands in the path, and the path as it was requested.
pub(super) struct Resource<T> {
    pub(super) named: T,
    pub(super) uri: Uri,
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Resource<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Ok(OriginalUri(uri)) = OriginalUri::from_request_parts(parts, state).await;
        // What cannot be decoded names nothing.
        let Ok(Path(named)) = Path::from_request_parts(parts, state).await else { return Err(Error::NotFound(uri)) };
        Ok(Self { named, uri })
    }
}
