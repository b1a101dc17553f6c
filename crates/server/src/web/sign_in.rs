use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};

use crate::app::App;
use crate::auth::session;

const USED: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>Ringback</title>\
    <h1>This link does not sign in any more</h1><p>It works once, and for a day. \
    <a href=\"/\">Sign in with an AccountSid or an API key</a> instead.</p></html>";

/// `GET /sign-in/{code}`: the link that the server prints; works once.
pub(super) async fn redeem(State(app): State<App>, Path(code): Path<String>) -> Response {
    match session::redeem_code(&app, &code).await {
        Ok(Some(cookie)) => (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/")).into_response(),
        Ok(None) => (StatusCode::GONE, Html(USED)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a sign-in link failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Signing in failed; the log says why.\n").into_response()
        }
    }
}
