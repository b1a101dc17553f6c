//! The client of the dashboard for the API under `/v1`, at the same origin and with the session's cookie.

mod json;

use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::JSON;
use ringback_api::{
    AccountPatch, AccountSid, AccountView, ApiKeyView, CallDetails, CallPage, CallSid, KeySid, KnownLabels,
    MintRequest, MintedToken, NewApiKeyRequest, NewSubaccount, Session, SignIn, Stats, SummaryDetails, SummaryPage,
    SummarySid,
};
use serde::Serialize;

use self::json::FromJson;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Status 401: there is no session, it has ended, or the credentials are wrong.
    #[error("signed out")]
    SignedOut,
    /// Status 429.
    #[error("too many requests")]
    TooMany {
        /// The seconds until the next request may succeed, if the server says.
        retry_after: Option<u32>,
    },
    /// The server answered with another error, or with something unreadable.
    #[error("{detail} (status {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason for the user: the problem's `detail`, or its `title`.
        detail: String,
    },
    /// No response came.
    #[error("the server cannot be reached")]
    Network,
}

/// Reads the session.
pub async fn session() -> Result<Session, Error> {
    read(check_status(Request::get(SESSION).send().await).await?).await
}

/// Signs in. The browser keeps the session's cookie.
pub async fn sign_in(credentials: &SignIn) -> Result<Session, Error> {
    read(send(Request::post(SESSION), credentials).await?).await
}

/// Ends the session.
pub async fn sign_out() -> Result<(), Error> {
    check_status(Request::delete(SESSION).send().await).await.map(|_| ())
}

/// Names and values of a query.
pub type Parameters = Vec<(&'static str, String)>;

/// Reads figures. The parameters are those of `GET /v1/accounts/{AC}/stats`.
pub async fn stats(account: &AccountSid, parameters: &Parameters) -> Result<Stats, Error> {
    get(&format!("/v1/accounts/{account}/stats"), parameters).await
}

/// Reads a page of calls. The parameters are those of `GET /v1/accounts/{AC}/feedback`.
pub async fn calls(account: &AccountSid, parameters: &Parameters) -> Result<CallPage, Error> {
    get(&format!("/v1/accounts/{account}/feedback"), parameters).await
}

/// Reads the labels that calls have. The parameters are those of `GET /v1/accounts/{AC}/labels`.
pub async fn labels(account: &AccountSid, parameters: &Parameters) -> Result<KnownLabels, Error> {
    get(&format!("/v1/accounts/{account}/labels"), parameters).await
}

/// Reads a call.
pub async fn call(account: &AccountSid, call: CallSid) -> Result<CallDetails, Error> {
    get(&format!("/v1/accounts/{account}/calls/{call}"), &Parameters::new()).await
}

/// Reads a page of summaries. The parameters are those of `GET /v1/accounts/{AC}/summaries`.
pub async fn summaries(account: &AccountSid, parameters: &Parameters) -> Result<SummaryPage, Error> {
    get(&format!("/v1/accounts/{account}/summaries"), parameters).await
}

/// Reads a summary.
pub async fn summary(account: &AccountSid, sid: SummarySid) -> Result<SummaryDetails, Error> {
    get(&format!("/v1/accounts/{account}/summaries/{sid}"), &Parameters::new()).await
}

/// The path of the 2010 API for creating summaries. Each summary has its own path below it.
#[must_use]
pub fn summaries_path(account: &AccountSid) -> String {
    format!("/2010-04-01/Accounts/{account}/Calls/FeedbackSummary")
}

/// Creates a summary. `form` is the encoded form of `POST …/FeedbackSummary`.
pub async fn create_summary(account: &AccountSid, form: String) -> Result<(), Error> {
    let request = Request::post(&format!("{}.json", summaries_path(account)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .map_err(|_| Error::Network)?;
    check_status(request.send().await).await.map(|_| ())
}

/// Deletes a summary that has ended.
pub async fn delete_summary(account: &AccountSid, sid: SummarySid) -> Result<(), Error> {
    let path = format!("{}/{sid}.json", summaries_path(account));
    check_status(Request::delete(&path).send().await).await.map(|_| ())
}

/// Reads an account and its settings.
pub async fn account(account: &AccountSid) -> Result<AccountView, Error> {
    get(&format!("/v1/accounts/{account}"), &Parameters::new()).await
}

/// Changes the settings of an account.
pub async fn update_account(account: &AccountSid, patch: &AccountPatch) -> Result<(), Error> {
    send(Request::patch(&format!("/v1/accounts/{account}")), patch).await.map(drop)
}

/// Reads the subaccounts, oldest first.
pub async fn subaccounts(account: &AccountSid) -> Result<Vec<AccountView>, Error> {
    get(&format!("/v1/accounts/{account}/subaccounts"), &Parameters::new()).await
}

/// Reads the API keys, oldest first, including revoked keys.
pub async fn api_keys(account: &AccountSid) -> Result<Vec<ApiKeyView>, Error> {
    get(&format!("/v1/accounts/{account}/api-keys"), &Parameters::new()).await
}

/// The credentials of a new subaccount or API key. The server does not return the secret again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AC…` or `SK…`.
    pub sid: String,
    /// The AuthToken, or the key's secret.
    pub secret: String,
}

/// Creates a subaccount.
pub async fn create_subaccount(account: &AccountSid, new: &NewSubaccount) -> Result<Credentials, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/subaccounts")), new).await?).await
}

/// Creates an API key.
pub async fn create_api_key(account: &AccountSid, new: &NewApiKeyRequest) -> Result<Credentials, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/api-keys")), new).await?).await
}

/// Revokes an API key.
pub async fn revoke_api_key(account: &AccountSid, key: KeySid) -> Result<(), Error> {
    check_status(Request::delete(&format!("/v1/accounts/{account}/api-keys/{key}")).send().await).await.map(drop)
}

/// Creates a rating token.
pub async fn mint(account: &AccountSid, request: &MintRequest) -> Result<MintedToken, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/rating-tokens")), request).await?).await
}

async fn send(request: RequestBuilder, body: &impl Serialize) -> Result<Response, Error> {
    let request = request.json(body).map_err(|_| Error::Network)?;
    check_status(request.send().await).await
}

async fn get<T: FromJson>(path: &str, parameters: &Parameters) -> Result<T, Error> {
    let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    read(check_status(Request::get(path).query(pairs).send().await).await?).await
}

const SESSION: &str = "/v1/session";

/// The reason in an error response: the `detail` or `title` of RFC 9457, or the `message` of the 2010 API.
struct Problem(String);

async fn check_status(sent: Result<Response, gloo_net::Error>) -> Result<Response, Error> {
    let response = sent.map_err(|_| Error::Network)?;
    if response.ok() {
        return Ok(response);
    }
    if response.status() == 401 {
        return Err(Error::SignedOut);
    }
    if response.status() == 429 {
        let retry_after = response.headers().get("retry-after").and_then(|seconds| seconds.parse().ok());
        return Err(Error::TooMany { retry_after });
    }
    // A proxy may answer without a problem document.
    let detail = json(&response).await.map_or_else(|| response.status_text(), |Problem(detail)| detail);
    Err(Error::Refused { status: response.status(), detail })
}

async fn read<T: FromJson>(response: Response) -> Result<T, Error> {
    let unreadable = || Error::Refused { status: response.status(), detail: "The response is unreadable".into() };
    json(&response).await.ok_or_else(unreadable)
}

async fn json<T: FromJson>(response: &Response) -> Option<T> {
    let text = response.text().await.ok()?;
    T::from_json(&JSON::parse(&text).ok()?)
}
