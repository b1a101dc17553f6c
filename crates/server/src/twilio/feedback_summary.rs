//! `/Accounts/{AccountSid}/Calls/FeedbackSummary`

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use ringback_api::{AccountSid, CallbackUrl, FormError, StatusCallback, SummaryForm, SummarySid};

use super::error::Error;
use super::extract::{Form, Resource};
use super::response::{ApiResponse, Content};
use super::summary_body::FeedbackSummary;
use super::{exception_responses, tag};
use crate::app::App;
use crate::auth::{self, RequestHead, Scope};
use crate::store::{Account, MAX_UNFINISHED_SUMMARIES, NewSummary, Subaccounts, SummaryDeletion, SummaryScope};

/// The Retry-After of an account with too many unfinished summaries. Counting one takes milliseconds.
const RETRY_AFTER_SECONDS: u32 = 10;

/// Count the calls and ratings of some UTC days
///
/// A call and its rating count on the day on which the call started. The summary is queued, and counted soon afterwards
/// in one consistent snapshot.
#[utoipa::path(
    post, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary.json", tag = tag::JSON, operation_id = "createFeedbackSummary",
    params(("AccountSid" = AccountSid, Path, description = "The account whose calls are counted")),
    request_body(content = SummaryForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = CREATED, body = FeedbackSummary, description = "The queued summary"),
        exception_responses::FormErrors,
        exception_responses::RateLimitErrors,
        exception_responses::CommonErrors,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    Resource { params: account, uri }: Resource<String>,
    head: RequestHead,
    Form(pairs): Form,
) -> Result<ApiResponse, Error> {
    let account = authorize(&app, &head, &account, &uri).await?;
    let SummaryForm { start_date, end_date, include_subaccounts, callback } = SummaryForm::parse(&pairs)?;
    refuse_unreachable(&app, callback.as_ref())?;
    let subaccounts = if include_subaccounts { Subaccounts::Included } else { Subaccounts::Excluded };
    let new = NewSummary {
        sid: SummarySid::from_bytes(app.entropy.sid_bytes()?),
        scope: SummaryScope { start_date, end_date, subaccounts },
        callback,
    };
    let summary = app.store.create_summary(account.id, new, app.clock.now()).await?.ok_or_else(|| {
        let reason = format!(
            "The account already has {MAX_UNFINISHED_SUMMARIES} summaries that are unfinished or have pending callbacks"
        );
        Error::TooManyRequests { reason, retry_after: RETRY_AFTER_SECONDS }
    })?;
    app.wake.summaries.notify_one();
    Ok(ApiResponse(StatusCode::CREATED, Content::Summary(Box::new(FeedbackSummary::new(account.sid, &summary)))))
}

/// Read a summary
#[utoipa::path(
    get, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary/{FeedbackSummarySid}.json", tag = tag::JSON, operation_id = "fetchFeedbackSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summary"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = OK, body = FeedbackSummary, description = "The summary"), exception_responses::CommonErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Resource { params: (account, summary), uri }: Resource<(String, String)>,
    head: RequestHead,
) -> Result<ApiResponse, Error> {
    let account = authorize(&app, &head, &account, &uri).await?;
    let sid = summary_sid(&summary).ok_or_else(|| Error::NotFound(uri.clone()))?;
    let summary = app.store.summary(account.id, sid).await?.ok_or(Error::NotFound(uri))?;
    Ok(ApiResponse(StatusCode::OK, Content::Summary(Box::new(FeedbackSummary::new(account.sid, &summary)))))
}

/// Delete a summary
#[utoipa::path(
    delete, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary/{FeedbackSummarySid}.json", tag = tag::JSON, operation_id = "deleteFeedbackSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summary"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = NO_CONTENT, description = "The summary is deleted"), exception_responses::UnfinishedErrors, exception_responses::CommonErrors),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn delete(
    State(app): State<App>,
    Resource { params: (account, summary), uri }: Resource<(String, String)>,
    head: RequestHead,
) -> Result<StatusCode, Error> {
    let account = authorize(&app, &head, &account, &uri).await?;
    let sid = summary_sid(&summary).ok_or_else(|| Error::NotFound(uri.clone()))?;
    match app.store.delete_summary(account.id, sid).await? {
        Some(SummaryDeletion::Deleted) => Ok(StatusCode::NO_CONTENT),
        Some(SummaryDeletion::Unfinished) => Err(Error::Unfinished),
        None => Err(Error::NotFound(uri)),
    }
}

/// Refuses a callback URL that the job would have to give up.
fn refuse_unreachable(app: &App, callback: Option<&StatusCallback>) -> Result<(), FormError> {
    match callback {
        Some(to) if app.outbound.never_reaches(to.url.url()) => {
            let allowed = "must be the URL of a public server, not of a private or reserved address";
            Err(FormError::invalid(CallbackUrl::PARAMETER, to.url.url().as_str(), &allowed))
        }
        _ => Ok(()),
    }
}

async fn authorize(app: &App, head: &RequestHead, account: &str, uri: &Uri) -> Result<Account, Error> {
    auth::authorize_account(app, head, account, Scope::Read).await.map_err(|error| Error::auth(error, uri.clone()))
}

fn summary_sid(segment: &str) -> Option<SummarySid> {
    let sid = segment.strip_suffix(".json").or_else(|| segment.strip_suffix(".xml")).unwrap_or(segment);
    sid.parse().ok()
}
