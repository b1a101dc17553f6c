//! `/Accounts/{AccountSid}/Calls/FeedbackSummary`

use std::io;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use jiff::civil::Date;
use quick_xml::Writer;
use ringback_api::{
    AccountSid, CallbackUrl, FormError, Issue, Rfc2822, StatusCallback, SummaryForm, SummarySid, SummaryStatus,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::document::{Answer, Document, date_time, element, parent};
use super::error::Error;
use super::extract::{Form, Resource};
use super::{TAG, refusals};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{
    Account, MAX_UNFINISHED_SUMMARIES, NewSummary, Reach, Summary, SummaryCounts, SummaryDeletion, SummaryScope,
};

/// What an account with too many unfinished summaries is told: they take milliseconds each.
const RETRY_AFTER_SECONDS: u32 = 10;

/// Count the calls and ratings of some UTC days
///
/// A call counts on the day on which it started, and its rating with it. The summary is queued first, and counted soon
/// afterwards, in one consistent snapshot.
#[utoipa::path(
    post, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary.json", tag = TAG, operation_id = "createFeedbackSummary",
    params(("AccountSid" = AccountSid, Path, description = "The account whose calls are counted")),
    request_body(content = SummaryForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = CREATED, body = SummaryDocument, description = "The summary, which waits to be counted"),
        refusals::OfForm,
        refusals::OfTooMany,
        refusals::OfAny,
    ),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    Resource { named: account, uri }: Resource<String>,
    caller: Caller,
    Form(pairs): Form,
) -> Result<Answer, Error> {
    let account = authorize(&app, &caller, &account, &uri).await?;
    let SummaryForm { start_date, end_date, include_subaccounts, callback } = SummaryForm::parse(&pairs)?;
    refuse_unreachable(&app, callback.as_ref())?;
    let reach = if include_subaccounts { Reach::WithSubaccounts } else { Reach::Own };
    let new = NewSummary {
        sid: SummarySid::from_bytes(app.entropy.sid_bytes()?),
        scope: SummaryScope { start_date, end_date, reach },
        callback,
    };
    let summary = app.store.create_summary(account.id, new, app.clock.now()).await?.ok_or_else(|| {
        let reason =
            format!("{MAX_UNFINISHED_SUMMARIES} summaries of the account are waiting already, or their callbacks are");
        Error::TooManyRequests { reason, retry_after: RETRY_AFTER_SECONDS }
    })?;
    app.wake.summaries.notify_one();
    Ok(Answer(StatusCode::CREATED, Document::Summary(Box::new(SummaryDocument::new(account.sid, &summary)))))
}

/// Read a summary
#[utoipa::path(
    get, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary/{FeedbackSummarySid}.json", tag = TAG, operation_id = "fetchFeedbackSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summary"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = OK, body = SummaryDocument, description = "The summary"), refusals::OfAny),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    Resource { named: (account, summary), uri }: Resource<(String, String)>,
    caller: Caller,
) -> Result<Answer, Error> {
    let account = authorize(&app, &caller, &account, &uri).await?;
    let sid = summary_sid(&summary).ok_or_else(|| Error::NotFound(uri.clone()))?;
    let summary = app.store.summary(account.id, sid).await?.ok_or(Error::NotFound(uri))?;
    Ok(Answer(StatusCode::OK, Document::Summary(Box::new(SummaryDocument::new(account.sid, &summary)))))
}

/// Remove a summary
#[utoipa::path(
    delete, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary/{FeedbackSummarySid}.json", tag = TAG, operation_id = "deleteFeedbackSummary",
    params(
        ("AccountSid" = AccountSid, Path, description = "The account of the summary"),
        ("FeedbackSummarySid" = SummarySid, Path, description = "The summary"),
    ),
    responses((status = NO_CONTENT, description = "It is gone"), refusals::OfUnfinished, refusals::OfAny),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn delete(
    State(app): State<App>,
    Resource { named: (account, summary), uri }: Resource<(String, String)>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    let account = authorize(&app, &caller, &account, &uri).await?;
    let sid = summary_sid(&summary).ok_or_else(|| Error::NotFound(uri.clone()))?;
    match app.store.delete_summary(account.id, sid).await? {
        Some(SummaryDeletion::Deleted) => Ok(StatusCode::NO_CONTENT),
        Some(SummaryDeletion::Unfinished) => Err(Error::Unfinished),
        None => Err(Error::NotFound(uri)),
    }
}

/// Says at once what could only be given up later.
fn refuse_unreachable(app: &App, callback: Option<&StatusCallback>) -> Result<(), FormError> {
    match callback {
        Some(to) if app.outbound.never_reaches(to.url.url()) => {
            let allowed = "must be the URL of a public server, not of a private or reserved address";
            Err(FormError::invalid(CallbackUrl::PARAMETER, to.url.url().as_str(), &allowed))
        }
        _ => Ok(()),
    }
}

async fn authorize(app: &App, caller: &Caller, account: &str, uri: &Uri) -> Result<Account, Error> {
    auth::account(app, caller, account, Scope::Read).await.map_err(|error| Error::auth(error, uri.clone()))
}

fn summary_sid(segment: &str) -> Option<SummarySid> {
    let sid = segment.strip_suffix(".json").or_else(|| segment.strip_suffix(".xml")).unwrap_or(segment);
    sid.parse().ok()
}

