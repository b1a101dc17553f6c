use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AccountSid, CallbackDelivery, CallbackMethod, FormError, IssueStats, Pairs, Scores, StatusCallback, SummarySid,
};

/// The parameters of a POST to FeedbackSummary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryForm {
    /// `StartDate`, UTC.
    pub start_date: Date,
    /// `EndDate`, UTC, inclusive; never before the start.
    pub end_date: Date,
    /// `IncludeSubaccounts`.
    pub include_subaccounts: bool,
    /// `StatusCallback` and `StatusCallbackMethod`.
    pub callback: Option<StatusCallback>,
}

/// How far a summary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SummaryStatus {
    /// It waits.
    Queued,
    /// It is being counted.
    InProgress,
    /// It was counted.
    Completed,
    /// It could not be counted.
    Failed,
}

impl SummaryStatus {
    /// The name on the wire, such as `in-progress`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

/// The answer of `GET /v1/accounts/{AC}/summaries`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryPage {
    /// The newest first.
    pub summaries: Vec<SummaryDetails>,
    /// The `cursor` of the next page; null at the end.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
}

/// A summary, with who is told when it ends, and whether they were.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryDetails {
    /// FS and 32 hex digits.
    pub sid: SummarySid,
    /// Whose it is.
    pub account_sid: AccountSid,
    /// The first day, UTC.
    pub start_date: Date,
    /// The last day, UTC, inclusive.
    pub end_date: Date,
    /// Whether the subaccounts' calls are counted too.
    pub include_subaccounts: bool,
    /// How far it is.
    pub status: SummaryStatus,
    /// What was counted; null unless it is completed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub counted: Option<SummaryFigures>,
    /// Who is told when it ends; null for nobody.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub status_callback: Option<CallbackReceiver>,
    /// Whether they were told; null before it ended, and when that was long ago.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub delivery: Option<CallbackDelivery>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its status last changed.
    pub updated_at: Timestamp,
}

/// What a summary found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryFigures {
    /// Calls that started on these days.
    pub calls: u64,
    /// Ratings of them, by score.
    pub scores: Scores,
    /// The mean score; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub average: Option<f64>,
    /// The median score, of an even number the mean of the middle two; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<f64>,
    /// The standard deviation of the population; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub standard_deviation: Option<f64>,
    /// The issues that occurred, most frequent first.
    pub issues: Vec<IssueStats>,
}

/// Who is told of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackReceiver {
    /// Where.
    pub url: String,
    /// How.
    pub method: CallbackMethod,
}

const DATE: &str = "must be a date that exists, written YYYY-MM-DD";

impl SummaryForm {
    /// Parses a form: `StartDate` and `EndDate` are required.
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

/// Strictly YYYY-MM-DD: jiff alone would take a time, a sign or no hyphens too, and be large where it is fetched with a page.
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
    fn a_leap_day_and_a_flag() {
        let form = parse(&[("StartDate", "2024-02-29"), ("EndDate", "2024-02-29"), ("IncludeSubaccounts", "True")]);
        let form = form.unwrap();
        assert_eq!((form.start_date, form.end_date), (form.end_date, form.start_date));
        assert!(form.include_subaccounts);
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
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
