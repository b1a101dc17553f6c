use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use maud::html;

use super::hosted;
use super::look::PLAIN;
use super::pages::message;
use crate::app::App;
use crate::auth::session;

/// `GET /sign-in/{code}`: the one-time link that the server prints.
pub(super) async fn redeem(State(app): State<App>, jar: CookieJar, Path(code): Path<String>) -> Response {
    match session::redeem_code(&app, &code).await {
        Ok(Some(cookie)) => (jar.add(cookie), Redirect::to("/")).into_response(),
        Ok(None) => {
            let text = html! {
                "A sign-in link works once, within a day. " a href="../" { "Sign in with an AccountSid or an API key" } " instead."
            };
            let page = message(PLAIN, "This sign-in link no longer works", &text);
            hosted::respond(StatusCode::GONE, PLAIN, &page, None)
        }
        Err(error) => {
            tracing::error!(%error, "a sign-in link failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Sign-in failed; the log says why.\n").into_response()
        }
    }
}
