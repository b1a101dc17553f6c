use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Figures;

use super::geometry::{Position, Scale, Slots, float, isolated, line, ticks};
use super::size::width_of;
use crate::format;

const HEIGHT: f64 = 316.0;
const AVERAGES: Scale = Scale { low: 1.0, high: 5.0, top: 30.0, bottom: 160.0 };
const COUNTS_TOP: f64 = 212.0;
const COUNTS_BOTTOM: f64 = 288.0;
/// Room for the longest label of the x axis and some air beside it.
const X_LABEL: f64 = 72.0;
/// Closer together than this, points hide the line that joins them.
const POINT_SPACING: f64 = 9.0;

/// One step of the series.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// What stands below the x axis.
    pub(crate) label: String,
    /// What stands alone, such as in the table.
    pub(crate) name: String,
    pub(crate) figures: Figures,
}

/// The average score as a line over the number of ratings as bars, one of each a step, on the same x axis.
#[component]
pub(crate) fn Trend(
    /// The `id` of the heading that says what is shown.
    labelled_by: &'static str,
    /// What a step is, as the head of the table's first column.
    step: &'static str,
    series: Vec<Mark>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let width = width_of(frame);
    let pointed = RwSignal::new(None::<usize>);
    let rows = series.iter().map(row).collect_view();
    let series = StoredValue::new(series);
    let readout = move || {
        let mark = series.with_value(|series| series.get(pointed.get()?).cloned())?;
        let scores = mark.figures.scores;
        Some(view! {
            <strong>{mark.name}</strong>
            <span>{format::counted(scores.count(), "rating")}</span>
            <span>{format!("average {}", format::average(scores.average()))}</span>
        })
    };
    let drawing = move || {
        let width = width.get();
        (width > 0.0).then(|| series.with_value(|series| draw(series, width, pointed)))
    };
    view! {
        <p class="readout" aria-hidden="true">{readout}</p>
        <div class="trend" node_ref=frame on:pointerleave=move |_| pointed.set(None)>
            <svg role="img" aria-labelledby=labelled_by width="100%" height=HEIGHT>
                {drawing}
            </svg>
        </div>
        <details>
            <summary>"Show as table"</summary>
            <div class="scroll" tabindex="0" role="group" aria-labelledby=labelled_by>
                <table class="numbers" aria-labelledby=labelled_by>
                    <thead>
                        <tr>
                            <th scope="col">{step}</th>
                            <th scope="col">"Calls"</th>
                            <th scope="col">"Asked"</th>
                            <th scope="col">"Rated"</th>
                            <th scope="col">"Average"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn draw(series: &[Mark], width: f64, pointed: RwSignal<Option<usize>>) -> impl IntoView + use<> {
    let most = series.iter().map(|mark| mark.figures.rated()).max().unwrap_or_default();
    let ticks = ticks(most);
    let highest = ticks.last().copied().unwrap_or(1);
    let counts = Scale { low: 0.0, high: float(highest), top: COUNTS_TOP, bottom: COUNTS_BOTTOM };
    let left = 7.5 * float(format::count(highest).len().max(2) as u64) + 10.0;
    let slots = Slots { left, right: width - 8.0, count: series.len() };

    let averages: Vec<Option<Position>> = series
        .iter()
        .enumerate()
        .map(|(i, mark)| {
            let average = mark.figures.scores.average()?;
            Some(Position { x: slots.middle(i), y: AVERAGES.y(average) })
        })
        .collect();
    let dots: Vec<Position> = if slots.width() >= POINT_SPACING {
        averages.iter().copied().flatten().collect()
    } else {
        isolated(&averages).collect()
    };
    let dots = dots.into_iter().map(|Position { x, y }| view! { <circle class="dot" cx=x cy=y r="3" /> });

    let rule = move |y: f64, label: String| {
        view! {
            <line class="rule" x1=left x2=width - 8.0 y1=y y2=y />
            <text class="tick" x=left - 8.0 y=y + 4.0 text-anchor="end">{label}</text>
        }
    };
    let score_rules = (1..=5_u8).map(|score| rule(AVERAGES.y(score.into()), score.to_string()));
    let count_rules = ticks.into_iter().map(|tick| rule(counts.y(float(tick)), format::count(tick)));

    let bars = series.iter().enumerate().filter(|(_, mark)| mark.figures.rated() > 0).map(|(i, mark)| {
        // One rating among thousands is still seen.
        let height = (COUNTS_BOTTOM - counts.y(float(mark.figures.rated()))).max(1.0);
        let x = slots.middle(i) - slots.bar_width() / 2.0;
        view! { <rect class="count" x=x y=COUNTS_BOTTOM - height width=slots.bar_width() height=height /> }
    });
    let labels = slots.labelled(X_LABEL).into_iter().filter_map(|i| {
        let label = series.get(i)?.label.clone();
        // Near the edges a centred label would be cut off.
        let x = slots.middle(i).min(width - X_LABEL / 2.0 + 12.0).max(X_LABEL / 2.0);
        Some(view! { <text class="tick" x=x y=COUNTS_BOTTOM + 20.0 text-anchor="middle">{label}</text> })
    });
    let slots_to_point_at = (0..series.len()).map(|i| {
        view! {
            <rect
                class="slot"
                class:pointed=move || pointed.get() == Some(i)
                x=slots.start(i)
                y=AVERAGES.top - 8.0
                width=slots.width()
                height=COUNTS_BOTTOM - AVERAGES.top + 8.0
                on:pointerenter=move |_| pointed.set(Some(i))
                on:pointerdown=move |_| pointed.set(Some(i))
            />
        }
    });
    view! {
        {slots_to_point_at.collect_view()}
        <text class="axis" x="0" y="14">"Average score"</text>
        {score_rules.collect_view()}
        <text class="axis" x="0" y=COUNTS_TOP - 16.0>"Ratings"</text>
        {count_rules.collect_view()}
        {bars.collect_view()}
        <path class="average" d=line(&averages) />
        {dots.collect_view()}
        {labels.collect_view()}
    }
}

fn row(mark: &Mark) -> impl IntoView + use<> {
    let Figures { calls, asked, scores, .. } = mark.figures;
    view! {
        <tr>
            <th scope="row">{mark.name.clone()}</th>
            <td>{format::count(calls)}</td>
            <td>{format::count(asked)}</td>
            <td>{format::count(scores.count())}</td>
            <td>{format::average(scores.average())}</td>
        </tr>
    }
}
