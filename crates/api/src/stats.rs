use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Direction, Issue, Scores};

/// How long one point of a series is, in the account's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A calendar month.
    Month,
}

/// A text that is not a [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of hour, day, week, month")]
pub struct StepError;

impl Step {
    /// All of them, shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl std::str::FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or(StepError)
    }
}

/// The counts of some calls. Averages and shares follow from them, so they are computed where they are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Calls that took place.
    pub calls: u64,
    /// Calls whose party was asked; one who rated was.
    pub asked: u64,
    /// Calls whose party was asked and said no, and did not rate after all.
    pub dismissed: u64,
    /// Ratings by score.
    pub scores: Scores,
}

impl Figures {
    /// Calls that were rated.
    #[must_use]
    pub fn rated(&self) -> u64 {
        self.scores.count()
    }

    /// Rated ÷ asked, 0 to 1; `None` when nobody was asked.
    #[must_use]
    pub fn response_rate(&self) -> Option<f64> {
        share(self.rated(), self.asked)
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.asked += other.asked;
        self.dismissed += other.dismissed;
        self.scores.add(&other.scores);
    }
}

/// `part ÷ whole`; `None` when the whole is nothing.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a share is f64; exact up to 2^53")]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How often one issue was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueStats {
    /// Which.
    pub issue: Issue,
    /// In ratings of each score.
    pub scores: Scores,
}

/// The figures of the calls of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectionStats {
    /// Null where it is not known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub direction: Option<Direction>,
    /// What was counted.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures of each hour of the week: seven days from Monday, of 24 hours each.
pub type WeekdayHours = [[Figures; 24]; 7];

/// One step of a series; at the ends of the range it may be cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// Its first day in the time zone of the answer (of an hour, the day it is in).
    pub date: Date,
    /// Its first instant.
    pub start: Timestamp,
    /// What was counted in it.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The answer of `GET /v1/accounts/{AC}/stats`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stats {
    /// The first day, in `time_zone`.
    pub from: Date,
    /// The last day, inclusive.
    pub to: Date,
    /// IANA; days and hours are this zone's.
    pub time_zone: String,
    /// How long one point of `series` is.
    pub step: Step,
    /// The whole range.
    pub totals: Figures,
    /// The mean score; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub average: Option<f64>,
    /// The median score, of an even number the mean of the middle two; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<f64>,
    /// The standard deviation of the population; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub standard_deviation: Option<f64>,
    /// Rated ÷ asked, 0 to 1; null when nobody was asked.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub response_rate: Option<f64>,
    /// The issues that occurred, most frequent first.
    pub issues: Vec<IssueStats>,
    /// The directions that occurred: inbound, outbound, not known.
    pub directions: Vec<DirectionStats>,
    /// The figures of each hour of the week, by the clocks of `time_zone`: seven days from Monday, of 24 hours each. Null
    /// unless asked for.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<Vec<Vec<Figures>>>))]
    pub weekday_hours: Option<Box<WeekdayHours>>,
    /// Every step of the range, ascending, also those without calls.
    pub series: Vec<Point>,
}
