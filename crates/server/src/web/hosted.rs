//! Hosted pages with the widget: one for links in messages, and one for frames.

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
        .route("/r/{code}", get(rating_page))
        .route("/frame/{account}", get(frame_page))
        .route("/pages.css", file("text/css; charset=utf-8", STYLE))
        .route("/frame.js", file("text/javascript; charset=utf-8", include_str!("frame.js")))
}

/// `GET /r/{code}`: the page of a rating link.
async fn rating_page(State(app): State<App>, Path(code): Path<String>) -> Response {
    match rating_link::token(&app, &code).await {
        Ok(Some(token)) => {
            let form = html! { ringback-rating token=(token) {} };
            respond(StatusCode::OK, &page("How was your call?", &[WIDGET], &form), "'none'")
        }
        Ok(None) => {
            let text = html! { "The link has expired, or it was not copied completely." };
            respond(StatusCode::GONE, &message("This link no longer works", &text), "'none'")
        }
        Err(error) => internal_error(&error),
    }
}

/// `GET /frame/{AC}`: the page for frames. The account's `allowed_origins` restrict the pages that may embed it.
async fn frame_page(State(app): State<App>, Path(account): Path<String>) -> Response {
    let account = match account.parse::<AccountSid>() {
        Ok(sid) => app.store.account(sid).await,
        Err(_) => Ok(None),
    };
    match account {
        Ok(Some(account)) => {
            // Only frames sample: they are shown after each call, but a visitor who opens a link wants to rate.
            let sample = (account.sample != Sample::ALL).then_some(account.sample);
            let form = html! { ringback-rating sample=[sample] {} };
            respond(
                StatusCode::OK,
                &page("How was your call?", &[WIDGET, "/frame.js"], &form),
                &frame_ancestors(&account),
            )
        }
        Ok(None) => {
            let text = html! { "The address of the frame must end in the AccountSid of an account on this server." };
            respond(StatusCode::NOT_FOUND, &message("Account not found", &text), "*")
        }
        Err(error) => internal_error(&error),
    }
}

fn frame_ancestors(account: &Account) -> String {
    let origins: Vec<_> = account.allowed_origins.iter().map(ToString::to_string).collect();
    if origins.is_empty() { "*".to_owned() } else { origins.join(" ") }
}

fn internal_error(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "cannot show a hosted page");
    let text = html! { "The server could not show this page. Please try again later." };
    respond(StatusCode::INTERNAL_SERVER_ERROR, &message("Something went wrong", &text), "'none'")
}

pub(super) fn respond(status: StatusCode, page: &Markup, ancestors: &str) -> Response {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    );
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    // The page of a rating link contains a token.
    set(header::CACHE_CONTROL, "no-store");
    set(header::REFERRER_POLICY, "no-referrer");
    match HeaderValue::try_from(policy) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(error) => return internal_error(&error),
    };
    (status, headers, page.clone().into_string()).into_response()
}
