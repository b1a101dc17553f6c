//! What requests of this API are refused with, for their descriptions.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

use super::Exception;

/// Any route.
pub(super) struct OfAny;
/// A route that takes a form.
pub(super) struct OfForm;

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

impl IntoResponses for OfForm {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        exceptions(&[
            (400, "20001: a parameter is missing or not allowed; the message names it, what came and what is allowed"),
            (413, "20001: the body is larger than 64 KiB"),
        ])
    }
}
