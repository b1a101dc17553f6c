//! Error responses of this API, for the OpenAPI document.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

use super::exception::Exception;

/// Errors of every route.
pub(super) struct CommonErrors;
/// Errors of a route with a form.
pub(super) struct FormErrors;
/// Errors of a route with a rate or quantity limit.
pub(super) struct RateLimitErrors;
/// Errors of a route that requires a completed or failed summary.
pub(super) struct UnfinishedErrors;

fn exceptions(of: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    of.iter()
        .map(|(status, description)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Exception::name()))).build();
            let response = ResponseBuilder::new().description(*description).content("application/json", content);
            (status.to_string(), response.build().into())
        })
        .collect()
}

impl IntoResponses for CommonErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[
            (401, "20003: the credentials are missing or invalid; 20104: the rating token has expired"),
            (
                403,
                "20006: the credentials lack the scope, or the request comes from a forbidden origin; 20005: the account is suspended",
            ),
            (404, "20404: the resource does not exist or belongs to another account"),
            (500, "20500: the server failed; its log has the cause"),
        ])
    }
}

impl IntoResponses for RateLimitErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[(429, "20429: too many requests; `Retry-After` is the number of seconds to wait")])
    }
}

impl IntoResponses for UnfinishedErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[(409, "20009: the summary has not ended yet")])
    }
}

impl IntoResponses for FormErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[
            (
                400,
                "20001: a parameter is missing or invalid; the message has its name, its value and the allowed values",
            ),
            (413, "20001: the body is larger than 64 KiB"),
        ])
    }
}
