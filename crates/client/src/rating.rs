//! What a rating token allows: to say that its leg was asked, and to rate it.

use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{JSON, Reflect, encode_uri_component};
use ringback_api::{RatingForm, Revision};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestCredentials, UrlSearchParams};

/// A request that takes longer has failed: a person is waiting.
const TIMEOUT_MS: u32 = 20_000;

/// How often a form is sent before it gives way to others that are faster each time.
const TRIES: u32 = 3;

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
        /// The `message` of its error body, for developers; empty when there was none.
        message: String,
    },
    /// Each time, the server had something with a higher revision, and kept that.
    #[error("the server has {TRIES} times kept another rating with a higher revision")]
    Overtaken,
}

impl Error {
    /// Whether the token is not, or no longer, good for its call, so that trying again is of no use without another.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::BadToken(_) | Self::Refused { status: 401 | 403 | 404 | 410, .. })
    }
}

impl From<gloo_net::Error> for Error {
    fn from(error: gloo_net::Error) -> Self {
        // Its other kinds are not for requests like ours, and their words would have to be fetched too.
        Self::Network(if let gloo_net::Error::JsError(error) = error { error.message } else { String::new() })
    }
}

/// The leg that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    account: String,
    call: String,
    party: Option<String>,
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

    /// Stores the rating. When it returns `Ok`, it is on the server's disk.
    ///
    /// Where another form of the same person has reached a higher revision, this one's is raised above it: it is the
    /// newer choice. The form has the last revision that was tried, even if that failed: it may arrive yet, and what is
    /// chosen next must be above it.
    pub async fn submit(&self, form: &mut RatingForm) -> Result<(), Error> {
        for _ in 0..TRIES {
            let stored = self.rate(form).await?;
            match (&mut form.revision, stored) {
                (Some(sent), Some(stored)) if *sent < stored => *sent = stored.saturating_add(1),
                _ => return Ok(()),
            }
        }
        Err(Error::Overtaken)
    }

    /// Sends the form and gives the revision that the server then has; `None` if a proxy took the header away.
    async fn rate(&self, form: &RatingForm) -> Result<Option<Revision>, Error> {
        let body = UrlSearchParams::new().map_err(|_| Error::Network("this browser cannot write forms".to_owned()))?;
        for (name, value) in form.to_pairs() {
            body.append(name, &value);
        }
        let request = self.post("/2010-04-01/Accounts/", "/Calls/", "/Feedback.json");
        let response = answer(request.body(body)?.send().await).await?;
        // Read to its end, or the request would stay open until the garbage is collected.
        drop(response.text().await);
        Ok(response.headers().get("Ringback-Revision").and_then(|revision| revision.parse().ok()))
    }

    /// Says that the form was shown.
    pub async fn asked(&self) -> Result<(), Error> {
        answer(self.post("/v1/accounts/", "/calls/", "/asked").send().await).await.map(drop)
    }

    fn post(&self, accounts: &str, calls: &str, resource: &str) -> RequestBuilder {
        let mut url = self.endpoint.clone();
        url.push_str(accounts);
        url.push_str(&String::from(encode_uri_component(&self.leg.account)));
        url.push_str(calls);
        url.push_str(&String::from(encode_uri_component(&self.leg.call)));
        url.push_str(resource);
        let mut bearer = String::from("Bearer ");
        bearer.push_str(&self.token);
        Request::post(&url)
            .header("Authorization", &bearer)
            .credentials(RequestCredentials::Omit)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)))
    }
}

async fn answer(response: Result<Response, gloo_net::Error>) -> Result<Response, Error> {
    let response = response?;
    if response.ok() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    let message = JSON::parse(&body).ok().and_then(|json| text(&json, "message")).unwrap_or_default();
    Err(Error::Refused { status: response.status(), message })
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

fn text(object: &JsValue, key: &str) -> Option<String> {
    // `null` is JSON too, and has no properties to ask for.
    Reflect::get(object, &key.into()).ok()?.as_string().filter(|text| !text.is_empty())
}
