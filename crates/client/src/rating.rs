//! The HTTP client of a rating token, which can rate its leg and report that the form was shown or dismissed.

use std::fmt;

use js_sys::{JSON, Object, Promise, decode_uri_component, encode_uri_component, escape};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::js::{object, set, text};
use crate::task::{BoxedFuture, spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn atob(base64: &str) -> Result<String, JsValue>;
    fn fetch(url: &str, init: &Object) -> Promise;
}

const FEEDBACK: [&str; 3] = ["/2010-04-01/Accounts/", "/Calls/", "/Feedback.json"];

/// Short, because a user is waiting.
pub(crate) const TIMEOUT_MS: u32 = 20_000;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The token is malformed, so nothing was sent.
    BadToken(&'static str),
    /// No response came. The server may have stored the rating; sending it again is safe.
    Network(String),
    /// The server answered with an error status and stored nothing.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The `message` or `detail` of the error body, for developers. Empty if there was none.
        message: String,
        /// `Retry-After`, if it is a number of seconds.
        retry_after: Option<u32>,
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
    /// Describes the error for developers.
    #[must_use]
    pub fn message(&self) -> String {
        // Not by `Display`, because its code would be downloaded with the widget.
        match self {
            Self::BadToken(fault) => ["the token ", fault].concat(),
            Self::Network(fault) => ["no answer from the server: ", fault].concat(),
            Self::Refused { status, message, .. } => {
                ["the server answered ", itoa::Buffer::new().format(*status), ": ", message].concat()
            }
            Self::Overtaken => String::from("the server has each time kept another rating with a higher revision"),
        }
    }

    /// The remedy for this error.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Refused { status: 401, .. } => Remedy::Token,
            Self::BadToken(_) | Self::Overtaken | Self::Refused { status: 400 | 403 | 410 | 413, .. } => {
                Remedy::Nothing
            }
            // Ringback sends a message. A proxy that has lost its server for a while does not.
            Self::Refused { status: 404, message, .. } if !message.is_empty() => Remedy::Nothing,
            Self::Refused { .. } | Self::Network(_) => Remedy::Wait,
        }
    }

    /// Whether the token is not valid for its call, or no longer.
    #[must_use]
    pub fn is_about_token(&self) -> bool {
        match self {
            Self::BadToken(_) | Self::Refused { status: 401 | 403 | 410, .. } => true,
            Self::Refused { status, .. } => *status == 404 && self.remedy() == Remedy::Nothing,
            Self::Network(_) | Self::Overtaken => false,
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
        [&self.endpoint, account, call, party.as_deref().unwrap_or_default()].join("\n")
    }

    /// Sends the form. `Ok` means that the server has acknowledged it, and holds the revision that the server now has,
    /// or `None` if a proxy removed the header.
    pub(crate) async fn rate(&self, form: &RatingForm) -> Result<Option<Revision>, Error> {
        Ok(stored_revision(&self.post(FEEDBACK, encode(form)).await?))
    }

    /// Sends the form while the page is unloaded, without waiting for the response. The token is in the form, because
    /// an `Authorization` header would require a preflight request to another origin.
    pub(crate) fn rate_on_unload(&self, form: &RatingForm) {
        let init = request_init([&encode(form), "&Token=", &self.token].concat(), &Object::new());
        set(&init, "keepalive", &JsValue::TRUE);
        let response = JsFuture::from(fetch(&self.url(FEEDBACK), &init));
        // Awaited only so that the browser does not report a failure as an unhandled rejection.
        spawn(Box::pin(async { drop(response.await) }));
    }

    /// Reports that the form was shown.
    pub(crate) fn report_asked(&self) -> BoxedFuture<'_, Result<Response, Error>> {
        self.post(["/v1/accounts/", "/calls/", "/asked"], String::new())
    }

    /// Reports that the user does not want to rate.
    pub(crate) fn report_dismissed(&self) -> BoxedFuture<'_, Result<Response, Error>> {
        self.post(["/v1/accounts/", "/calls/", "/dismissed"], String::new())
    }

    fn url(&self, [accounts, calls, resource]: [&str; 3]) -> String {
        let account = String::from(encode_uri_component(&self.leg.account));
        let call = String::from(encode_uri_component(&self.leg.call));
        [&self.endpoint, accounts, &account, calls, &call, resource].concat()
    }

    fn post(&self, path: [&str; 3], body: String) -> BoxedFuture<'_, Result<Response, Error>> {
        let headers = object(&[("Authorization", ["Bearer ", &self.token].concat().into())]);
        let init = request_init(body, &headers);
        set(&init, "signal", &AbortSignal::timeout_with_u32(TIMEOUT_MS));
        let response = JsFuture::from(fetch(&self.url(path), &init));
        Box::pin(async move {
            let response: Response = response.await.map_err(network_error)?.unchecked_into();
            // Read to the end, because otherwise the request would stay open until garbage collection.
            let body = match response.text() {
                Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
                Err(_) => None,
            };
            if response.ok() {
                return Ok(response);
            }
            let json = body.and_then(|body| JSON::parse(&body).ok());
            let message = json.and_then(|json| text(&json, "message").or_else(|| text(&json, "detail")));
            Err(Error::Refused {
                status: response.status(),
                message: message.unwrap_or_default(),
                retry_after: header(&response, "Retry-After"),
            })
        })
    }
}

