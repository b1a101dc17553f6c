//! The OpenAPI document of both APIs, generated from the annotations of the handlers.
//!
//! `#[utoipa::path(…)]` above a handler describes its route; `.routes(routes!(…))` adds it to a router. Common error
//! responses are in `v1::problem_responses` and `twilio::exception_responses`. Wire types derive `ToSchema`, or have a
//! schema in `ringback_api`'s `openapi.rs`.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::auth::session;
use crate::{twilio, v1};

/// The parts of the document that no route adds.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ringback",
        description = "Ratings of phone calls. `/2010-04-01` is the retired Twilio Call Feedback and Call Feedback Summary \
                       API, `/v1` our own.\n\nA resource of another account yields 404, and so does a call that the \
                       rating token does not name: a response never reveals that they exist.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = twilio::tag::JSON, description = "The API of Twilio's clients. Paths that end in `.json` return JSON."),
        (name = v1::tag::CALLS, description = "Calls, their ratings, and who was asked."),
        (name = v1::tag::TOKENS, description = "A browser gets a rating token instead of a secret. It permits rating one leg of one call."),
        (name = v1::tag::STATISTICS, description = "Counts by the days and hours of a time zone."),
        (name = v1::tag::ACCOUNT, description = "Settings, subaccounts and API keys, and the erasure of callers."),
        (name = v1::tag::SUMMARIES, description = "Feedback summaries and their figures."),
        (name = v1::tag::CALLBACKS, description = "The requests to the StatusCallback URLs of summaries."),
        (name = v1::tag::SESSION, description = "Signing a browser in to the dashboard."),
        (name = twilio::tag::XML, description = "The same resources under other paths. With `.xml` the response is XML; \
                                                without an extension it is XML unless `Accept` prefers JSON."),
    ),
    components(schemas(v1::Problem, twilio::Exception)),
    modifiers(&Security),
)]
struct Document;

/// The security schemes that routes refer to.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(
            "An AccountSid with its AuthToken, or an API key's sid with its secret. Both also give access to subaccounts.",
        ));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
            "A rating token. It permits reading and writing the feedback of one leg. A form may carry it in the field `Token`.",
        ));
        let session = ApiKeyValue::with_description(
            session::COOKIE,
            "The session of a signed-in browser. Requests that change data must come from the server's own origin.",
        );
        let schemes = &mut document.components.get_or_insert_default().security_schemes;
        schemes.insert("basic".into(), SecurityScheme::Http(basic.build()).into());
        schemes.insert("ratingToken".into(), SecurityScheme::Http(token.build()).into());
        schemes.insert("session".into(), SecurityScheme::ApiKey(ApiKey::Cookie(session)).into());
    }
}

/// The routes of both APIs with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(twilio::router()).merge(v1::router())
}

/// The OpenAPI document of both APIs.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}
