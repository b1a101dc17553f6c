use leptos::prelude::*;
use ringback_api::Figures;

use super::chart_data::Periods;
use crate::format;
use crate::statistics::{self, Change};
use crate::text::{fill, t};
use crate::view::CollectAny;

/// Whether a higher figure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Higher,
    Lower,
    Neither,
}

/// A figure with its label, detail and change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tile {
    label: &'static str,
    figure: String,
    detail: String,
    hint: &'static str,
    change: ChangeLabel,
}

/// A change against the previous period, in words, as an arrow, and in colour.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChangeLabel {
    class: &'static str,
    arrow: &'static str,
    words: String,
}

/// The main figures of the range, each with its change against the previous period.
#[component]
pub(super) fn Tiles(#[prop(into)] periods: Signal<Periods>) -> impl IntoView {
    let tile = |Tile { label, figure, detail, hint, change }: Tile| {
        view! {
            <div class="tile card">
                <dt>{label}</dt>
                <dd class="figure">{figure}</dd>
                <dd class="detail" title=hint>{detail}</dd>
                <dd class=change.class>
                    <span class="arrow" aria-hidden="true">{change.arrow}</span>
                    " "
                    {change.words}
                </dd>
            </div>
        }
    };
    view! {
        <section aria-labelledby="glance">
            <h2 id="glance" class="visually-hidden">{t().tiles.title}</h2>
            <dl class="tiles">
                {move || periods.with(|periods| tiles(&periods.before.totals, &periods.now.totals)).into_iter().map(tile).collect_any()}
            </dl>
        </section>
    }
}

fn tiles(before: &Figures, now: &Figures) -> [Tile; 6] {
    let text = &t().tiles;
    let formats = &t().formats;
    let rated = now.rated();
    let ratings = format::counted(rated, &formats.ratings);
    let part = |label, count: fn(&ringback_api::Scores) -> u64, goal| {
        let sides = |figures: &Figures| Some((count(&figures.scores), figures.rated()));
        Tile {
            label,
            figure: format::percent(count(&now.scores), rated, 1),
            detail: fill(text.of_ratings, &[&format::count(count(&now.scores)), &ratings]),
            hint: "",
            change: points_label(Change::of_shares(sides(before), sides(now)), goal),
        }
    };
    let response = |figures: &Figures| Some((figures.rated(), figures.asked));
    let coverage = statistics::coverage(now);
    let average = Change::of_averages(&before.scores, &now.scores);
    [
        Tile {
            label: text.average,
            figure: format::average(now.scores.average()),
            detail: match statistics::interval(&now.scores) {
                Some((low, high)) => {
                    let [low, high] = [low, high].map(|end| format::decimal(end, 2));
                    fill(text.average_detail, &[&low, &high, &ratings])
                }
                None => ratings.clone(),
            },
            hint: text.interval_hint,
            change: change_label(average, Goal::Higher, |by| format::decimal(by, 2)),
        },
        part(text.good, statistics::good, Goal::Higher),
        part(text.bad, statistics::bad, Goal::Lower),
        Tile {
            label: text.response_rate,
            figure: format::percent(rated, now.asked, 1),
            detail: fill(text.of_asked, &[&format::count(rated), &format::count(now.asked)]),
            hint: "",
            change: points_label(Change::of_shares(response(before), response(now)), Goal::Higher),
        },
        Tile {
            label: text.coverage,
            figure: coverage.map_or_else(|| format::NONE.into(), |(part, whole)| format::percent(part, whole, 1)),
            detail: match coverage {
                Some((part, whole)) => {
                    fill(text.of_calls, &[&format::count(part), &format::counted(whole, &formats.calls)])
                }
                None => text.no_coverage.into(),
            },
            hint: "",
            change: points_label(Change::of_shares(statistics::coverage(before), coverage), Goal::Higher),
        },
        Tile {
            label: text.calls,
            figure: format::count(now.calls),
            detail: fill(text.calls_detail, &[&format::count(now.asked), &format::count(rated)]),
            hint: "",
            change: change_label(Change::of_counts(before.calls, now.calls), Goal::Neither, |by| {
                format!("{}{}%", format::decimal(by, 1), formats.before_percent)
            }),
        },
    ]
}

fn points_label(change: Change, goal: Goal) -> ChangeLabel {
    change_label(change, goal, |by| fill(t().tiles.points, &[&format::decimal(by, 1)]))
}

fn change_label(change: Change, goal: Goal, write: impl Fn(f64) -> String) -> ChangeLabel {
    let text = &t().tiles;
    let (arrow, template, by, is_better) = match change {
        Change::Unknown => return ChangeLabel { class: "change", arrow: "", words: text.nothing_before.into() },
        Change::Same => return ChangeLabel { class: "change", arrow: "=", words: text.same.into() },
        Change::Higher(by) => ("▲", text.higher, by, goal == Goal::Higher),
        Change::Lower(by) => ("▼", text.lower, by, goal == Goal::Lower),
    };
    let (class, judgement) = match goal {
        Goal::Neither => ("change", ""),
        _ if is_better => ("change better", text.better),
        _ => ("change worse", text.worse),
    };
    let moved = fill(template, &[&write(by)]);
    let words = if judgement.is_empty() { moved } else { format!("{moved}, {judgement}") };
    ChangeLabel { class, arrow, words }
}

#[cfg(test)]
mod tests {
    use ringback_api::Scores;

    use super::*;

    fn figures(calls: u64, asked: u64, scores: [u64; 5]) -> Figures {
        Figures { calls, asked, dismissed: 0, scores: Scores::new(scores) }
    }

    #[test]
    fn each_tile_has_a_figure_a_detail_and_a_change() {
        let before = figures(400, 100, [10, 10, 10, 10, 10]);
        let now = figures(300, 100, [4, 4, 8, 12, 12]);
        let rows = tiles(&before, &now).map(|tile| {
            let ChangeLabel { class, arrow, words } = tile.change;
            [tile.label, &tile.figure, &tile.detail, class, arrow, &words].join(" | ")
        });
        assert_eq!(
            rows,
            [
                "Average score | 3.60 | 3.19–4.01 at 95% · 40 ratings | change better | ▲ | 0.60 higher, better",
                "Good (4 and 5) | 60.0% | 24 of 40 ratings | change better | ▲ | 20.0 points higher, better",
                "Bad (1 and 2) | 20.0% | 8 of 40 ratings | change better | ▼ | 20.0 points lower, better",
                "Response rate | 40.0% | 40 rated of 100 asked | change worse | ▼ | 10.0 points lower, worse",
                "Coverage | 13.3% | 40 rated of 300 calls | change better | ▲ | 0.8 points higher, better",
                "Calls | 300 | 100 asked · 40 rated | change | ▼ | 25.0% lower",
            ]
        );
    }

    #[test]
    fn a_figure_without_a_previous_one_has_no_change() {
        let now = figures(2, 2, [0, 0, 0, 0, 1]);
        let tiles = tiles(&Figures::default(), &now);
        assert!(tiles.iter().all(|tile| tile.change.words == "Nothing to compare with"), "{tiles:?}");
        assert_eq!((tiles[0].detail.as_str(), tiles[4].figure.as_str()), ("1 rating", "–"));
    }
}
