//! Hosted pages with the widget: one for links in messages, and one for frames.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use maud::{Markup, html};
use ringback_api::{AccountSid, Sample};

use super::assets::CROSS_ORIGIN;
use super::look::{Look, Theme};
use super::pages::{message, page};
use crate::app::App;
use crate::auth::rating_link;
use crate::store::Account;

/// The scripts of a page with the widget. Colours are set before the widget is defined.
const WIDGET: [&str; 2] = ["colors.js", "embed/ringback.js"];

pub(super) fn router() -> Router<App> {
    let script = |text: &'static str| file("text/javascript; charset=utf-8", text.to_owned());
    let router = Router::new()
        .route("/r/{code}", get(rating_page))
        .route("/frame/{account}", get(frame_page))
        .route("/colors.js", script(include_str!("colors.js")))
        .route("/frame.js", script(include_str!("frame.js")));
    Theme::ALL.into_iter().fold(router, |router, theme| {
        router.route(&format!("/{}", theme.file()), file("text/css; charset=utf-8", theme.style()))
    })
}

/// A file for hosted pages. A page in a sandboxed frame has no origin, so all its files are of another one.
fn file(content_type: &'static str, body: String) -> MethodRouter<App> {
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")];
    get(move || async move { (headers, CROSS_ORIGIN, body) })
}

/// `GET /r/{code}`: the page of a rating link.
async fn rating_page(State(app): State<App>, Path(code): Path<String>, look: Look) -> Response {
    match rating_link::token(&app, &code).await {
        Ok(Some(token)) => {
            let form = html! { ringback-rating token=(token) {} };
            respond(StatusCode::OK, look, &page(look, look.words.title, &WIDGET, None, &form), None)
        }
        Ok(None) => {
            let page = message(look, look.words.gone, &html! { (look.words.gone_text) });
            respond(StatusCode::GONE, look, &page, None)
        }
        Err(error) => internal_error(&error, look, None),
    }
}

/// `GET /frame/{AC}`: the page for frames. The account's `allowed_origins` restrict the pages that may embed it.
async fn frame_page(State(app): State<App>, Path(account): Path<String>, look: Look) -> Response {
    let account = match account.parse::<AccountSid>() {
        Ok(sid) => app.store.account(sid).await,
        Err(_) => Ok(None),
    };
    match account {
        Ok(Some(account)) => {
            // Only frames sample: they are shown after each call, but a visitor who opens a link wants to rate.
            let sample = (account.sample != Sample::ALL).then_some(account.sample);
            let form = html! { ringback-rating sample=[sample] {} };
            let scripts = [&WIDGET[..], &["frame.js"]].concat();
            let page = page(look, look.words.title, &scripts, Some("framed"), &form);
            respond(StatusCode::OK, look, &page, Some(&frame_ancestors(&account)))
        }
        Ok(None) => {
            let page = message(look, look.words.unknown, &html! { (look.words.unknown_text) });
            respond(StatusCode::NOT_FOUND, look, &page, Some("*"))
        }
        Err(error) => internal_error(&error, look, Some("*")),
    }
}

fn frame_ancestors(account: &Account) -> String {
    let origins: Vec<_> = account.allowed_origins.iter().map(ToString::to_string).collect();
    if origins.is_empty() { "*".to_owned() } else { origins.join(" ") }
}

fn internal_error(error: &(dyn std::error::Error + 'static), look: Look, ancestors: Option<&str>) -> Response {
    tracing::error!(error, "cannot show a hosted page");
    let page = message(look, look.words.failed, &html! { (look.words.failed_text) });
    respond(StatusCode::INTERNAL_SERVER_ERROR, look, &page, ancestors)
}

/// Responds with a page that the `ancestors` may frame, or nobody.
pub(super) fn respond(status: StatusCode, look: Look, page: &Markup, ancestors: Option<&str>) -> Response {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {}",
        ancestors.unwrap_or("'none'")
    );
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(header::CONTENT_LANGUAGE, look.words.lang);
    set(header::VARY, "accept-language");
    // The page of a rating link contains a token.
    set(header::CACHE_CONTROL, "no-store");
    set(header::REFERRER_POLICY, "no-referrer");
    if ancestors.is_some() {
        // A cross-origin isolated page frames only pages with these two headers.
        set(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
        set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    }
    match HeaderValue::try_from(policy) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(error) => {
            tracing::error!(%error, "a page has no valid policy");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    (status, headers, page.clone().into_string()).into_response()
}
