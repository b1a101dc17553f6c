//! Extractors whose rejections are problems.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::body;
use crate::json::parse_json;

/// The parameters of the path. A segment that cannot be decoded yields 404.
pub(super) struct PathParams<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(params) = Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        Ok(Self(params))
    }
}

/// A JSON body. Errors name the field.
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        const JSON: &str = "application/json";
        let media_type = body::media_type(request.headers());
        if media_type != JSON {
            return Err(body::BodyError::MediaType(JSON, media_type).into());
        }
        parse_json(&body::bytes(request).await?).map(Self).map_err(Problem::bad_request)
    }
}
