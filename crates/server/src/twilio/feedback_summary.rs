//! `/Accounts/{AccountSid}/Calls/FeedbackSummary`

use std::io;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quick_xml::Writer;
use ringback_api::{AccountSid, Issue, Rfc2822, SummaryForm, SummarySid};
use serde::Serialize;
use utoipa::ToSchema;

use super::document::{Answer, Document, date_time, element, parent};
use super::error::Error;
use super::extract::{Form, Resource};
use super::{TAG, refusals};
use crate::app::App;
use crate::auth::{self, Caller, Scope};
use crate::store::{Account, Question, Reach, Summary};

/// Count the calls and ratings of some UTC days
///
/// A call counts on the day on which it started, and its rating with it.
#[utoipa::path(
    post, path = "/Accounts/{AccountSid}/Calls/FeedbackSummary.json", tag = TAG, operation_id = "createFeedbackSummary",
    params(("AccountSid" = AccountSid, Path, description = "The account whose calls are counted")),
    request_body(content = SummaryForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = CREATED, body = SummaryDocument, description = "The summary"),
        refusals::OfForm,
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
    let SummaryForm { start_date, end_date, include_subaccounts } = SummaryForm::parse(&pairs)?;
    let reach = if include_subaccounts { Reach::WithSubaccounts } else { Reach::Own };
    let range = start_of(start_date)..end_date.tomorrow().map_or(Timestamp::MAX, start_of);
    let question = Question { account: account.id, reach, direction: None, steps: vec![range], clocks: Vec::new() };
    let counts = app.store.count(question).await?;
    let total = counts.total();
    let summary = Summary {
        sid: SummarySid::from_bytes(app.entropy.sid_bytes()?),
        start_date,
        end_date,
        reach,
        calls: total.calls,
        scores: total.scores,
        issues: counts.issues,
        created_at: app.clock.now(),
    };
    let document = SummaryDocument::new(account.sid, &summary);
    app.store.create_summary(account.id, summary).await?;
    Ok(Answer(StatusCode::CREATED, Document::Summary(Box::new(document))))
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
    responses((status = NO_CONTENT, description = "It is gone"), refusals::OfAny),
    security(("basic" = []), ("session" = [])),
)]
pub(super) async fn delete(
    State(app): State<App>,
    Resource { named: (account, summary), uri }: Resource<(String, String)>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    let account = authorize(&app, &caller, &account, &uri).await?;
    let sid = summary_sid(&summary).ok_or_else(|| Error::NotFound(uri.clone()))?;
    if app.store.delete_summary(account.id, sid).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::NotFound(uri))
    }
}

async fn authorize(app: &App, caller: &Caller, account: &str, uri: &Uri) -> Result<Account, Error> {
    auth::account(app, caller, account, Scope::Read).await.map_err(|error| Error::auth(error, uri.clone()))
}

fn summary_sid(segment: &str) -> Option<SummarySid> {
    let sid = segment.strip_suffix(".json").or_else(|| segment.strip_suffix(".xml")).unwrap_or(segment);
    sid.parse().ok()
}

/// The first instant of a UTC day; the very last day that can be written has none, and no calls.
fn start_of(date: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
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
    status: &'static str,
    /// Calls that started on these days.
    call_count: u64,
    /// Ratings of them; there may be more than calls.
    call_feedback_count: u64,
    /// The mean score; null without ratings.
    #[schema(required)]
    quality_score_average: Option<f64>,
    /// The median score, of an even number the mean of the middle two; null without ratings.
    #[schema(required)]
    quality_score_median: Option<f64>,
    /// The standard deviation of the population; null without ratings.
    #[schema(required)]
    quality_score_standard_deviation: Option<f64>,
    /// The issues that occurred.
    issues: Vec<SummaryIssue>,
    /// When it was asked for.
    #[schema(value_type = Rfc2822)]
    date_created: String,
    /// When it was counted.
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
        let issues = Issue::ALL.into_iter().zip(summary.issues);
        Self {
            sid: summary.sid,
            account_sid,
            start_date: summary.start_date,
            end_date: summary.end_date,
            include_subaccounts: summary.reach == Reach::WithSubaccounts,
            status: "completed",
            call_count: summary.calls,
            call_feedback_count: summary.scores.count(),
            quality_score_average: summary.scores.average(),
            quality_score_median: summary.scores.median(),
            quality_score_standard_deviation: summary.scores.standard_deviation(),
            issues: issues
                .map(|(description, scores)| (description, scores.count()))
                .filter(|(_, count)| *count > 0)
                .map(|(description, count)| SummaryIssue {
                    count,
                    description,
                    percentage_of_total_calls: percentage(count, summary.calls),
                })
                .collect(),
            date_created: date_time(summary.created_at),
            date_updated: date_time(summary.created_at),
        }
    }

    pub(super) fn xml(&self, xml: &mut Writer<Vec<u8>>) -> io::Result<()> {
        // As in JSON, a number that happens to be whole keeps its decimal point; a null is an empty element.
        let number = |value: Option<f64>| value.map(|value| format!("{value:?}")).unwrap_or_default();
        parent(xml, "FeedbackSummary", |xml| {
            element(xml, "Sid", self.sid)?;
            element(xml, "StartDate", self.start_date)?;
            element(xml, "EndDate", self.end_date)?;
            element(xml, "AccountSid", self.account_sid)?;
            element(xml, "IncludeSubaccounts", self.include_subaccounts)?;
            element(xml, "Status", self.status)?;
            element(xml, "CallCount", self.call_count)?;
            element(xml, "CallFeedbackCount", self.call_feedback_count)?;
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
