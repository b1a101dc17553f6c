//! `/Accounts/{AccountSid}/Calls/{CallSid}/Feedback`

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use ringback_api::{AccountSid, CallSid, Feedback, Name, RatingForm};

use super::document::{Answer, Document, date_time};
use super::error::Error;
use super::extract::{Form, Resource};
use super::{TAG, refusals};
use crate::app::App;
use crate::auth::{self, Caller, LegPath, Scope};
use crate::store::{NewRating, Rated, StoredRating};

/// The revision that is stored: higher than the one that was sent if that changed nothing. The body has no room for it.
pub(super) const REVISION: HeaderName = HeaderName::from_static("ringback-revision");

/// Read the rating of a call
#[utoipa::path(
    get, path = "/Accounts/{AccountSid}/Calls/{CallSid}/Feedback.json", tag = TAG, operation_id = "fetchFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's own id of the call"),
    ),
    responses(
        (
            status = OK, body = Feedback, description = "The rating",
            headers(("Ringback-Revision" = u32, description = "Which revision is stored")),
        ),
        refusals::OfTooMany,
        refusals::OfAny,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Resource { named: (account, call), uri }: Resource<(String, String)>,
    caller: Caller,
) -> Result<(HeaderMap, Answer), Error> {
    let path = LegPath { account: &account, call: &call };
    let target = auth::authorize(&app, &caller, None, path, Scope::Read)
        .await
        .map_err(|error| Error::auth(error, uri.clone()))?;
    let rating = app.store.rating(target.account.id, target.sid).await?.ok_or(Error::NotFound(uri))?;
    Ok(answer(StatusCode::OK, target.account.sid, target.sid, &rating))
}

/// Rate a call, or change its rating as a whole
///
/// The same again changes nothing.
#[utoipa::path(
    post, path = "/Accounts/{AccountSid}/Calls/{CallSid}/Feedback.json", tag = TAG, operation_id = "createFeedback",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the call"),
        ("CallSid" = Name, Path, description = "A CallSid, or the phone system's own id of the call"),
    ),
    request_body(content = RatingForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (
            status = CREATED, body = Feedback, description = "The first rating of the call",
            headers(("Ringback-Revision" = u32, description = "Which revision is stored")),
        ),
        (
            status = OK, body = Feedback, description = "What is stored now",
            headers(("Ringback-Revision" = u32, description = "Which revision is stored: maybe a higher one than was sent")),
        ),
        refusals::OfForm,
        refusals::OfTooMany,
        refusals::OfAny,
    ),
    security(("basic" = []), ("ratingToken" = []), ("session" = []), ()),
)]
pub(super) async fn rate(
    State(app): State<App>,
    Resource { named: (account, call), uri }: Resource<(String, String)>,
    caller: Caller,
    Form(pairs): Form,
) -> Result<(HeaderMap, Answer), Error> {
    let path = LegPath { account: &account, call: &call };
    let target = auth::authorize(&app, &caller, pairs.first("Token"), path, Scope::Ingest)
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

fn answer(status: StatusCode, account_sid: AccountSid, sid: CallSid, stored: &StoredRating) -> (HeaderMap, Answer) {
    let feedback = Feedback {
        account_sid,
        sid,
        quality_score: stored.rating.score,
        issues: stored.rating.issues,
        date_created: date_time(stored.created_at),
        date_updated: date_time(stored.updated_at),
    };
    let headers = HeaderMap::from_iter([(REVISION, stored.revision.into())]);
    (headers, Answer(status, Document::Feedback(feedback)))
}
