//! What a rating token allows: to say that its leg was asked, and to rate it.

use std::fmt;

use js_sys::{JSON, Object, Promise, Reflect, decode_uri_component, encode_uri_component, escape};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::delivery::{Boxed, spawn};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn atob(base64: &str) -> Result<String, JsValue>;
    fn fetch(url: &str, init: &Object) -> Promise;
}

const FEEDBACK: [&str; 3] = ["/2010-04-01/Accounts/", "/Calls/", "/Feedback.json"];

/// A request that takes longer has failed: a person is waiting.
pub(crate) const TIMEOUT_MS: u32 = 20_000;

/// Why a rating is not with the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The token is not one that Ringback minted, so nothing was sent.
    BadToken(&'static str),
    /// No answer came, so it is not known whether anything was stored; sending the same again is safe.
    Network(String),
    /// The server answered with something other than success, and stored nothing.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The `message` or `detail` of its error body, for developers; empty when there was none.
        message: String,
        /// `Retry-After`, when it is a number of seconds.
        retry_after: Option<u32>,
    },
    /// Each time, the server had something with a higher revision, and kept that.
    Overtaken,
}

/// What can be done about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The same again, later.
    Wait,
    /// The same with another token.
    Token,
    /// Nothing: the server has decided.
    Nothing,
}

impl Error {
    /// The error in words, for developers.
    #[must_use]
    pub fn message(&self) -> String {
        // Not by `Display`, whose machinery would be fetched with it.
        match self {
            Self::BadToken(fault) => ["the token ", fault].concat(),
            Self::Network(fault) => ["no answer from the server: ", fault].concat(),
            Self::Refused { status, message, .. } => {
                ["the server answered ", itoa::Buffer::new().format(*status), ": ", message].concat()
            }
            Self::Overtaken => String::from("the server has each time kept another rating with a higher revision"),
        }
    }

    /// What can be done about it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Refused { status: 401, .. } => Remedy::Token,
            Self::BadToken(_) | Self::Overtaken | Self::Refused { status: 400 | 403 | 410 | 413, .. } => {
                Remedy::Nothing
            }
            // Ringback says why; a proxy that has lost its server for a while does not.
            Self::Refused { status: 404, message, .. } if !message.is_empty() => Remedy::Nothing,
            Self::Refused { .. } | Self::Network(_) => Remedy::Wait,
        }
    }

    /// Whether the token is not, or no longer, good for its call.
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
    /// What the phone system calls the call.
    pub call: String,
    /// Which side of the call, where both share its id.
    pub party: Option<String>,
}

/// Rates the one leg that its token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingClient {
    endpoint: String,
    token: String,
    leg: Leg,
}

impl RatingClient {
    /// For a server, such as `https://ringback.example`, and a rating token, whose signature only the server can check.
    pub fn new(endpoint: &str, token: &str) -> Result<Self, Error> {
        let leg = leg(token)?;
        let mut endpoint = endpoint;
        while let Some(shorter) = endpoint.strip_suffix('/') {
            endpoint = shorter;
        }
        Ok(Self { endpoint: endpoint.to_owned(), token: token.to_owned(), leg })
    }

    /// What will be rated.
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

    /// Names the leg on its server, for as long as the browser keeps anything about it.
    pub(crate) fn key(&self) -> String {
        let Leg { account, call, party } = &self.leg;
        [&self.endpoint, account, call, party.as_deref().unwrap_or_default()].join("\n")
    }

    /// Sends the form and gives the revision that the server then has; `None` if a proxy took the header away.
    /// When it returns `Ok`, the server has acknowledged it.
    pub(crate) async fn rate(&self, form: &RatingForm) -> Result<Option<Revision>, Error> {
        Ok(stored(&self.post(FEEDBACK, encode(form)).await?))
    }

