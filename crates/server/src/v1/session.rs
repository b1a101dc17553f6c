//! `/v1/session`: the dashboard's session.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use jiff::tz::TimeZone;
use ringback_api::{Session, SignIn};

use super::extract::JsonBody;
use super::problem::Problem;
use super::{problem_responses, tag};
use crate::app::App;
use crate::auth::session::{self, SessionError};
use crate::auth::{self, AuthError, Principal, Reason, RequestHead, Scopes};
use crate::store::Account;

/// Show the session
#[utoipa::path(
    get, path = "/session", tag = tag::SESSION, operation_id = "fetchSession",
    responses(
        (status = OK, body = Session, description = "The account"),
        (status = UNAUTHORIZED, body = Problem, content_type = "application/problem+json", description = "The request has no valid session"),
        problem_responses::ServerErrors,
    ),
    security(("session" = []), ("basic" = [])),
)]
pub(super) async fn show(State(app): State<App>, head: RequestHead) -> Result<Json<Session>, Problem> {
    match auth::authenticate(&app, &head, None).await? {
        Principal::Account { account, scopes } => Ok(Json(view(&app, account, scopes))),
        Principal::Party(_) => Err(AuthError::from(Reason::NoSession).into()),
    }
}

/// Sign in
///
/// Takes an AccountSid with its AuthToken, or an API key with the scope `read`. The session lasts 12 hours.
#[utoipa::path(
    post, path = "/session", tag = tag::SESSION, operation_id = "signIn",
    request_body = SignIn,
    responses(
        (
            status = OK, body = Session, description = "The account",
            headers(("Set-Cookie" = String, description = "The session's cookie")),
        ),
        (
            status = UNAUTHORIZED, body = Problem, content_type = "application/problem+json",
            description = "The credentials are wrong",
        ),
        (
            status = FORBIDDEN, body = Problem, content_type = "application/problem+json",
            description = "The credentials lack the scope `read`",
        ),
        problem_responses::BodyErrors,
        problem_responses::RateLimitErrors,
        problem_responses::ServerErrors,
    ),
    security(()),
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    JsonBody(sign_in): JsonBody<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let (account, scopes, cookie) = session::start(&app, &sign_in).await?;
    Ok((jar.add(cookie), Json(view(&app, account, scopes))))
}

/// Sign out
///
/// Succeeds without a session, too.
#[utoipa::path(
    delete, path = "/session", tag = tag::SESSION, operation_id = "signOut",
    responses(
        (
            status = NO_CONTENT, description = "The session has ended",
            headers(("Set-Cookie" = String, description = "Deletes the cookie")),
        ),
        problem_responses::ServerErrors,
    ),
    security(("session" = []), ()),
)]
pub(super) async fn sign_out(State(app): State<App>, jar: CookieJar) -> Result<impl IntoResponse, Problem> {
    let cookie = session::end(&app, &jar).await?;
    Ok((StatusCode::NO_CONTENT, jar.add(cookie)))
}

fn view(app: &App, account: Account, scopes: Scopes) -> Session {
    // Falls back to UTC for a time zone that this build does not know.
    let zone = TimeZone::get(&account.time_zone).unwrap_or(TimeZone::UTC);
    let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
    let today = app.clock.now().to_zoned(zone).date();
    Session { account_sid: account.sid, account_name: account.name, scopes, time_zone, today }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Auth(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}
