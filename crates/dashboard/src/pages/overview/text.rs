//! Every text of the page.

use jiff::civil::Date;
use ringback_api::{Issue, Score, Step};

use crate::format;
use crate::range::{Preset, RangeError};

pub(super) const TITLE: &str = "Call quality";
pub(super) const PRESETS: &str = "Days to show";
pub(super) const FROM: &str = "From";
pub(super) const TO: &str = "To";
pub(super) const SHOW: &str = "Show";
pub(super) const LOADING: &str = "Loading the figures…";

pub(super) const AVERAGE: &str = "Average score";
pub(super) const AVERAGE_UNIT: &str = "out of 5";
pub(super) const MEDIAN: &str = "Median";
pub(super) const DEVIATION: &str = "Standard deviation";
pub(super) const RESPONSE_RATE: &str = "Response rate";
pub(super) const RESPONSE_RATE_UNIT: &str = "of those asked";
pub(super) const CALLS: &str = "Calls";
pub(super) const ASKED: &str = "Asked";
pub(super) const RATED: &str = "Rated";
pub(super) const SUMMARY: &str = "Summary";

pub(super) const DISTRIBUTION: &str = "How calls were rated";
pub(super) const DISTRIBUTION_HEADS: [&str; 3] = ["Score", "Ratings", "Share"];
pub(super) const ISSUES: &str = "What went wrong";
pub(super) const ISSUES_HEADS: [&str; 3] = ["Issue", "Ratings", "Share of calls"];
pub(super) const NO_ISSUES: &str = "No issue was named.";

pub(super) const NO_CALLS: &str = "No calls in this range";
pub(super) const NO_CALLS_ADVICE: &str = "Choose other days, or let calls come in: your phone system reports them here, or a rating token brings its call along.";
pub(super) const NO_RATINGS: &str = "No ratings yet";
pub(super) const NOBODY_ASKED: &str =
    "There were calls, but nobody was asked. Put the widget into your softphone, or send a rating link after the call.";
pub(super) const NOBODY_RATED: &str =
    "People were asked, but nobody has rated a call so far. Ratings appear here as soon as they are given.";
pub(super) const LONGER: &str = "Show the last 90 days";

pub(super) fn days_in(time_zone: &str) -> String {
    format!("Days in {time_zone}")
}

pub(super) fn bad_link(error: &RangeError) -> String {
    format!("The link names days that cannot be shown: {error}")
}

pub(super) fn preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Today => "Today",
        Preset::Days7 => "7 days",
        Preset::Days28 => "28 days",
        Preset::Days90 => "90 days",
        Preset::ThisMonth => "This month",
    }
}

pub(super) fn trend(step: Step) -> String {
    format!("Average score and ratings per {}", step.as_str())
}

pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::Hour => "Hour",
        Step::Day => "Day",
        Step::Week => "Week",
        Step::Month => "Month",
    }
}

/// The week, or what of it is in the range, that begins on this day.
pub(super) fn week(from: Date) -> String {
    format!("Week from {}", format::full_day(from))
}

pub(super) fn score(score: Score) -> String {
    format::counted(score.get().into(), "star")
}

pub(super) fn issue(issue: Issue) -> &'static str {
    match issue {
        Issue::ImperfectAudio => "Imperfect audio",
        Issue::DroppedCall => "Dropped call",
        Issue::IncorrectCallerId => "Incorrect caller ID",
        Issue::PostDialDelay => "Post-dial delay",
        Issue::DigitsNotCaptured => "Digits not captured",
        Issue::UnsolicitedCall => "Unsolicited call",
        Issue::AudioLatency => "Audio latency",
        Issue::OneWayAudio => "One-way audio",
    }
}
