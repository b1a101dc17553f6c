//! What requests of this API are refused with, for their descriptions.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

use super::Exception;

/// Any route.
pub(super) struct OfAny;
/// A route that takes a form.
pub(super) struct OfForm;

/// A route that is asked too often, or for too much at once.
pub(super) struct OfTooMany;
/// A route that only takes what has ended.
pub(super) struct OfUnfinished;

fn exceptions(of: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    of.iter()
        .map(|(status, description)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Exception::name()))).build();
            let response = ResponseBuilder::new().description(*description).content("application/json", content);
            (status.to_string(), response.build().into())
        })
        .collect()
}

impl IntoResponses for OfAny {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[
            (401, "20003: no credentials, or such as are not good"),
            (
                403,
                "20006: the scopes do not cover this, or a session's from another origin; 20005: a suspended account",
            ),
            (404, "20404: nothing there, or somebody else's"),
            (500, "20500: an error of the server; its log says which"),
        ])
    }
}

impl IntoResponses for OfTooMany {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[(429, "20429: too many requests; `Retry-After` says when to come again")])
    }
}

impl IntoResponses for OfUnfinished {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[(409, "20009: it has not ended yet")])
    }
}

impl IntoResponses for OfForm {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[
            (400, "20001: a parameter is missing or not allowed; the message names it, what came and what is allowed"),
            (413, "20001: the body is larger than 64 KiB"),
        ])
    }
}
