use leptos::prelude::*;
use ringback_api::Figures;

use super::report::Periods;
use crate::format;
use crate::glance::{self, Change};
use crate::text::{fill, t};
use crate::view::CollectAny;

/// Whether more of it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    More,
    Less,
    Neither,
}

/// One figure and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tile {
    label: &'static str,
    figure: String,
    detail: String,
    hint: &'static str,
    change: Shift,
}

/// The change against the period before, in words, shape and colour.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shift {
    class: &'static str,
    arrow: &'static str,
    words: String,
}

/// The figures of the whole range, each against the period before.
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
            <h2 id="glance" class="visually-hidden">{t().glance.title}</h2>
            <dl class="tiles">
                {move || periods.with(|periods| tiles(&periods.before.totals, &periods.now.totals)).into_iter().map(tile).collect_any()}
            </dl>
        </section>
    }
}

fn tiles(before: &Figures, now: &Figures) -> [Tile; 6] {
    let text = &t().glance;
    let formats = &t().formats;
    let rated = now.rated();
    let ratings = format::counted(rated, formats.ratings);
    let part = |label, count: fn(&ringback_api::Scores) -> u64, wish| {
        let sides = |figures: &Figures| Some((count(&figures.scores), figures.rated()));
        Tile {
            label,
            figure: format::percent(count(&now.scores), rated, 1),
            detail: fill(text.of_ratings, &[&format::count(count(&now.scores)), &ratings]),
            hint: "",
            change: points(Change::of_shares(sides(before), sides(now)), wish),
        }
    };
    let response = |figures: &Figures| Some((figures.rated(), figures.asked));
    let coverage = glance::coverage(now);
    let average = Change::of_averages(&before.scores, &now.scores);
    [
        Tile {
            label: text.average,
            figure: format::average(now.scores.average()),
            detail: match glance::interval(&now.scores) {
                Some((low, high)) => {
                    let [low, high] = [low, high].map(|end| format::decimal(end, 2));
                    fill(text.average_detail, &[&low, &high, &ratings])
                }
                None => fill(text.average_alone, &[&ratings]),
            },
            hint: text.interval_hint,
            change: shift(average, Wish::More, |by| format::decimal(by, 2)),
        },
        part(text.good, glance::good, Wish::More),
        part(text.bad, glance::bad, Wish::Less),
        Tile {
            label: text.response_rate,
            figure: format::percent(rated, now.asked, 1),
            detail: fill(text.of_asked, &[&format::count(rated), &format::count(now.asked)]),
            hint: "",
            change: points(Change::of_shares(response(before), response(now)), Wish::More),
        },
        Tile {
            label: text.coverage,
            figure: coverage.map_or_else(|| format::NONE.into(), |(part, whole)| format::percent(part, whole, 1)),
            detail: match coverage {
                Some((part, whole)) => {
                    fill(text.of_calls, &[&format::count(part), &format::counted(whole, formats.calls)])
                }
                None => text.no_coverage.into(),
            },
            hint: "",
            change: points(Change::of_shares(glance::coverage(before), coverage), Wish::More),
        },
        Tile {
            label: text.calls,
            figure: format::count(now.calls),
            detail: fill(text.calls_detail, &[&format::count(now.asked), &format::count(rated)]),
            hint: "",
            change: shift(Change::of_counts(before.calls, now.calls), Wish::Neither, |by| {
                format!("{}{}%", format::decimal(by, 1), formats.before_percent)
            }),
        },
    ]
}

fn points(change: Change, wish: Wish) -> Shift {
    shift(change, wish, |by| fill(t().glance.points, &[&format::decimal(by, 1)]))
}

fn shift(change: Change, wish: Wish, write: impl Fn(f64) -> String) -> Shift {
    let text = &t().glance;
    let (arrow, template, by, is_better) = match change {
        Change::Unknown => return Shift { class: "change", arrow: "", words: text.nothing_before.into() },
        Change::Same => return Shift { class: "change", arrow: "=", words: text.same.into() },
        Change::Higher(by) => ("▲", text.higher, by, wish == Wish::More),
        Change::Lower(by) => ("▼", text.lower, by, wish == Wish::Less),
    };
    let (class, judgement) = match wish {
        Wish::Neither => ("change", ""),
        _ if is_better => ("change better", text.better),
        _ => ("change worse", text.worse),
    };
    let moved = fill(template, &[&write(by)]);
    let words = if judgement.is_empty() { moved } else { format!("{moved}, {judgement}") };
    Shift { class, arrow, words }
}

#[cfg(test)]
mod tests {
    use ringback_api::Scores;

    use super::*;

    fn figures(calls: u64, asked: u64, scores: [u64; 5]) -> Figures {
        Figures { calls, asked, dismissed: 0, scores: Scores::new(scores) }
    }

    #[test]
    fn each_figure_says_of_what_it_is_a_part_and_where_it_went() {
        let before = figures(400, 100, [10, 10, 10, 10, 10]);
        let now = figures(300, 100, [4, 4, 8, 12, 12]);
        let rows = tiles(&before, &now).map(|tile| {
            let Shift { class, arrow, words } = tile.change;
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
    fn without_a_period_before_there_is_no_direction() {
        let now = figures(2, 2, [0, 0, 0, 0, 1]);
        let tiles = tiles(&Figures::default(), &now);
        assert!(tiles.iter().all(|tile| tile.change.words == "Nothing to compare with"), "{tiles:?}");
        assert_eq!((tiles[0].detail.as_str(), tiles[4].figure.as_str()), ("1 rating", "–"));
    }
}
