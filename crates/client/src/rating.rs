//! The HTTP client of a rating token, which can rate its leg and report that the form was shown or dismissed.

use std::fmt;

use js_sys::{Date, JSON, JsString, Object, Promise, decode_uri_component, encode_uri_component, escape};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::clock;
use crate::js::{get, object, set, text};
use crate::task::{BoxedFuture, spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn atob(base64: &JsString) -> Result<String, JsValue>;
    fn fetch(url: &str, init: &Object) -> Promise;
    #[wasm_bindgen(js_name = URLSearchParams)]
    type UrlSearchParams;
    #[wasm_bindgen(constructor, js_class = "URLSearchParams")]
    fn new() -> UrlSearchParams;
    #[wasm_bindgen(method)]
    fn append(this: &UrlSearchParams, name: &str, value: &str);
}

const FEEDBACK: [&str; 3] = ["/2010-04-01/Accounts/", "/Calls/", "/Feedback.json"];

/// Short, because a user is waiting.
pub(crate) const TIMEOUT_MS: u32 = 20_000;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The token is malformed, so nothing was sent.
    BadToken(&'static str),
    /// No response of Ringback came. The server may have stored the rating; sending it again is safe.
    Network(String),
    /// Ringback answered with an error and stored nothing, or another server answered with a status from 429.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The `message` or `detail` of the error body, for developers. Empty if there was none.
        message: String,
        /// `Retry-After`, if it is a number of seconds.
        retry_after: Option<u32>,
        /// Whether the reason is that the token has expired.
        expired: bool,
    },
    /// On each try, the server had a higher revision and kept that.
    Overtaken,
}

/// The remedy for an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Send the same again, later.
    Wait,
    /// Send the same with another token.
    Token,
    /// None: the error is final.
    Nothing,
}

impl Error {
    /// Describes the error for developers, in the words of the server or browser if they gave any.
    #[must_use]
    pub fn message(&self) -> String {
        // Not by `Display`, because its code would be downloaded with the widget.
        match self {
            Self::BadToken(fault) => ["the token ", fault].concat(),
            Self::Network(message) | Self::Refused { message, .. } => message.clone(),
            Self::Overtaken => String::from("another device changes the rating at the same time"),
        }
    }

    /// The remedy for this error.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Refused { status: 401, .. } => Remedy::Token,
            Self::BadToken(_) | Self::Overtaken | Self::Refused { status: 400 | 403 | 404 | 410 | 413, .. } => {
                Remedy::Nothing
            }
            Self::Refused { .. } | Self::Network(_) => Remedy::Wait,
        }
    }

    /// Whether the rating will be sent without another action than the host's: later, or with the token that the host gets
    /// when the present one has expired. A token with a mistake may never be replaced.
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.is_expired() || self.remedy() == Remedy::Wait
    }

    /// Whether the reason is that the token has expired.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { expired: true, .. })
    }

    /// Whether the token is not valid for its call, or no longer.
    #[must_use]
    pub fn is_about_token(&self) -> bool {
        match self {
            Self::BadToken(_) | Self::Refused { status: 401 | 403 | 404 | 410, .. } => true,
            Self::Network(_) | Self::Overtaken | Self::Refused { .. } => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

/// The leg that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The AccountSid.
    pub account: String,
    /// The phone system's id of the call.
    pub call: String,
    /// The party, where both sides of the call share its id.
    pub party: Option<String>,
}

/// A client for the leg that its token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingClient {
    endpoint: String,
    token: String,
    leg: Leg,
}

impl RatingClient {
    /// Creates a client for a server, such as `https://ringback.example`. Reads the token without checking its
    /// signature.
    pub fn new(endpoint: &str, token: &str) -> Result<Self, Error> {
        let leg = parse_leg(token)?;
        let mut endpoint = endpoint;
        while let Some(shorter) = endpoint.strip_suffix('/') {
            endpoint = shorter;
        }
        Ok(Self { endpoint: endpoint.to_owned(), token: token.to_owned(), leg })
    }

    /// The leg that the token names.
    #[must_use]
    pub const fn leg(&self) -> &Leg {
        &self.leg
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The key of the leg in the outbox.
    pub(crate) fn key(&self) -> String {
        let Leg { account, call, party } = &self.leg;
        let party = party.as_deref().unwrap_or_default();
        [&self.endpoint, "\n", account, "\n", call, "\n", party].concat()
    }

    /// Sends the form. `Ok` means that Ringback has acknowledged it, and holds the revision that the server now has. A
    /// captive portal, a service worker or a proxy's sign-in page may answer with 200 as well.
    pub(crate) async fn rate(&self, form: &RatingForm) -> Result<Revision, Error> {
        let (response, body) = self.post(FEEDBACK, &encode(form)).await?;
        header(&response, "Ringback-Revision")
            .filter(|&stored| stored >= form.revision.unwrap_or_default())
            .filter(|_| text(&body, "account_sid").as_deref() == Some(&self.leg.account))
            .ok_or_else(not_ringback)
    }

    /// Sends the form while the page is unloaded, without waiting for the response. The token is in the form, because
    /// an `Authorization` header would require a preflight request to another origin.
    pub(crate) fn rate_on_unload(&self, form: &RatingForm) {
        let body = encode(form);
        body.append("Token", &self.token);
        let init = request_init(&body, &Object::new());
        set(&init, "keepalive", &JsValue::TRUE);
        let response = JsFuture::from(fetch(&self.url(FEEDBACK), &init));
        // Awaited only so that the browser does not report a failure as an unhandled rejection.
        spawn(Box::pin(async { drop(response.await) }));
    }

    /// Reports that the form was shown.
    pub(crate) fn report_asked(&self) -> BoxedFuture<'_, Result<(Response, JsValue), Error>> {
        self.post(["/v1/accounts/", "/calls/", "/asked"], &JsValue::UNDEFINED)
    }

