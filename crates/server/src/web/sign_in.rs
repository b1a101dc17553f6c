use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::html;

use super::hosted;
use super::pages::message;
use crate::app::App;
use crate::auth::session;

/// `GET /sign-in/{code}`: the link that the server prints; works once.
pub(super) async fn redeem(State(app): State<App>, Path(code): Path<String>) -> Response {
    match session::redeem_code(&app, &code).await {
        Ok(Some(cookie)) => (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/")).into_response(),
        Ok(None) => {
            let text = html! {
                "It works once, and for a day. " a href="/" { "Sign in with an AccountSid or an API key" } " instead."
            };
            hosted::answer(StatusCode::GONE, &message("This link does not sign in any more", &text), "'none'")
        }
        Err(error) => {
            tracing::error!(%error, "a sign-in link failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Signing in failed; the log says why.\n").into_response()
        }
    }
}
