//! What requests of `/v1` are refused with, for their descriptions.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

use super::Problem;

/// Any route below an account.
pub(super) struct OfAccount;
/// A route that takes parameters.
pub(super) struct OfParameters;
/// A route that takes a body.
pub(super) struct OfBody;
/// A route that may be asked too often.
pub(super) struct OfTooMany;
/// Any route.
pub(super) struct OfServer;

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

impl IntoResponses for OfAccount {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = problems(&[
            (401, "No credentials, or such as are not good"),
            (403, "The scopes do not cover this, a session's from another origin, or a suspended account"),
            (404, "Nothing there, or somebody else's"),
        ]);
        responses.extend(OfServer::responses());
        responses
    }
}

impl IntoResponses for OfParameters {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(400, "A parameter is missing or not allowed; `detail` names it, what came and what is allowed")])
    }
}

impl IntoResponses for OfBody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (400, "The body is not as described; `detail` names the field and what is allowed"),
            (413, "The body is larger than 64 KiB"),
            (415, "The body is of another type"),
        ])
    }
}

impl IntoResponses for OfTooMany {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(429, "Too many requests; `Retry-After` says in how many seconds to come again")])
    }
}

impl IntoResponses for OfServer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[(500, "An error of the server; its log says which")])
    }
}
