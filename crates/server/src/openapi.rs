//! The OpenAPI description of both APIs, put together from the annotations at the handlers.
//!
//! A handler says what it takes and answers in `#[utoipa::path(…)]` above it, and its router takes it with
//! `.routes(routes!(…))`. What most routes are refused with is in `v1::refusals` and `twilio::refusals`. Types of the
//! wire derive `ToSchema`; where their fields do not tell their shape, it is written in `ringback_api`'s `openapi.rs`.

use axum::handler::Handler;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::app::{self, App};
use crate::auth::session;
use crate::{twilio, v1};

/// What is said of the APIs as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ringback",
        description = "Ratings of phone calls: the retired Twilio Call Feedback and Call Feedback Summary API below \
                       `/2010-04-01`, and our own below `/v1`.\n\nWhat belongs to another account, or to another call \
                       than a rating token's, is answered with 404: nobody learns that it exists.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = twilio::TAG, description = "What Twilio's clients speak. The paths end in `.json` for JSON."),
        (name = v1::tag::CALLS, description = "Which calls took place, and who was asked to rate them."),
        (name = v1::tag::TOKENS, description = "What a browser gets instead of a secret: it may rate one leg of one call."),
        (name = v1::tag::STATISTICS, description = "What was counted, in days and hours of a time zone."),
        (name = v1::tag::ACCOUNT, description = "Settings of an account, and callers who are to be forgotten."),
        (name = v1::tag::SUMMARIES, description = "What summaries there are, and what they found."),
        (name = v1::tag::CALLBACKS, description = "What is told to the StatusCallbacks of summaries."),
        (name = v1::tag::SESSION, description = "Signing a browser in to the dashboard."),
        (name = twilio::XML_TAG, description = "The same resources with another ending of the path: `.xml` answers \
                                                with XML, none with XML unless `Accept` prefers JSON."),
    ),
    components(schemas(v1::Problem, twilio::Exception)),
    modifiers(&Security),
)]
struct Document;

/// Who may ask, as the routes refer to it.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(
            "An AccountSid and its AuthToken, which reach the account and its subaccounts, or an API key's sid and secret.",
        ));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
            "A rating token: it may read and write the feedback of one leg. A form may have it in the field `Token`.",
        ));
        let session = ApiKeyValue::with_description(
            session::COOKIE,
            "A browser that signed in. It may change things only from the server's own origin.",
        );
        let schemes = &mut document.components.get_or_insert_default().security_schemes;
        schemes.insert("basic".into(), SecurityScheme::Http(basic.build()).into());
        schemes.insert("ratingToken".into(), SecurityScheme::Http(token.build()).into());
        schemes.insert("session".into(), SecurityScheme::ApiKey(ApiKey::Cookie(session)).into());
    }
}

/// The description of every route of both APIs.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    app::apis().into_openapi()
}

/// A router without routes, which describes the APIs as a whole.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
}

/// Answers wrong verbs on the routes of a router, as `Router::method_not_allowed_fallback` does.
pub(crate) fn method_not_allowed_fallback<H, T>(router: OpenApiRouter<App>, handler: H) -> OpenApiRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    let (served, document) = router.split_for_parts();
    OpenApiRouter::with_openapi(document).merge(served.method_not_allowed_fallback(handler).into())
}
