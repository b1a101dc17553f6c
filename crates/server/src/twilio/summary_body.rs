use std::io;

use jiff::civil::Date;
use ringback_api::{AccountSid, Issue, Rfc2822, SummarySid, SummaryStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::date::format_date;
use super::xml::{XmlWriter, element, parent};
use crate::store::{Subaccounts, Summary, SummaryCounts};

/// A feedback summary.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FeedbackSummary {
    /// The sid: FS and 32 hex digits.
    sid: SummarySid,
    /// The account of the summary.
    account_sid: AccountSid,
    /// The first day, UTC.
    start_date: Date,
    /// The last day, UTC, inclusive.
    end_date: Date,
    /// Whether the subaccounts' calls are counted, too.
    include_subaccounts: bool,
    /// The status.
    status: SummaryStatus,
    /// Calls that started on these days; null until it is completed.
    #[schema(required)]
    call_count: Option<u64>,
    /// Ratings of these calls; there may be more ratings than calls. Null until it is completed.
    #[schema(required)]
    call_feedback_count: Option<u64>,
    /// The mean score; null without ratings.
    #[schema(required)]
    quality_score_average: Option<f64>,
    /// The median score; the mean of the middle two for an even number of ratings. Null without ratings.
    #[schema(required)]
    quality_score_median: Option<f64>,
    /// The standard deviation of the population; null without ratings.
    #[schema(required)]
    quality_score_standard_deviation: Option<f64>,
    /// The issues that occurred; none until it is completed.
    issues: Vec<SummaryIssue>,
    /// When it was created.
    #[schema(value_type = Rfc2822)]
    date_created: String,
    /// When its status last changed.
    #[schema(value_type = Rfc2822)]
    date_updated: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct SummaryIssue {
    /// The number of ratings with this issue.
    count: u64,
    /// The issue.
    description: Issue,
    /// `count ÷ call_count`, with at most two decimals.
    #[schema(pattern = "^[0-9]+\\.[0-9]{1,2}%$", example = "12.5%")]
    percentage_of_total_calls: String,
}

impl FeedbackSummary {
    pub(super) fn new(account_sid: AccountSid, summary: &Summary) -> Self {
        let counts = summary.state.counts();
        let scores = counts.map(|counts| counts.scores);
        Self {
            sid: summary.sid,
            account_sid,
            start_date: summary.scope.start_date,
            end_date: summary.scope.end_date,
            include_subaccounts: summary.scope.subaccounts == Subaccounts::Included,
            status: summary.state.status(),
            call_count: counts.map(|counts| counts.calls),
            call_feedback_count: scores.map(|scores| scores.count()),
            quality_score_average: scores.and_then(|scores| scores.average()),
            quality_score_median: scores.and_then(|scores| scores.median()),
            quality_score_standard_deviation: scores.and_then(|scores| scores.standard_deviation()),
            issues: counts.map(issues).unwrap_or_default(),
            date_created: format_date(summary.created_at),
            date_updated: format_date(summary.updated_at),
        }
    }

    pub(super) fn xml(&self, xml: &mut XmlWriter) -> io::Result<()> {
        // As in JSON, a whole number keeps its decimal point. Null is an empty element.
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

/// Returns the issues that occurred.
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

/// Formats `count ÷ calls` in percent, rounded half up to two decimals. A second decimal of zero is omitted.
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
    fn percentages_have_one_or_two_decimals() {
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
