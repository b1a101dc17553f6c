use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::words::{ENGLISH, Words};

/// The scheme that the address of a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    System,
    Light,
    Dark,
}

/// The language and the scheme of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) words: &'static Words,
    pub(super) theme: Theme,
}

/// The look of pages that are not for the visitors of hosts.
pub(super) static PLAIN: Look = Look { words: &ENGLISH, theme: Theme::System };

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let value = |wanted| form_urlencoded::parse(query).find(|(name, _)| name == wanted).map(|(_, value)| value);
        let theme = match value("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        Ok(Self { words: Words::choose(value("lang").as_deref(), &parts.headers), theme })
    }
}
