//! `/v1/session`: who is signed in to the dashboard.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use jiff::tz::TimeZone;
use ringback_api::{Session, SignIn};

use super::problem::{Body, Problem};
use super::{refusals, tag};
use crate::app::App;
use crate::auth::session::{self, SessionError};
use crate::auth::{self, AuthError, Caller, Principal, Reason, Scopes};
use crate::store::Account;

/// Who is signed in
#[utoipa::path(
    get, path = "/session", tag = tag::SESSION, operation_id = "fetchSession",
    responses(
        (status = OK, body = Session, description = "The account"),
        (status = UNAUTHORIZED, body = Problem, content_type = "application/problem+json", description = "Nobody"),
        refusals::OfServer,
    ),
    security(("session" = []), ("basic" = [])),
)]
pub(super) async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Session>, Problem> {
    match auth::authenticate(&app, &caller, None).await? {
        Principal::Account { account, scopes } => Ok(Json(view(&app, account, scopes))),
        Principal::Party(_) => Err(AuthError::from(Reason::NoSession).into()),
    }
}

/// Sign in
///
/// With an AccountSid and its AuthToken, or an API key that may read; for 12 hours.
#[utoipa::path(
    post, path = "/session", tag = tag::SESSION, operation_id = "signIn",
    request_body = SignIn,
    responses(
        (
            status = OK, body = Session, description = "The account",
            headers(("Set-Cookie" = String, description = "The session")),
        ),
        (
            status = UNAUTHORIZED, body = Problem, content_type = "application/problem+json",
            description = "The credentials are not good",
        ),
        (
            status = FORBIDDEN, body = Problem, content_type = "application/problem+json",
            description = "The credentials may not read",
        ),
        refusals::OfBody,
        refusals::OfTooMany,
        refusals::OfServer,
    ),
    security(()),
)]
pub(super) async fn sign_in(State(app): State<App>, Body(sign_in): Body<SignIn>) -> Result<impl IntoResponse, Problem> {
    let (account, scopes, cookie) = session::start(&app, &sign_in).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(view(&app, account, scopes))))
}

/// Sign out
///
/// Also without a session.
#[utoipa::path(
    delete, path = "/session", tag = tag::SESSION, operation_id = "signOut",
    responses(
        (
            status = NO_CONTENT, description = "The session is over",
            headers(("Set-Cookie" = String, description = "Takes the cookie away")),
        ),
        refusals::OfServer,
    ),
    security(("session" = []), ()),
)]
pub(super) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    let cookie = session::end(&app, &headers).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

fn view(app: &App, account: Account, scopes: Scopes) -> Session {
    // A zone that this build does not know is shown as UTC rather than not at all.
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