fn request_init(body: String, headers: &Object) -> Object {
    set(headers, "Content-Type", &"application/x-www-form-urlencoded".into());
    object(&[
        ("method", "POST".into()),
        ("headers", headers.into()),
        ("body", body.into()),
        ("credentials", "omit".into()),
    ])
}

/// The revision that the server has, if this is its response to a rating.
pub(crate) fn stored_revision(response: &Response) -> Option<Revision> {
    header(response, "Ringback-Revision")
}

fn header(response: &Response, name: &str) -> Option<u32> {
    response.headers().get(name).ok().flatten().and_then(|value| value.parse().ok())
}

fn network_error(error: JsValue) -> Error {
    Error::Network(text(&error, "message").unwrap_or_default())
}

/// Encodes the form as a request body.
fn encode(form: &RatingForm) -> String {
    let mut body = String::new();
    for (name, value) in form.to_pairs() {
        if !body.is_empty() {
            body.push('&');
        }
        body.push_str(name);
        body.push('=');
        body.push_str(&String::from(encode_uri_component(&value)));
    }
    body
}

/// Reads the leg from a token's payload. It is used for the path only; the server takes the leg from the signed token.
fn parse_leg(token: &str) -> Result<Leg, Error> {
    // Other characters might not be valid in a header.
    if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return Err(Error::BadToken("has characters that no JWT has"));
    }
    let mut dots = token.bytes().enumerate().filter(|(_, b)| *b == b'.').map(|(at, _)| at);
    let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
        return Err(Error::BadToken("is not a JWT: it must have three parts"));
    };
    let payload = token.get(first + 1..second).unwrap_or_default();
    let claims = decode_claims(payload).ok_or(Error::BadToken("has a payload that is not JSON"))?;
    Ok(Leg {
        account: text(&claims, "sub").ok_or(Error::BadToken("names no account"))?,
        call: text(&claims, "call").ok_or(Error::BadToken("names no call"))?,
        party: text(&claims, "party"),
    })
}

/// Decodes base64url and JSON with the browser's functions, which adds no code to the widget.
fn decode_claims(base64url: &str) -> Option<JsValue> {
    let base64: String = base64url
        .chars()
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    let bytes = atob(&base64).ok()?;
    // `escape` turns each byte into `%xx`, and `decodeURIComponent` decodes these as UTF-8.
    let text = decode_uri_component(&String::from(escape(&bytes))).ok()?;
    JSON::parse(&String::from(text)).ok()
}
