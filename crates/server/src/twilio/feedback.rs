//! `/Accounts/{AccountSid}/Calls/{CallSid}/Feedback`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use ringback_api::{AccountSid, CallSid, Feedback, Name, RatingForm};

use super::date::format_date;
use super::error::Error;
use super::extract::{Form, Resource};
use super::response::{ApiResponse, Content};
use super::{exception_responses, tag};
use crate::app::App;
use crate::auth::{self, LegPath, RequestHead, Scope};
use crate::cors::REVISION;
use crate::store::{NewRating, Rated, StoredRating};

/// Read the rating of a call
#[utoipa::path(
    get, path = "/Accounts/{AccountSid}/Calls/{CallSid}/Feedback.json", tag = tag::JSON, operation_id = "fetchFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's id of the call"),
    ),
    responses(
        (
            status = OK, body = Feedback, description = "The rating",
            headers(("Ringback-Revision" = u32, description = "The stored revision")),
        ),
        exception_responses::RateLimitErrors,
        exception_responses::CommonErrors,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Resource { params: (account, call), uri }: Resource<(String, String)>,
    head: RequestHead,
) -> Result<(HeaderMap, ApiResponse), Error> {
    let path = LegPath { account: &account, call: &call };
    let target = auth::authorize_leg(&app, &head, None, path, Scope::Read)
        .await
        .map_err(|error| Error::auth(error, uri.clone()))?;
    let rating = app.store.rating(target.account.id, target.sid).await?.ok_or(Error::NotFound(uri))?;
    Ok(answer(StatusCode::OK, target.account.sid, target.sid, &rating))
}

/// Rate a call, or replace its rating
///
/// Repeating a request changes nothing.
#[utoipa::path(
    post, path = "/Accounts/{AccountSid}/Calls/{CallSid}/Feedback.json", tag = tag::JSON, operation_id = "createFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's id of the call"),
    ),
    request_body(content = RatingForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (
            status = CREATED, body = Feedback, description = "The first rating of the call",
            headers(("Ringback-Revision" = u32, description = "The stored revision")),
        ),
        (
            status = OK, body = Feedback, description = "The stored rating",
            headers(("Ringback-Revision" = u32, description = "The stored revision, which may be higher than the sent one")),
        ),
        exception_responses::FormErrors,
        exception_responses::RateLimitErrors,
        exception_responses::CommonErrors,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn rate(
    State(app): State<App>,
    Resource { params: (account, call), uri }: Resource<(String, String)>,
    head: RequestHead,
    Form(pairs): Form,
) -> Result<(HeaderMap, ApiResponse), Error> {
    let path = LegPath { account: &account, call: &call };
    let target = auth::authorize_leg(&app, &head, pairs.first("Token"), path, Scope::Ingest)
        .await
        .map_err(|error| Error::auth(error, uri.clone()))?;
    let RatingForm { rating, comment, revision } = RatingForm::parse(&pairs)?;
    let (account, sid) = (target.account.sid, target.sid);
    let new = NewRating { rating, comment, revision };
    match app.store.rate(target.into(), new, app.clock.now()).await?.ok_or(Error::NotFound(uri))? {
        Rated::Created(rating) => Ok(answer(StatusCode::CREATED, account, sid, &rating)),
        Rated::Updated(rating) => Ok(answer(StatusCode::OK, account, sid, &rating)),
    }
}

fn answer(
    status: StatusCode,
    account_sid: AccountSid,
    sid: CallSid,
    stored: &StoredRating,
) -> (HeaderMap, ApiResponse) {
    let feedback = Feedback {
        account_sid,
        sid,
        quality_score: stored.rating.score,
        issues: stored.rating.issues,
        date_created: format_date(stored.created_at),
        date_updated: format_date(stored.updated_at),
    };
    // The body has only the fields of Twilio's API.
    let headers = HeaderMap::from_iter([(REVISION, stored.revision.into())]);
    (headers, ApiResponse(status, Content::Feedback(feedback)))
}
