//! Error responses of `/v1`, for the OpenAPI document.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

use super::problem::Problem;

/// Errors of every route below an account.
pub(super) struct AccountErrors;
/// Errors of a route with parameters.
pub(super) struct ParameterErrors;
/// Errors of a route with a body.
pub(super) struct BodyErrors;
/// Errors of a route with a rate limit.
pub(super) struct RateLimitErrors;
/// Errors of every route.
pub(super) struct ServerErrors;

fn problems(of: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    of.iter()
        .map(|(status, description)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
            let response =
                ResponseBuilder::new().description(*description).content("application/problem+json", content);
            (status.to_string(), response.build().into())
        })
        .collect()
}

impl IntoResponses for AccountErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = problems(&[
            (401, "The credentials are missing or invalid"),
            (
                403,
                "The credentials lack the scope, the request comes from a forbidden origin, or the account is suspended",
            ),
            (404, "The resource does not exist or belongs to another account"),
        ]);
        responses.extend(ServerErrors::responses());
        responses
    }
}

impl IntoResponses for ParameterErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(400, "A parameter is missing or invalid; `detail` has its name, its value and the allowed values")])
    }
}

impl IntoResponses for BodyErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (400, "The body is invalid; `detail` names the field and the allowed values"),
            (413, "The body is larger than 64 KiB"),
            (415, "The body has the wrong media type"),
        ])
    }
}

impl IntoResponses for RateLimitErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(429, "Too many requests; `Retry-After` is the number of seconds to wait")])
    }
}

impl IntoResponses for ServerErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(500, "The server failed; its log has the cause")])
    }
}
