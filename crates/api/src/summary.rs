use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{
    AccountSid, CallbackDelivery, CallbackMethod, FormError, IssueStats, Pairs, Scores, StatusCallback, SummarySid,
};

/// The parameters of `POST …/FeedbackSummary`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryForm {
    /// `StartDate`, UTC.
    pub start_date: Date,
    /// `EndDate`, UTC, inclusive; never before `start_date`.
    pub end_date: Date,
    /// `IncludeSubaccounts`.
    pub include_subaccounts: bool,
    /// `StatusCallback` and `StatusCallbackMethod`.
    pub callback: Option<StatusCallback>,
}

string_enum! {
    /// State of a summary.
    pub enum SummaryStatus {
        /// Waits to be counted.
        Queued = "queued",
        /// Is being counted.
        InProgress = "in-progress",
        /// Has been counted.
        Completed = "completed",
        /// Could not be counted.
        Failed = "failed",
    }
}

/// The response to `GET /v1/accounts/{AC}/summaries`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryPage {
    /// Newest first.
    pub summaries: Vec<SummaryDetails>,
    /// The `cursor` of the next page; null on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
}

/// A summary with its StatusCallback.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryDetails {
    /// The summary's sid.
    pub sid: SummarySid,
    /// The account that the summary belongs to.
    pub account_sid: AccountSid,
    /// First day, UTC.
    pub start_date: Date,
    /// Last day, UTC, inclusive.
    pub end_date: Date,
    /// Whether the calls of subaccounts are counted too.
    pub include_subaccounts: bool,
    /// State of the summary.
    pub status: SummaryStatus,
    /// The figures; null unless the summary is completed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub counted: Option<SummaryFigures>,
    /// Receiver of the StatusCallback; null if there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub status_callback: Option<CallbackReceiver>,
    /// Delivery of the StatusCallback; null until the summary ends, and again once the callback is no longer listed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub delivery: Option<CallbackDelivery>,
    /// When the summary was requested.
    pub created_at: Timestamp,
    /// When the status last changed.
    pub updated_at: Timestamp,
}

/// The figures of a summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryFigures {
    /// Calls that started on these days.
    pub calls: u64,
    /// Ratings of these calls, by score.
    pub scores: Scores,
    /// Mean score; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub average: Option<f64>,
    /// Median score; for an even number of ratings, the mean of the middle two. Null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<f64>,
    /// Population standard deviation of the scores; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub standard_deviation: Option<f64>,
    /// Issues that were named, most frequent first.
    pub issues: Vec<IssueStats>,
}

/// The receiver of a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackReceiver {
    /// The receiver's URL.
    pub url: String,
    /// HTTP method of the callback.
    pub method: CallbackMethod,
}

const DATE: &str = "must be a valid date in the form YYYY-MM-DD";

impl SummaryForm {
    /// Parses a form. `StartDate` and `EndDate` are required.
    pub fn parse(pairs: &Pairs<'_>) -> Result<Self, FormError> {
        let start_date = date(pairs, "StartDate")?;
        let end_date = date(pairs, "EndDate")?;
        if end_date < start_date {
            let allowed = format!("must not be before StartDate {start_date}");
            return Err(FormError::invalid("EndDate", &end_date.to_string(), &allowed));
        }
        let include_subaccounts = pairs.flag("IncludeSubaccounts")?.unwrap_or(false);
        let callback = StatusCallback::parse(pairs)?;
        Ok(Self { start_date, end_date, include_subaccounts, callback })
    }
}

fn date(pairs: &Pairs<'_>, name: &'static str) -> Result<Date, FormError> {
    let text = pairs.first(name).ok_or_else(|| FormError::missing(name, &DATE))?;
    parse_date(text).ok_or_else(|| FormError::invalid(name, text, &DATE))
}

/// Parses a date that is strictly YYYY-MM-DD.
///
/// jiff's parser would also accept a time, a sign or missing hyphens, and would enlarge the WebAssembly.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let shape = |(i, b): (usize, u8)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    let [month, day] = [number(5..7)?, number(8..10)?].map(|number| i8::try_from(number).unwrap_or_default());
    Date::new(number(0..4)?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<SummaryForm, String> {
        SummaryForm::parse(&pairs.iter().copied().collect()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_form_with_a_leap_day_and_a_flag_is_parsed() {
        let form = parse(&[("StartDate", "2024-02-29"), ("EndDate", "2024-02-29"), ("IncludeSubaccounts", "True")]);
        let form = form.unwrap();
        assert_eq!((form.start_date, form.end_date), (form.end_date, form.start_date));
        assert!(form.include_subaccounts);
    }

    #[test]
    fn invalid_dates_are_refused() {
        for bad in [
            "",
            "2014-02-31",
            "2023-02-29",
            "2014-2-1",
            "20140201",
            "2014-02-01T00:00:00Z",
            "-014-02-01",
            "２014-02-01",
        ] {
            let error = parse(&[("StartDate", bad), ("EndDate", "2024-01-01")]).unwrap_err();
            assert_eq!(error, format!("Parameter StartDate {DATE}; got '{bad}'"));
        }
        assert_eq!(
            parse(&[("StartDate", "2024-01-01")]).unwrap_err(),
            format!("Parameter EndDate is required and {DATE}")
        );
        assert_eq!(
            parse(&[("StartDate", "2024-01-02"), ("EndDate", "2024-01-01")]).unwrap_err(),
            "Parameter EndDate must not be before StartDate 2024-01-02; got '2024-01-01'"
        );
    }
}
