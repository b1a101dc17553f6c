//! Names of the things of the API, in the language that was chosen.

use ringback_api::{
    CallStatus, CallbackDelivery, DeliveryState, Direction, Issue, OnlyDirection, Score, Step, SummaryStatus,
};

use crate::address::Page;
use crate::format;
use crate::range::Preset;
use crate::text::{fill, t};

fn pick<const N: usize>(texts: &[&'static str; N], index: usize) -> &'static str {
    texts.get(index).copied().unwrap_or_default()
}

pub(crate) fn page(page: Page) -> &'static str {
    pick(&t().common.page_names, page as usize)
}

pub(crate) fn preset(preset: Preset) -> &'static str {
    pick(&t().overview.preset, preset as usize)
}

pub(crate) fn step(step: Step) -> &'static str {
    pick(&t().charts.steps, step as usize)
}

/// The title of the trend in these steps.
pub(crate) fn trend(step: Step) -> &'static str {
    pick(&t().charts.trend, step as usize)
}

/// `2 stars`.
pub(crate) fn score(score: Score) -> String {
    format::counted(score.get().into(), t().formats.stars)
}

pub(crate) fn issue(issue: Issue) -> &'static str {
    pick(&t().charts.issue_names, issue as usize)
}

pub(crate) fn direction(only: OnlyDirection) -> &'static str {
    let index = match only.0 {
        Some(Direction::Inbound) => 0,
        Some(Direction::Outbound) => 1,
        None => 2,
    };
    pick(&t().overview.directions, index)
}

pub(crate) fn status(status: CallStatus) -> &'static str {
    pick(&t().calls.statuses, status as usize)
}

pub(crate) fn summary_status(status: SummaryStatus) -> &'static str {
    pick(&t().summaries.statuses, status as usize)
}

/// Whether a receiver was told: `Delivered, 1 try`.
pub(crate) fn delivery(delivery: &CallbackDelivery) -> String {
    let text = &t().summaries;
    let state = match delivery.state {
        DeliveryState::Pending => text.pending,
        DeliveryState::Delivered => text.delivered,
        DeliveryState::GivenUp => text.given_up,
    };
    fill(state, &[&format::counted(delivery.tries.into(), text.tries)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_name() {
        assert_eq!(Page::ALL.map(page), ["Overview", "Summaries", "Settings"]);
        assert_eq!([preset(Preset::Today), preset(Preset::Months12)], ["Today", "12 months"]);
        assert_eq!([step(Step::Hour), step(Step::Month)], ["Hour", "Month"]);
        assert!(trend(Step::Week).ends_with("per week"));
        assert_eq!([issue(Issue::ImperfectAudio), issue(Issue::OneWayAudio)], ["Imperfect audio", "One-way audio"]);
        assert_eq!([status(CallStatus::Completed), status(CallStatus::Canceled)], ["Completed", "Canceled"]);
        let statuses =
            [SummaryStatus::Queued, SummaryStatus::InProgress, SummaryStatus::Completed, SummaryStatus::Failed];
        assert_eq!(statuses.map(summary_status), ["Queued", "In progress", "Completed", "Failed"]);
        assert_eq!([score(Score::One), score(Score::Two)], ["1 star", "2 stars"]);
    }
}