/// A summary as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FeedbackSummary)]
pub(super) struct SummaryDocument {
    /// FS and 32 hex digits.
    sid: SummarySid,
    /// Whose it is.
    account_sid: AccountSid,
    /// The first day, UTC.
    start_date: Date,
    /// The last day, UTC, inclusive.
    end_date: Date,
    /// Whether the subaccounts' calls are counted too.
    include_subaccounts: bool,
    /// How far it is.
    status: SummaryStatus,
    /// Calls that started on these days; null until it is completed.
    #[schema(required)]
    call_count: Option<u64>,
    /// Ratings of them; there may be more than calls. Null until it is completed.
    #[schema(required)]
    call_feedback_count: Option<u64>,
    /// The mean score; null without ratings.
    #[schema(required)]
    quality_score_average: Option<f64>,
    /// The median score, of an even number the mean of the middle two; null without ratings.
    #[schema(required)]
    quality_score_median: Option<f64>,
    /// The standard deviation of the population; null without ratings.
    #[schema(required)]
    quality_score_standard_deviation: Option<f64>,
    /// The issues that occurred; none until it is completed.
    issues: Vec<SummaryIssue>,
    /// When it was asked for.
    #[schema(value_type = Rfc2822)]
    date_created: String,
    /// When its status last changed.
    #[schema(value_type = Rfc2822)]
    date_updated: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct SummaryIssue {
    /// In how many ratings it was named.
    count: u64,
    /// Which.
    description: Issue,
    /// `count ÷ call_count`, with two decimals at most.
    #[schema(pattern = "^[0-9]+\\.[0-9]{1,2}%$", example = "12.5%")]
    percentage_of_total_calls: String,
}

impl SummaryDocument {
    fn new(account_sid: AccountSid, summary: &Summary) -> Self {
        let counts = summary.state.counts();
        let scores = counts.map(|counts| counts.scores);
        Self {
            sid: summary.sid,
            account_sid,
            start_date: summary.scope.start_date,
            end_date: summary.scope.end_date,
            include_subaccounts: summary.scope.reach == Reach::WithSubaccounts,
            status: summary.state.status(),
            call_count: counts.map(|counts| counts.calls),
            call_feedback_count: scores.map(|scores| scores.count()),
            quality_score_average: scores.and_then(|scores| scores.average()),
            quality_score_median: scores.and_then(|scores| scores.median()),
            quality_score_standard_deviation: scores.and_then(|scores| scores.standard_deviation()),
            issues: counts.map(issues).unwrap_or_default(),
            date_created: date_time(summary.created_at),
            date_updated: date_time(summary.updated_at),
        }
    }

    pub(super) fn xml(&self, xml: &mut Writer<Vec<u8>>) -> io::Result<()> {
        // As in JSON, a number that happens to be whole keeps its decimal point; a null is an empty element.
        fn number<T: std::fmt::Debug>(value: Option<T>) -> String {
            value.map(|value| format!("{value:?}")).unwrap_or_default()
        }
        parent(xml, "FeedbackSummary", |xml| {
            element(xml, "Sid", self.sid)?;
            element(xml, "StartDate", self.start_date)?;
            element(xml, "EndDate", self.end_date)?;
            element(xml, "AccountSid", self.account_sid)?;
            element(xml, "IncludeSubaccounts", self.include_subaccounts)?;
            element(xml, "Status", self.status.as_str())?;
            element(xml, "CallCount", number(self.call_count))?;
            element(xml, "CallFeedbackCount", number(self.call_feedback_count))?;
            element(xml, "QualityScoreAverage", number(self.quality_score_average))?;
            element(xml, "QualityScoreMedian", number(self.quality_score_median))?;
            element(xml, "QualityScoreStandardDeviation", number(self.quality_score_standard_deviation))?;
            parent(xml, "Issues", |xml| {
                self.issues.iter().try_for_each(|issue| {
                    parent(xml, "Issue", |xml| {
                        element(xml, "Description", issue.description)?;
                        element(xml, "Count", issue.count)?;
                        element(xml, "PercentageOfTotalCalls", &issue.percentage_of_total_calls)
                    })
                })
            })?;
            element(xml, "DateCreated", &self.date_created)?;
            element(xml, "DateUpdated", &self.date_updated)
        })
    }
}

/// The issues that occurred.
fn issues(counts: &SummaryCounts) -> Vec<SummaryIssue> {
    let issues = Issue::ALL.into_iter().zip(counts.issues);
    issues
        .map(|(description, scores)| (description, scores.count()))
        .filter(|(_, count)| *count > 0)
        .map(|(description, count)| SummaryIssue {
            count,
            description,
            percentage_of_total_calls: percentage(count, counts.calls),
        })
        .collect()
}

/// `count ÷ calls` in percent, rounded half up to two decimals, of which trailing zeros but one are dropped.
fn percentage(count: u64, calls: u64) -> String {
    let (count, calls) = (u128::from(count), u128::from(calls));
    let hundredths = (count * 20_000 + calls).checked_div(calls * 2).unwrap_or(0);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{}%", text.strip_suffix('0').unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_as_the_wire_words_them() {
        for (count, calls, text) in [
            (45, 10_200, "0.44%"),
            (1, 8, "12.5%"),
            (0, 7, "0.0%"),
            (3, 0, "0.0%"),
            (1, 1, "100.0%"),
            (3, 2, "150.0%"),
            (1, 20_000, "0.01%"),
            (1, 20_001, "0.0%"),
            (1, 3, "33.33%"),
            (2, 3, "66.67%"),
            (u64::MAX, u64::MAX, "100.0%"),
        ] {
            assert_eq!(percentage(count, calls), text, "{count} of {calls}");
        }
    }
}
