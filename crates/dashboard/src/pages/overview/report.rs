use jiff::civil::Date;
use leptos::prelude::*;
use ringback_api::{IssueStats, Point, Score, Scores, Stats, Step};

use super::clock::time_of_day;
use super::figures::summary;
use super::text;
use crate::charts::{Bar, Bars, Mark, Tone, Trend, fraction};
use crate::format;
use crate::range::{Preset, Range};

/// The answer of the server, drawn.
#[component]
pub(super) fn Report(stats: Stats, #[prop(into)] choose: Callback<Range>, today: Date) -> impl IntoView {
    let totals = stats.totals;
    let empty = match (totals.calls, totals.asked, totals.rated()) {
        (0, 0, 0) => Some((text::NO_CALLS, text::NO_CALLS_ADVICE)),
        (_, 0, 0) => Some((text::NO_RATINGS, text::NOBODY_ASKED)),
        (_, _, 0) => Some((text::NO_RATINGS, text::NOBODY_RATED)),
        _ => None,
    };
    let summary = summary(&stats);
    let detail = match empty {
        Some((title, advice)) => {
            let longer = Preset::Days90.range(today);
            let offer = (stats.from > longer.from()).then(|| {
                view! {
                    <button type="button" class="primary" on:click=move |_| choose.run(longer)>
                        {text::LONGER}
                    </button>
                }
            });
            view! {
                <section class="card message">
                    <h2>{title}</h2>
                    <p>{advice}</p>
                    {offer}
                </section>
            }
            .into_any()
        }
        None => view! { <Charts stats /> }.into_any(),
    };
    view! {
        {summary}
        {detail}
    }
}

#[component]
fn Charts(stats: Stats) -> impl IntoView {
    let Stats { totals, step, time_zone, series, issues, .. } = stats;
    let series = series.iter().map(|point| mark(point, step, &time_zone)).collect();
    let issues = if issues.is_empty() {
        view! { <p>{text::NO_ISSUES}</p> }.into_any()
    } else {
        let bars = issue_bars(&issues, totals.calls);
        view! { <Bars labelled_by="issues" heads=text::ISSUES_HEADS bars /> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="trend">
            <h2 id="trend">{text::trend(step)}</h2>
            <Trend labelled_by="trend" step=text::step(step) series />
        </section>
        <div class="pair">
            <section class="card" aria-labelledby="distribution">
                <h2 id="distribution">{text::DISTRIBUTION}</h2>
                <Bars
                    labelled_by="distribution"
                    heads=text::DISTRIBUTION_HEADS
                    bars=score_bars(&totals.scores)
                />
            </section>
            <section class="card" aria-labelledby="issues">
                <h2 id="issues">{text::ISSUES}</h2>
                {issues}
            </section>
        </div>
    }
}

fn mark(point: &Point, step: Step, time_zone: &str) -> Mark {
    let Point { date, start, figures } = *point;
    let (label, name) = match step {
        Step::Hour => {
            let time = time_of_day(start, time_zone);
            (time.clone(), format!("{time}, {}", format::weekday(date)))
        }
        Step::Day => (format::day(date), format::weekday(date)),
        Step::Week => (format::day(date), text::week(date)),
        Step::Month => (format::full_month(date), format::full_month(date)),
    };
    Mark { label, name, figures }
}

/// Best first; a full bar would be all ratings.
fn score_bars(scores: &Scores) -> Vec<Bar> {
    let rated = scores.count();
    let bar = |(score, count)| Bar {
        label: text::score(score),
        tone: match score {
            Score::One | Score::Two => Tone::Bad,
            Score::Three => Tone::Neutral,
            Score::Four | Score::Five => Tone::Good,
        },
        length: fraction(count, rated),
        count: format::count(count),
        share: format::percent(count, rated, 1),
    };
    scores.iter().rev().map(bar).collect()
}

/// In the order given, which is the most frequent first; its bar is full, since as parts of all calls none would be seen.
fn issue_bars(issues: &[IssueStats], calls: u64) -> Vec<Bar> {
    let most = issues.iter().map(|issue| issue.scores.count()).max().unwrap_or_default();
    let bar = |IssueStats { issue, scores }: &IssueStats| Bar {
        label: text::issue(*issue).into(),
        tone: Tone::Bad,
        length: fraction(scores.count(), most),
        count: format::count(scores.count()),
        share: format::percent(scores.count(), calls, 2),
    };
    issues.iter().map(bar).collect()
}

/// What stands in the place of the report while the first answer is on its way, of the same size.
#[component]
pub(super) fn Skeleton() -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status">{text::LOADING}</p>
        <div class="skeleton" aria-hidden="true">
            <div class="summary">
                <div class="card"></div>
                <div class="card"></div>
            </div>
            <div class="card trend-card"></div>
            <div class="pair">
                <div class="card"></div>
                <div class="card"></div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use ringback_api::Issue;

    use super::*;

    #[test]
    fn the_five_scores_stand_best_first_and_are_parts_of_all_ratings() {
        let bars = score_bars(&Scores::new([1, 0, 0, 1, 6]));
        let rows: Vec<_> = bars.iter().map(|bar| (bar.label.as_str(), bar.length, bar.share.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("5 stars", 0.75, "75.0%"),
                ("4 stars", 0.125, "12.5%"),
                ("3 stars", 0.0, "0.0%"),
                ("2 stars", 0.0, "0.0%"),
                ("1 star", 0.125, "12.5%")
            ]
        );
    }

    #[test]
    fn an_issues_share_is_that_of_calls_and_its_bar_that_of_the_most_frequent() {
        let issue = |issue, scores| IssueStats { issue, scores: Scores::new(scores) };
        let issues = [issue(Issue::OneWayAudio, [30, 10, 5, 0, 0]), issue(Issue::DroppedCall, [9, 0, 0, 0, 0])];
        let bars = issue_bars(&issues, 10_200);
        let rows: Vec<_> = bars.iter().map(|bar| (bar.count.as_str(), bar.length, bar.share.as_str())).collect();
        assert_eq!(rows, [("45", 1.0, "0.44%"), ("9", 0.2, "0.09%")]);
    }
}
