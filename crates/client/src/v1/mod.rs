//! Our own API, as the dashboard speaks it: same origin, with the session's cookie.

mod answer;

use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::JSON;
use ringback_api::{
    AccountPatch, AccountSid, AccountView, ApiKeyView, CallDetails, CallPage, CallSid, KeySid, KnownLabels,
    MintRequest, MintedToken, NewApiKeyRequest, NewSubaccount, Session, SignIn, Stats, SummaryDetails, SummaryPage,
    SummarySid,
};
use serde::Serialize;

use self::answer::Answer;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// 401: there is no session, it has ended, or what was typed to sign in is wrong.
    #[error("signed out")]
    SignedOut,
    /// 429.
    #[error("too many requests")]
    TooMany {
        /// In how many seconds to come again, if the server says.
        retry_after: Option<u32>,
    },
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
    read(send(Request::post(SESSION), credentials).await?).await
}

/// Ends the session.
pub async fn sign_out() -> Result<(), Error> {
    answer(Request::delete(SESSION).send().await).await.map(|_| ())
}

/// Names and values of a query.
pub type Parameters = Vec<(&'static str, String)>;

/// What was counted; the parameters are those of `GET /v1/accounts/{AC}/stats`.
pub async fn stats(account: &AccountSid, parameters: &Parameters) -> Result<Stats, Error> {
    get(&format!("/v1/accounts/{account}/stats"), parameters).await
}

/// A page of calls; the parameters are those of `GET /v1/accounts/{AC}/feedback`.
pub async fn calls(account: &AccountSid, parameters: &Parameters) -> Result<CallPage, Error> {
    get(&format!("/v1/accounts/{account}/feedback"), parameters).await
}

/// The labels that calls have; the parameters are those of `GET /v1/accounts/{AC}/labels`.
pub async fn labels(account: &AccountSid, parameters: &Parameters) -> Result<KnownLabels, Error> {
    get(&format!("/v1/accounts/{account}/labels"), parameters).await
}

/// One call.
pub async fn call(account: &AccountSid, call: CallSid) -> Result<CallDetails, Error> {
    get(&format!("/v1/accounts/{account}/calls/{call}"), &Parameters::new()).await
}

/// A page of summaries; the parameters are those of `GET /v1/accounts/{AC}/summaries`.
pub async fn summaries(account: &AccountSid, parameters: &Parameters) -> Result<SummaryPage, Error> {
    get(&format!("/v1/accounts/{account}/summaries"), parameters).await
}

/// One summary.
pub async fn summary(account: &AccountSid, sid: SummarySid) -> Result<SummaryDetails, Error> {
    get(&format!("/v1/accounts/{account}/summaries/{sid}"), &Parameters::new()).await
}

/// Where summaries are made, and below it where each is removed and read as the 2010 API shows it.
#[must_use]
pub fn summaries_path(account: &AccountSid) -> String {
    format!("/2010-04-01/Accounts/{account}/Calls/FeedbackSummary")
}

/// Has a summary made; `form` is that of `POST …/FeedbackSummary`, encoded.
pub async fn create_summary(account: &AccountSid, form: String) -> Result<(), Error> {
    let request = Request::post(&format!("{}.json", summaries_path(account)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .map_err(|_| Error::Network)?;
    answer(request.send().await).await.map(|_| ())
}

/// Removes a summary that has ended.
pub async fn delete_summary(account: &AccountSid, sid: SummarySid) -> Result<(), Error> {
    let path = format!("{}/{sid}.json", summaries_path(account));
    answer(Request::delete(&path).send().await).await.map(|_| ())
}

/// An account and its settings.
pub async fn account(account: &AccountSid) -> Result<AccountView, Error> {
    get(&format!("/v1/accounts/{account}"), &Parameters::new()).await
}

/// Changes settings.
pub async fn update_account(account: &AccountSid, patch: &AccountPatch) -> Result<(), Error> {
    send(Request::patch(&format!("/v1/accounts/{account}")), patch).await.map(drop)
}

/// The subaccounts, in the order in which they were created.
pub async fn subaccounts(account: &AccountSid) -> Result<Vec<AccountView>, Error> {
    get(&format!("/v1/accounts/{account}/subaccounts"), &Parameters::new()).await
}

/// The API keys, those that were revoked too, in the order in which they were created.
pub async fn api_keys(account: &AccountSid) -> Result<Vec<ApiKeyView>, Error> {
    get(&format!("/v1/accounts/{account}/api-keys"), &Parameters::new()).await
}

/// What opens something new; the secret is not shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// AC… or SK…
    pub sid: String,
    /// The AuthToken, or the key's secret.
    pub secret: String,
}

/// Makes a subaccount.
pub async fn create_subaccount(account: &AccountSid, new: &NewSubaccount) -> Result<Credentials, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/subaccounts")), new).await?).await
}

/// Makes an API key.
pub async fn create_api_key(account: &AccountSid, new: &NewApiKeyRequest) -> Result<Credentials, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/api-keys")), new).await?).await
}

/// Revokes an API key.
pub async fn revoke_api_key(account: &AccountSid, key: KeySid) -> Result<(), Error> {
    answer(Request::delete(&format!("/v1/accounts/{account}/api-keys/{key}")).send().await).await.map(drop)
}

/// Makes a rating token.
pub async fn mint(account: &AccountSid, request: &MintRequest) -> Result<MintedToken, Error> {
    read(send(Request::post(&format!("/v1/accounts/{account}/rating-tokens")), request).await?).await
}

async fn send(request: RequestBuilder, body: &impl Serialize) -> Result<Response, Error> {
    let request = request.json(body).map_err(|_| Error::Network)?;
    answer(request.send().await).await
}

async fn get<T: Answer>(path: &str, parameters: &Parameters) -> Result<T, Error> {
    let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    read(answer(Request::get(path).query(pairs).send().await).await?).await
}

const SESSION: &str = "/v1/session";

/// What went wrong, for people: RFC 9457's `detail`, else its `title`; an error of the 2010 API has a `message`.
struct Problem(String);

async fn answer(sent: Result<Response, gloo_net::Error>) -> Result<Response, Error> {
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
    // Something in between, such as a proxy, may answer with what is no problem document.
    let detail = json(&response).await.map_or_else(|| response.status_text(), |Problem(detail)| detail);
    Err(Error::Refused { status: response.status(), detail })
}

async fn read<T: Answer>(response: Response) -> Result<T, Error> {
    let unreadable = || Error::Refused { status: response.status(), detail: "The answer could not be read".into() };
    json(&response).await.ok_or_else(unreadable)
}

async fn json<T: Answer>(response: &Response) -> Option<T> {
    let text = response.text().await.ok()?;
    T::read(&JSON::parse(&text).ok()?)
}
