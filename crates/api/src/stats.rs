use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;
use crate::{Direction, Issue, Scores};

string_enum! {
    /// Length of a point in a series.
    pub enum Step: FromStr<Err = StepError> {
        /// One hour.
        Hour = "hour",
        /// A calendar day.
        Day = "day",
        /// A week that starts on Monday.
        Week = "week",
        /// A calendar month.
        Month = "month",
    }
}

/// Counts of calls and ratings. Averages and shares are computed from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Number of calls.
    pub calls: u64,
    /// Calls whose party was asked for a rating; includes every rated call.
    pub asked: u64,
    /// Calls whose party was asked and declined, and did not rate later.
    pub dismissed: u64,
    /// Ratings by score.
    pub scores: Scores,
}

impl Figures {
    /// Number of rated calls.
    #[must_use]
    pub fn rated(&self) -> u64 {
        self.scores.count()
    }

    /// Rated ÷ asked, 0 to 1; `None` if nobody was asked.
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

/// `part ÷ whole`; `None` if `whole` is 0.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a share is f64; exact up to 2^53")]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How often an issue was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueStats {
    /// The issue.
    pub issue: Issue,
    /// Number of ratings with the issue, per score.
    pub scores: Scores,
}

/// Figures of the calls of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectionStats {
    /// Null if the direction is unknown.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub direction: Option<Direction>,
    /// Figures of these calls.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Figures of each hour of the week: seven days from Monday with 24 hours each.
pub type WeekdayHours = [[Figures; 24]; 7];

/// One step of a series. The first and last can be shorter, because the range cuts them off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// First day of the step, in `time_zone`; for an hour, the day of that hour.
    pub date: Date,
    /// First instant of the step.
    pub start: Timestamp,
    /// Figures of the step.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The response to `GET /v1/accounts/{AC}/stats`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stats {
    /// First day, in `time_zone`.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// IANA time zone of days and hours.
    pub time_zone: String,
    /// Length of a point in `series`.
    pub step: Step,
    /// Figures of the whole range.
    pub totals: Figures,
    /// Mean score; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub average: Option<f64>,
    /// Median score; for an even number of ratings, the mean of the middle two. Null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<f64>,
    /// Population standard deviation of the scores; null without ratings.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub standard_deviation: Option<f64>,
    /// Rated ÷ asked, 0 to 1; null if nobody was asked.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub response_rate: Option<f64>,
    /// Issues that were named, most frequent first.
    pub issues: Vec<IssueStats>,
    /// Directions that occurred, in the order inbound, outbound, unknown.
    pub directions: Vec<DirectionStats>,
    /// Figures of each hour of the week in `time_zone`: seven days from Monday with 24 hours each. Null unless
    /// requested.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<Vec<Vec<Figures>>>))]
    pub weekday_hours: Option<Box<WeekdayHours>>,
    /// Every step of the range in ascending order, including those without calls.
    pub series: Vec<Point>,
}
