//! The widget on pages of our own: behind a link in a message, and in a frame.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use ringback_api::{AccountSid, Sample};

use super::pages::{STYLE, message, page};
use crate::app::App;
use crate::auth::rating_link;
use crate::store::Account;

const WIDGET: &str = "/embed/ringback.js";

pub(super) fn router() -> Router<App> {
    let file = |content_type: &'static str, body: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], body) })
    };
    Router::new()
        .route("/r/{code}", get(rate))
        .route("/frame/{account}", get(frame))
        .route("/pages.css", file("text/css; charset=utf-8", STYLE))
        .route("/frame.js", file("text/javascript; charset=utf-8", include_str!("frame.js")))
}

/// The page behind a link in a message.
async fn rate(State(app): State<App>, Path(code): Path<String>) -> Response {
    match rating_link::token(&app, &code).await {
        Ok(Some(token)) => {
            let form = html! { ringback-rating token=(token) {} };
            answer(StatusCode::OK, &page("How was your call?", &[WIDGET], &form), "'none'")
        }
        Ok(None) => {
            let text = html! { "A link to rate a call works for some days, and this one is over, or was not copied as a whole." };
            answer(StatusCode::GONE, &message("This link does not work any more", &text), "'none'")
        }
        Err(error) => failed(&error),
    }
}

/// The page for frames: who may be around it is what the account's settings say.
async fn frame(State(app): State<App>, Path(account): Path<String>) -> Response {
    let account = match account.parse::<AccountSid>() {
        Ok(sid) => app.store.account(sid).await,
        Err(_) => Ok(None),
    };
    match account {
        Ok(Some(account)) => {
            // Whoever opens a link wants to rate, but a frame is there after each call.
            let sample = (account.sample != Sample::ALL).then_some(account.sample);
            let form = html! { ringback-rating sample=[sample] {} };
            answer(StatusCode::OK, &page("How was your call?", &[WIDGET, "/frame.js"], &form), &ancestors(&account))
        }
        Ok(None) => {
            let text = html! { "The address of the frame ends in an AccountSid, and this one is not known here." };
            answer(StatusCode::NOT_FOUND, &message("There is no such account", &text), "*")
        }
        Err(error) => failed(&error),
    }
}

fn ancestors(account: &Account) -> String {
    let origins: Vec<_> = account.allowed_origins.iter().map(ToString::to_string).collect();
    if origins.is_empty() { "*".to_owned() } else { origins.join(" ") }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "a page failed");
    let text = html! { "This is a fault of the server. Please try again later." };
    answer(StatusCode::INTERNAL_SERVER_ERROR, &message("Something went wrong", &text), "'none'")
}

pub(super) fn answer(status: StatusCode, page: &Markup, ancestors: &str) -> Response {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    );
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    // The page of a link has a token in it.
    set(header::CACHE_CONTROL, "no-store");
    set(header::REFERRER_POLICY, "no-referrer");
    match HeaderValue::try_from(policy) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(error) => return failed(&error),
    };
    (status, headers, page.clone().into_string()).into_response()
}