    /// Reports that the user does not want to rate.
    pub(crate) fn report_dismissed(&self) -> BoxedFuture<'_, Result<(Response, JsValue), Error>> {
        self.post(["/v1/accounts/", "/calls/", "/dismissed"], &JsValue::UNDEFINED)
    }

    fn url(&self, [accounts, calls, resource]: [&str; 3]) -> String {
        let account = String::from(encode_uri_component(&self.leg.account));
        let call = String::from(encode_uri_component(&self.leg.call));
        [&self.endpoint, accounts, &account, calls, &call, resource].concat()
    }

    /// Posts a request. Returns the response and its JSON, or `undefined` in place of a body that is none.
    fn post(&self, path: [&str; 3], body: &JsValue) -> BoxedFuture<'_, Result<(Response, JsValue), Error>> {
        let headers = object(&[("Authorization", ["Bearer ", &self.token].concat().into())]);
        let init = request_init(body, &headers);
        set(&init, "signal", &AbortSignal::timeout_with_u32(TIMEOUT_MS));
        let response = JsFuture::from(fetch(&self.url(path), &init));
        Box::pin(async move {
            let response: Response = response.await.map_err(network_error)?.unchecked_into();
            // Read to the end, because otherwise the request would stay open until garbage collection.
            let json = match response.json() {
                Ok(json) => JsFuture::from(json).await.unwrap_or_default(),
                Err(_) => JsValue::UNDEFINED,
            };
            let status = response.status();
            let is_own = get(&json, "status").as_f64() == Some(status.into());
            if let Ok(Some(date)) = response.headers().get("Date") {
                clock::observe(Date::parse(&date));
            }
            if response.ok() {
                return Ok((response, json));
            }
            let message = text(&json, "message").or_else(|| text(&json, "detail")).unwrap_or_default();
            Err(match status {
                // Any server on the way may say that it is busy, but not that a rating is refused.
                ..429 if !is_own => not_ringback(),
                _ => Error::Refused {
                    status,
                    message,
                    retry_after: header(&response, "Retry-After"),
                    expired: is_expired(&json),
                },
            })
        })
    }
}

fn request_init(body: &JsValue, headers: &Object) -> Object {
    object(&[
        ("method", "POST".into()),
        ("headers", headers.into()),
        ("body", body.clone()),
        ("credentials", "omit".into()),
        ("redirect", "error".into()),
    ])
}

/// Whether an error body says that the token has expired: of the 2010-04-01 API by its code, of our own API by its type.
fn is_expired(json: &JsValue) -> bool {
    get(json, "code").as_f64() == Some(20104.0) || text(json, "type").as_deref() == Some("/problems/expired-token")
}

fn not_ringback() -> Error {
    Error::Network(String::from("the response is not Ringback’s"))
}

/// Reads a header that is a whole number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number out of range becomes the nearest `u32`"
)]
fn header(response: &Response, name: &str) -> Option<u32> {
    let value = JsValue::from_str(&response.headers().get(name).ok()??);
    Some(value.unchecked_into_f64()).filter(|number| *number >= 0.0).map(|number| number as u32)
}

fn network_error(error: JsValue) -> Error {
    Error::Network(text(&error, "message").unwrap_or_default())
}

/// Encodes the form as a request body.
fn encode(form: &RatingForm) -> UrlSearchParams {
    let body = UrlSearchParams::new();
    form.encode(|name, value| body.append(name, value));
    body
}

/// Reads the leg from a token's payload. It is used for the path only; the server takes the leg from the signed token.
fn parse_leg(token: &str) -> Result<Leg, Error> {
    let parts = JsString::from(token).split(".");
    // Other characters might not be valid in a header.
    let is_jwt = token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !is_jwt || parts.length() != 3 {
        return Err(Error::BadToken("is not a JWT: three parts of letters, digits, - and _"));
    }
    let claims = decode_claims(parts.get(1).unchecked_into());
    let claims = claims.ok_or(Error::BadToken("has a payload that is not JSON"))?;
    Ok(Leg {
        account: text(&claims, "sub").ok_or(Error::BadToken("names no account"))?,
        call: text(&claims, "call").ok_or(Error::BadToken("names no call"))?,
        party: text(&claims, "party"),
    })
}

/// Decodes base64url and JSON with the browser's functions, which adds no code to the widget.
fn decode_claims(base64url: JsString) -> Option<JsValue> {
    let base64 = base64url.replace_all("-", "+").replace_all("_", "/");
    let bytes = atob(&base64).ok()?;
    // `escape` turns each byte into `%xx`, and `decodeURIComponent` decodes these as UTF-8.
    let text = decode_uri_component(&String::from(escape(&bytes))).ok()?;
    JSON::parse(&String::from(text)).ok()
}
