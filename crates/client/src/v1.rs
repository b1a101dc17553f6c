//! Our own API, as the dashboard speaks it: same origin, with the session's cookie.

use gloo_net::http::{Request, Response};
use jiff::civil::Date;
use ringback_api::{AccountSid, Session, SignIn, Stats, Step};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// 401: there is no session, it has ended, or what was typed to sign in is wrong.
    #[error("signed out")]
    SignedOut,
    /// The server answered, but not with what was asked for.
    #[error("{detail} (status {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why, for people: the problem's `detail`, else its `title`.
        detail: String,
    },
    /// No answer came.
    #[error("the server cannot be reached")]
    Network,
}

/// Who is signed in.
pub async fn session() -> Result<Session, Error> {
    read(answer(Request::get(SESSION).send().await).await?).await
}

/// Signs in; from then on the browser holds the cookie.
pub async fn sign_in(credentials: &SignIn) -> Result<Session, Error> {
    let request = Request::post(SESSION).json(credentials).map_err(|_| Error::Network)?;
    read(answer(request.send().await).await?).await
}

/// Ends the session.
pub async fn sign_out() -> Result<(), Error> {
    answer(Request::delete(SESSION).send().await).await.map(|_| ())
}

/// The figures of the days `from` to `to`, both inclusive, in `time_zone` (IANA), and their series in steps of `step`.
pub async fn stats(account: &AccountSid, from: Date, to: Date, step: Step, time_zone: &str) -> Result<Stats, Error> {
    let request = Request::get(&format!("/v1/accounts/{account}/stats")).query([
        ("from", from.to_string().as_str()),
        ("to", to.to_string().as_str()),
        ("step", step.as_str()),
        ("tz", time_zone),
    ]);
    read(answer(request.send().await).await?).await
}

const SESSION: &str = "/v1/session";

/// RFC 9457, as far as it is shown.
#[derive(Deserialize)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
}

async fn answer(sent: Result<Response, gloo_net::Error>) -> Result<Response, Error> {
    let response = sent.map_err(|_| Error::Network)?;
    if response.ok() {
        return Ok(response);
    }
    if response.status() == 401 {
        return Err(Error::SignedOut);
    }
    // Something in between, such as a proxy, may answer with what is no problem document.
    let problem = response.json().await.unwrap_or(Problem { title: None, detail: None });
    let detail = problem.detail.or(problem.title).unwrap_or_else(|| response.status_text());
    Err(Error::Refused { status: response.status(), detail })
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let unreadable = |_| Error::Refused { status: response.status(), detail: "The answer could not be read".into() };
    response.json().await.map_err(unreadable)
}
