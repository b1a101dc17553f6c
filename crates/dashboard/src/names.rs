//! Names of the API's values in the reader's language.

use ringback_api::{CallStatus, CallbackDelivery, DeliveryState, Direction, Issue, Scope, Score, Step, SummaryStatus};

use crate::address::Page;
use crate::format;
use crate::range::Preset;
use crate::text::{PerStep, fill, t};

pub(crate) fn page(page: Page) -> &'static str {
    let names = &t().common.page_names;
    match page {
        Page::Overview => names.overview,
        Page::Summaries => names.summaries,
        Page::Settings => names.settings,
    }
}

pub(crate) fn preset(preset: Preset) -> &'static str {
    let names = &t().overview.preset_names;
    match preset {
        Preset::Today => names.today,
        Preset::Days7 => names.days_7,
        Preset::Days28 => names.days_28,
        Preset::Days90 => names.days_90,
        Preset::ThisMonth => names.this_month,
        Preset::Months12 => names.months_12,
    }
}

pub(crate) fn step(step: Step) -> &'static str {
    per_step(&t().charts.step_names, step)
}

/// The title of the trend in these steps.
pub(crate) fn trend(step: Step) -> &'static str {
    per_step(&t().charts.trend_titles, step)
}

fn per_step(texts: &PerStep, step: Step) -> &'static str {
    match step {
        Step::Hour => texts.hour,
        Step::Day => texts.day,
        Step::Week => texts.week,
        Step::Month => texts.month,
    }
}

/// `2 stars`.
pub(crate) fn score(score: Score) -> String {
    format::counted(score.get().into(), &t().formats.stars)
}

pub(crate) fn issue(issue: Issue) -> &'static str {
    let names = &t().charts.issue_names;
    match issue {
        Issue::ImperfectAudio => names.imperfect_audio,
        Issue::DroppedCall => names.dropped_call,
        Issue::IncorrectCallerId => names.incorrect_caller_id,
        Issue::PostDialDelay => names.post_dial_delay,
        Issue::DigitsNotCaptured => names.digits_not_captured,
        Issue::UnsolicitedCall => names.unsolicited_call,
        Issue::AudioLatency => names.audio_latency,
        Issue::OneWayAudio => names.one_way_audio,
    }
}

pub(crate) fn direction(direction: Option<Direction>) -> &'static str {
    let names = &t().overview.direction_names;
    match direction {
        Some(Direction::Inbound) => names.inbound,
        Some(Direction::Outbound) => names.outbound,
        None => names.unknown,
    }
}

pub(crate) fn status(status: CallStatus) -> &'static str {
    let names = &t().calls.status_names;
    match status {
        CallStatus::Completed => names.completed,
        CallStatus::Busy => names.busy,
        CallStatus::NoAnswer => names.no_answer,
        CallStatus::Failed => names.failed,
        CallStatus::Canceled => names.canceled,
    }
}

pub(crate) fn summary_status(status: SummaryStatus) -> &'static str {
    let names = &t().summaries.status_names;
    match status {
        SummaryStatus::Queued => names.queued,
        SummaryStatus::InProgress => names.in_progress,
        SummaryStatus::Completed => names.completed,
        SummaryStatus::Failed => names.failed,
    }
}

/// What a key with this scope may do.
pub(crate) fn scope(scope: Scope) -> &'static str {
    let names = &t().settings.scope_names;
    match scope {
        Scope::Mint => names.mint,
        Scope::Ingest => names.ingest,
        Scope::Read => names.read,
        Scope::Admin => names.admin,
    }
}

/// The state of a callback's delivery: `Delivered, 1 try`.
pub(crate) fn delivery(delivery: &CallbackDelivery) -> String {
    let text = &t().summaries;
    let state = match delivery.state {
        DeliveryState::Pending => text.pending,
        DeliveryState::Delivered => text.delivered,
        DeliveryState::GivenUp => text.given_up,
    };
    fill(state, &[&format::counted(delivery.tries.into(), &text.tries)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_own_name() {
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
