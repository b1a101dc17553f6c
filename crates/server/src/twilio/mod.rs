//! The 2010-04-01 API: only this module knows its names, error codes and XML.

pub(crate) mod callback_message;
mod date;
mod error;
mod exception;
mod exception_responses;
mod extract;
mod feedback;
mod feedback_summary;
mod response;
mod signature;
mod summary_body;
pub(crate) mod tag;
mod xml;

use axum::extract::{DefaultBodyLimit, OriginalUri};
use axum::http::Method;
use axum::routing::any;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, RefOr};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::App;
use crate::body::MAX_BODY_BYTES;
use crate::{cors, fallback};
use error::Error;
pub(crate) use exception::Exception;
#[cfg(fuzzing)]
pub(crate) use response::exception_xml;

/// Builds the routes below `/2010-04-01`.
pub(crate) fn router() -> OpenApiRouter<App> {
    let feedback = represented(routes!(feedback::show, feedback::rate));
    let summaries = represented(routes!(feedback_summary::create))
        .merge(represented(routes!(feedback_summary::show, feedback_summary::delete)));
    let not_allowed = || async { Error::MethodNotAllowed };
    // Inside the CORS layer, which handles OPTIONS.
    let feedback = fallback::method_not_allowed(feedback, not_allowed);
    let known = cors::allow_tokens(feedback, [Method::GET, Method::POST])
        .merge(fallback::method_not_allowed(summaries, not_allowed));
    let unknown = |uri: OriginalUri| async move { Error::NotFound(uri.0) };
    OpenApiRouter::new()
        .nest("/2010-04-01", known.fallback(unknown))
        .route("/2010-04-01/", any(unknown))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(axum::middleware::from_fn(response::render))
}

/// Adds routes whose annotations end in `.json`, and the same routes with `.xml` and without an extension.
fn represented((schemas, paths, methods): UtoipaMethodRouter<App>) -> OpenApiRouter<App> {
    let mut router = OpenApiRouter::new();
    for (path, item) in paths.paths {
        let plain = path.trim_end_matches(".json");
        // If a path ends in a parameter, the parameter contains the extension.
        let extensions: &[&str] = if plain.ends_with('}') { &[""] } else { &["", ".json", ".xml"] };
        for extension in extensions {
            router = router.route(&format!("{plain}{extension}"), methods.clone());
        }
        let described = &mut router.get_openapi_mut().paths.paths;
        described.insert(format!("{plain}.xml"), in_format(&item, "Xml", &["application/xml"]));
        described.insert(plain.to_owned(), in_format(&item, "AsAccepted", &["application/xml", "application/json"]));
        described.insert(path, item);
    }
    router.get_openapi_mut().components.get_or_insert_default().schemas.extend(schemas);
    router
}

/// Returns the description of the same routes with responses in other formats.
fn in_format(item: &PathItem, suffix: &str, media_types: &[&str]) -> PathItem {
    let mut item = item.clone();
    for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
        let Operation { tags, operation_id, responses, .. } = operation;
        *tags = Some(vec![tag::XML.to_owned()]);
        operation_id.get_or_insert_default().push_str(suffix);
        for response in responses.responses.values_mut() {
            let RefOr::T(response) = response else { continue };
            let Some(json) = response.content.swap_remove("application/json") else { continue };
            for media_type in media_types {
                let content = if *media_type == "application/json" { json.clone() } else { Content::default().into() };
                response.content.insert((*media_type).to_owned(), content);
            }
        }
    }
    item
}
