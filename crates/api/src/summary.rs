use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FormError, Pairs, StatusCallback};

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

/// Strictly YYYY-MM-DD: jiff alone would take a time, a sign or no hyphens too.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let shape = |(i, b): (usize, u8)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    (text.len() == 10 && text.bytes().enumerate().all(shape)).then(|| text.parse().ok()).flatten()
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
