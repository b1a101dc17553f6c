use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Figures;

use super::geometry::{Position, Scale, Slots, float, isolated, line, ticks};
use super::roving::{RovingFocus, RovingGroup};
use super::size::width_of;
use crate::format;
use crate::text::{fill, t};
use crate::view::CollectAny;

const HEIGHT: f64 = 316.0;
const AVERAGES: Scale = Scale { low: 1.0, high: 5.0, top: 30.0, bottom: 160.0 };
const COUNTS_TOP: f64 = 212.0;
const COUNTS_BOTTOM: f64 = 288.0;
/// Space for the labels of the y axis, and after the last slot. The buttons have the same margins in charts.css.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 8.0;
/// The width of the longest label of the x axis, with some space around it.
const X_LABEL: f64 = 72.0;
/// Points that are closer hide the line between them.
const POINT_SPACING: f64 = 9.0;

/// A step of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrendPoint {
    /// The label below the x axis.
    pub(crate) label: String,
    /// The full name, as in the table.
    pub(crate) name: String,
    pub(crate) figures: Figures,
    /// The same step of the previous period, if it has one.
    pub(crate) before: Option<Figures>,
    pub(crate) chosen: bool,
}

impl TrendPoint {
    /// The lines of the tooltip.
    fn describe(&self) -> [String; 4] {
        let describe = |figures: &Figures| {
            let ratings = format::counted(figures.rated(), &t().formats.ratings);
            (ratings, format::average(figures.scores.average()))
        };
        let (ratings, average) = describe(&self.figures);
        let before = self.before.as_ref().map(describe);
        let before = before.map(|(ratings, average)| fill(t().charts.before, &[&ratings, &average]));
        [self.name.clone(), ratings, fill(t().charts.average_of, &[&average]), before.unwrap_or_default()]
    }
}

/// The average score as a line above the number of ratings as bars, per step, with the previous period behind them.
/// Each step is a button that lists its calls.
#[component]
pub(crate) fn Trend(
    /// The `id` of the chart's heading.
    labelled_by: &'static str,
    #[prop(into)] series: Signal<Vec<TrendPoint>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let width = width_of(frame);
    let focus = RovingFocus::new();
    let drawing = move || {
        let width = width.get();
        (width > 0.0).then(|| series.with(|series| draw(series, width)))
    };
    let count = Signal::derive(move || series.with(Vec::len));
    let button = move |(index, point): (usize, TrendPoint)| {
        let lines = point.describe();
        let name = lines.join(", ");
        let side = match (3 * index).checked_div(count.get_untracked()) {
            Some(0) => "tip from-here",
            Some(1) => "tip",
            _ => "tip to-here",
        };
        let tip = move || {
            let [name, ratings, average, before] = lines.clone();
            focus.is_pointed(index).then(|| {
                view! {
                    <span class=side aria-hidden="true">
                        <strong>{name}</strong>
                        <span>{ratings}", "{average}</span>
                        <span>{before}</span>
                    </span>
                }
            })
        };
        view! {
            <button
                type="button"
                data-i=index
                tabindex=focus.tabindex(index)
                aria-label=name.trim_end_matches(", ").to_owned()
                aria-pressed=point.chosen.to_string()
            >
                {move || tip()}
            </button>
        }
    };
    view! {
        <div class="trend" node_ref=frame>
            // At its true size on screen. Paper is narrower, so printing scales it.
            <svg viewBox=move || format!("0 0 {:.0} {HEIGHT}", width.get().max(1.0)) aria-hidden="true">
                {move || drawing()}
            </svg>
            <RovingGroup focus class="slots" labelled_by columns=usize::MAX count choose>
                {move || series.get().into_iter().enumerate().map(button).collect_any()}
            </RovingGroup>
        </div>
        <p class="legend" aria-hidden="true">
            <span class="now">{t().charts.this_period}</span>
            <span class="then">{t().charts.previous_period}</span>
        </p>
    }
}

fn draw(series: &[TrendPoint], width: f64) -> impl IntoView + use<> {
    let rated = |point: &TrendPoint| point.figures.rated().max(point.before.map_or(0, |figures| figures.rated()));
    let ticks = ticks(series.iter().map(rated).max().unwrap_or_default());
    let highest = ticks.last().copied().unwrap_or(1);
    let counts = Scale { low: 0.0, high: float(highest), top: COUNTS_TOP, bottom: COUNTS_BOTTOM };
    let slots = Slots { left: LEFT, right: width - RIGHT, count: series.len() };

    let line_of = |figures: &dyn Fn(&TrendPoint) -> Option<Figures>| -> Vec<Option<Position>> {
        let position = |(i, point)| {
            let average = figures(point)?.scores.average()?;
            Some(Position { x: slots.middle(i), y: AVERAGES.y(average) })
        };
        series.iter().enumerate().map(position).collect()
    };
    let averages = line_of(&|point| Some(point.figures));
    let before = line_of(&|point| point.before);
    let dots: Vec<Position> = if slots.width() >= POINT_SPACING {
        averages.iter().copied().flatten().collect()
    } else {
        isolated(&averages).collect()
    };
    let dots = dots.into_iter().map(|Position { x, y }| view! { <circle class="dot" cx=x cy=y r="3" /> });

    let rule = move |y: f64, label: String| {
        view! {
            <line class="rule" x1=LEFT x2=width - RIGHT y1=y y2=y />
            <text class="tick" x=LEFT - 8.0 y=y + 4.0 text-anchor="end">{label}</text>
        }
    };
    let score_rules = (1..=5_u8).map(|score| rule(AVERAGES.y(score.into()), score.to_string()));
    let count_rules = ticks.into_iter().map(|tick| rule(counts.y(float(tick)), format::count(tick)));

    let bars = |class: &'static str, wide: f64, of: &dyn Fn(&TrendPoint) -> u64| {
        let bar = |(i, count): (usize, u64)| {
            // One rating among thousands stays visible.
            let height = (COUNTS_BOTTOM - counts.y(float(count))).max(1.0);
            let width = slots.bar_width() * wide;
            view! { <rect class=class x=slots.middle(i) - width / 2.0 y=COUNTS_BOTTOM - height width=width height=height /> }
        };
        series.iter().map(of).enumerate().filter(|(_, count)| *count > 0).map(bar).collect_any()
    };
    let bars_before = bars("count before", 1.0, &|point| point.before.map_or(0, |figures| figures.rated()));
    let bars = bars("count", 0.66, &|point| point.figures.rated());

    let labels = slots.labelled(X_LABEL).into_iter().filter_map(|i| {
        let label = series.get(i)?.label.clone();
        // Moved away from the edges, which would cut off a centred label.
        let x = slots.middle(i).min(width - X_LABEL / 2.0 + 12.0).max(X_LABEL / 2.0);
        Some(view! { <text class="tick" x=x y=COUNTS_BOTTOM + 20.0 text-anchor="middle">{label}</text> })
    });
    view! {
        <text class="axis" x="0" y="14">{t().charts.average_axis}</text>
        {score_rules.collect_any()}
        <text class="axis" x="0" y=COUNTS_TOP - 16.0>{t().charts.ratings_axis}</text>
        {count_rules.collect_any()}
        {bars_before}
        {bars}
        <path class="average before" d=line(&before) />
        <path class="average" d=line(&averages) />
        {dots.collect_any()}
        {labels.collect_any()}
    }
}
