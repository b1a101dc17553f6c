//! What a rating token allows: to say that its leg was asked, and to rate it.

use js_sys::{JSON, Object, Reflect, encode_uri_component};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCredentials, RequestInit, Response, UrlSearchParams};

/// A request that takes longer has failed: a person is waiting.
pub(crate) const TIMEOUT_MS: u32 = 20_000;

/// Why a rating is not with the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The token is not one that Ringback minted, so nothing was sent.
    #[error("the token {0}")]
    BadToken(&'static str),
    /// No answer came, so it is not known whether anything was stored; sending the same again is safe.
    #[error("no answer from the server: {0}")]
    Network(String),
    /// The server answered with something other than success, and stored nothing.
    #[error("the server answered {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The `message` or `detail` of its error body, for developers; empty when there was none.
        message: String,
        /// `Retry-After`, when it is a number of seconds.
        retry_after: Option<u32>,
    },
    /// Each time, the server had something with a higher revision, and kept that.
    #[error("the server has each time kept another rating with a higher revision")]
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
        Ok(Self { endpoint: endpoint.trim_end_matches('/').to_owned(), token: token.to_owned(), leg })
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

    /// Sends the encoded form and gives the revision that the server then has; `None` if a proxy took the header away.
    /// When it returns `Ok`, the server has acknowledged it.
    pub(crate) async fn rate(&self, form: &str, revision: Revision) -> Result<Option<Revision>, Error> {
        let mut body = String::from(form);
        body.push_str("&Revision=");
        body.push_str(&revision.to_string());
        let response = self.post("/2010-04-01/Accounts/", "/Calls/", "/Feedback.json", &body).await?;
        Ok(header(&response, "Ringback-Revision"))
    }

    /// Sends the form as the page goes away: nobody waits for the answer. The token is in the form, because a request
    /// with a header of ours would have to ask the server of another origin first.
    pub(crate) fn rate_at_last(&self, form: &RatingForm) {
        let Some(body) = encode(form).zip(form.revision).map(|(mut body, revision)| {
            body.push_str("&Revision=");
            body.push_str(&revision.to_string());
            body.push_str("&Token=");
            body.push_str(&self.token);
            body
        }) else {
            return;
        };
        let init = init(&body, &Object::new());
        set(&init, "keepalive", &JsValue::TRUE);
        if let Some(window) = web_sys::window() {
            let url = self.url("/2010-04-01/Accounts/", "/Calls/", "/Feedback.json");
            // What becomes of it nobody will know, so that a failure must not be reported as unhandled either.
            wasm_bindgen_futures::spawn_local(async move {
                drop(JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await);
            });
        }
    }

    /// Says that the form was shown.
    pub(crate) async fn asked(&self) -> Result<(), Error> {
        self.post("/v1/accounts/", "/calls/", "/asked", "").await.map(drop)
    }

    /// Says that the person did not want to rate.
    pub(crate) async fn dismissed(&self) -> Result<(), Error> {
        self.post("/v1/accounts/", "/calls/", "/dismissed", "").await.map(drop)
    }

    fn url(&self, accounts: &str, calls: &str, resource: &str) -> String {
        let mut url = self.endpoint.clone();
        url.push_str(accounts);
        url.push_str(&String::from(encode_uri_component(&self.leg.account)));
        url.push_str(calls);
        url.push_str(&String::from(encode_uri_component(&self.leg.call)));
        url.push_str(resource);
        url
    }

    async fn post(&self, accounts: &str, calls: &str, resource: &str, body: &str) -> Result<Response, Error> {
        let headers = Object::new();
        let mut bearer = String::from("Bearer ");
        bearer.push_str(&self.token);
        set(&headers, "Authorization", &bearer.into());
        let init = init(body, &headers);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
        let window = web_sys::window().ok_or_else(|| Error::Network(String::new()))?;
        let url = self.url(accounts, calls, resource);
        let response = JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await.map_err(no_answer)?;
        let response: Response = response.unchecked_into();
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
    }
}

fn init(body: &str, headers: &Object) -> RequestInit {
    set(headers, "Content-Type", &"application/x-www-form-urlencoded".into());
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers);
    init.set_body(&body.into());
    init.set_credentials(RequestCredentials::Omit);
    init
}

pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    // Cannot fail on an object of our own.
    drop(Reflect::set(object, &key.into(), value));
}

fn header<T: std::str::FromStr>(response: &Response, name: &str) -> Option<T> {
    response.headers().get(name).ok().flatten().and_then(|value| value.parse().ok())
}

fn no_answer(error: JsValue) -> Error {
    Error::Network(text(&error, "message").unwrap_or_default())
}

/// The form as it is posted, but for its revision.
pub(crate) fn encode(form: &RatingForm) -> Option<String> {
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in form.to_pairs().into_iter().filter(|(name, _)| *name != "Revision") {
        body.append(name, &value);
    }
    Some(body.to_string().into())
}

/// Reads which leg a token is for. What it says is used in the path only; the server believes the signature.
fn leg(token: &str) -> Result<Leg, Error> {
    // Anything else could not go into a header either.
    if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return Err(Error::BadToken("has characters that no JWT has"));
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(Error::BadToken("is not a JWT: it must have three parts"));
    };
    let claims = json(payload).ok_or(Error::BadToken("has a payload that is not JSON"))?;
    Ok(Leg {
        account: text(&claims, "sub").ok_or(Error::BadToken("names no account"))?,
        call: text(&claims, "call").ok_or(Error::BadToken("names no call"))?,
        party: text(&claims, "party"),
    })
}

/// Decodes base64url and JSON with what the browser has: this is fetched for each softphone tab.
fn json(base64url: &str) -> Option<JsValue> {
    let base64 = base64url.replace('-', "+").replace('_', "/");
    let bytes: Vec<u8> = web_sys::window()?.atob(&base64).ok()?.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    JSON::parse(&String::from_utf8(bytes).ok()?).ok()
}

pub(crate) fn text(object: &JsValue, key: &str) -> Option<String> {
    // `null` is JSON too, and has no properties to ask for.
    Reflect::get(object, &key.into()).ok()?.as_string().filter(|text| !text.is_empty())
}