    /// Sends the form as the page goes away: nobody waits for the answer. The token is in the form, because a request
    /// with a header of ours would have to ask the server of another origin first.
    pub(crate) fn rate_at_last(&self, form: &RatingForm) {
        let init = init([&encode(form), "&Token=", &self.token].concat(), &Object::new());
        set(&init, "keepalive", &JsValue::TRUE);
        let answer = JsFuture::from(fetch(&self.url(FEEDBACK), &init));
        // What becomes of it nobody will know, so that a failure must not be reported as unhandled either.
        spawn(Box::pin(async { drop(answer.await) }));
    }

    /// Says that the form was shown.
    pub(crate) fn asked(&self) -> Boxed<'_, Result<Response, Error>> {
        self.post(["/v1/accounts/", "/calls/", "/asked"], String::new())
    }

    /// Says that the person did not want to rate.
    pub(crate) fn dismissed(&self) -> Boxed<'_, Result<Response, Error>> {
        self.post(["/v1/accounts/", "/calls/", "/dismissed"], String::new())
    }

    fn url(&self, [accounts, calls, resource]: [&str; 3]) -> String {
        let account = String::from(encode_uri_component(&self.leg.account));
        let call = String::from(encode_uri_component(&self.leg.call));
        [&self.endpoint, accounts, &account, calls, &call, resource].concat()
    }

    fn post(&self, path: [&str; 3], body: String) -> Boxed<'_, Result<Response, Error>> {
        let headers = object(&[("Authorization", ["Bearer ", &self.token].concat().into())]);
        let init = init(body, &headers);
        set(&init, "signal", &AbortSignal::timeout_with_u32(TIMEOUT_MS));
        let answer = JsFuture::from(fetch(&self.url(path), &init));
        Box::pin(async move {
            let response: Response = answer.await.map_err(no_answer)?.unchecked_into();
            // Read to its end, or the request would stay open until the garbage is collected.
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

fn init(body: String, headers: &Object) -> Object {
    set(headers, "Content-Type", &"application/x-www-form-urlencoded".into());
    object(&[
        ("method", "POST".into()),
        ("headers", headers.into()),
        ("body", body.into()),
        ("credentials", "omit".into()),
    ])
}

pub(crate) fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        set(&object, name, value);
    }
    object
}

pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Cannot fail on an object of our own.
    drop(Reflect::set(object, &name.into(), value));
}

/// `undefined` where there is no such property, and where there can be none: `null` is JSON too.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string().filter(|text| !text.is_empty())
}

/// The revision that the server has, if this is its answer to a rating.
pub(crate) fn stored(response: &Response) -> Option<Revision> {
    header(response, "Ringback-Revision")
}

fn header(response: &Response, name: &str) -> Option<u32> {
    response.headers().get(name).ok().flatten().and_then(|value| value.parse().ok())
}

fn no_answer(error: JsValue) -> Error {
    Error::Network(text(&error, "message").unwrap_or_default())
}

/// The form as it is posted.
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

/// Reads which leg a token is for. What it says is used in the path only; the server believes the signature.
fn leg(token: &str) -> Result<Leg, Error> {
    // Anything else could not go into a header either.
    if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return Err(Error::BadToken("has characters that no JWT has"));
    }
    let mut dots = token.bytes().enumerate().filter(|(_, b)| *b == b'.').map(|(at, _)| at);
    let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
        return Err(Error::BadToken("is not a JWT: it must have three parts"));
    };
    let payload = token.get(first + 1..second).unwrap_or_default();
    let claims = json(payload).ok_or(Error::BadToken("has a payload that is not JSON"))?;
    Ok(Leg {
        account: text(&claims, "sub").ok_or(Error::BadToken("names no account"))?,
        call: text(&claims, "call").ok_or(Error::BadToken("names no call"))?,
        party: text(&claims, "party"),
    })
}

/// Decodes base64url and JSON with what the browser has: this is fetched for each softphone tab.
fn json(base64url: &str) -> Option<JsValue> {
    let base64: String = base64url
        .chars()
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    let bytes = atob(&base64).ok()?;
    // `escape` makes `%xx` of a byte, which the other takes for UTF-8.
    let text = decode_uri_component(&String::from(escape(&bytes))).ok()?;
    JSON::parse(&String::from(text)).ok()
}
