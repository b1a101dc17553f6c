use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::Figures;

use super::cells::{CellGroup, Cells};
use super::geometry::{Position, Scale, Slots, float, isolated, line, ticks};
use super::size::width_of;
use crate::format;
use crate::text::{fill, t};
use crate::view::CollectAny;

const HEIGHT: f64 = 316.0;
const AVERAGES: Scale = Scale { low: 1.0, high: 5.0, top: 30.0, bottom: 160.0 };
const COUNTS_TOP: f64 = 212.0;
const COUNTS_BOTTOM: f64 = 288.0;
/// Room for the counts beside the y axis, and beyond the last slot; charts.css says the same of the buttons.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 8.0;
/// Room for the longest label of the x axis and some air beside it.
const X_LABEL: f64 = 72.0;
/// Closer together than this, points hide the line that joins them.
const POINT_SPACING: f64 = 9.0;

/// One step of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// What stands below the x axis.
    pub(crate) label: String,
    /// What stands alone, such as in the table.
    pub(crate) name: String,
    pub(crate) figures: Figures,
    /// The same step of the period before, where it has one.
    pub(crate) before: Option<Figures>,
    pub(crate) chosen: bool,
}

impl Mark {
    fn words(&self) -> [String; 4] {
        let words = |figures: &Figures| {
            let ratings = format::counted(figures.rated(), t().formats.ratings);
            (ratings, format::average(figures.scores.average()))
        };
        let (ratings, average) = words(&self.figures);
        let before = self.before.as_ref().map(words);
        let before = before.map(|(ratings, average)| fill(t().charts.before, &[&ratings, &average]));
        [self.name.clone(), ratings, fill(t().charts.average_of, &[&average]), before.unwrap_or_default()]
    }
}

/// The average score as a line over the number of ratings as bars, one of each a step, on the same x axis, and those of
/// the period before behind them. Each step is a button that shows its calls.
#[component]
pub(crate) fn Trend(
    /// The `id` of the heading that says what is shown.
    labelled_by: &'static str,
    #[prop(into)] series: Signal<Vec<Mark>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let width = width_of(frame);
    let cells = Cells::new();
    let drawing = move || {
        let width = width.get();
        (width > 0.0).then(|| series.with(|series| draw(series, width)))
    };
    let count = Signal::derive(move || series.with(Vec::len));
    let button = move |(index, mark): (usize, Mark)| {
        let words = mark.words();
        let name = words.join(", ");
        let side = match (3 * index).checked_div(count.get_untracked()) {
            Some(0) => "tip from-here",
            Some(1) => "tip",
            _ => "tip to-here",
        };
        let tip = move || {
            let [name, ratings, average, before] = words.clone();
            cells.is_pointed(index).then(|| {
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
                tabindex=cells.tabindex(index)
                aria-label=name.trim_end_matches(", ").to_owned()
                aria-pressed=mark.chosen.to_string()
            >
                {move || tip()}
            </button>
        }
    };
    view! {
        <div class="trend" node_ref=frame>
            // At its true size, but on paper, which is narrower.
            <svg viewBox=move || format!("0 0 {:.0} {HEIGHT}", width.get().max(1.0)) aria-hidden="true">
                {move || drawing()}
            </svg>
            <CellGroup cells class="slots" labelled_by columns=usize::MAX count choose>
                {move || series.get().into_iter().enumerate().map(button).collect_any()}
            </CellGroup>
        </div>
        <p class="legend" aria-hidden="true">
            <span class="now">{t().charts.this_period}</span>
            <span class="then">{t().charts.previous_period}</span>
        </p>
    }
}

fn draw(series: &[Mark], width: f64) -> impl IntoView + use<> {
    let rated = |mark: &Mark| mark.figures.rated().max(mark.before.map_or(0, |figures| figures.rated()));
    let ticks = ticks(series.iter().map(rated).max().unwrap_or_default());
    let highest = ticks.last().copied().unwrap_or(1);
    let counts = Scale { low: 0.0, high: float(highest), top: COUNTS_TOP, bottom: COUNTS_BOTTOM };
    let slots = Slots { left: LEFT, right: width - RIGHT, count: series.len() };

    let line_of = |figures: &dyn Fn(&Mark) -> Option<Figures>| -> Vec<Option<Position>> {
        let position = |(i, mark)| {
            let average = figures(mark)?.scores.average()?;
            Some(Position { x: slots.middle(i), y: AVERAGES.y(average) })
        };
        series.iter().enumerate().map(position).collect()
    };
    let averages = line_of(&|mark| Some(mark.figures));
    let before = line_of(&|mark| mark.before);
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

    let bars = |class: &'static str, wide: f64, of: &dyn Fn(&Mark) -> u64| {
        let bar = |(i, count): (usize, u64)| {
            // One rating among thousands is still seen.
            let height = (COUNTS_BOTTOM - counts.y(float(count))).max(1.0);
            let width = slots.bar_width() * wide;
            view! { <rect class=class x=slots.middle(i) - width / 2.0 y=COUNTS_BOTTOM - height width=width height=height /> }
        };
        series.iter().map(of).enumerate().filter(|(_, count)| *count > 0).map(bar).collect_any()
    };
    let bars_before = bars("count before", 1.0, &|mark| mark.before.map_or(0, |figures| figures.rated()));
    let bars = bars("count", 0.66, &|mark| mark.figures.rated());

    let labels = slots.labelled(X_LABEL).into_iter().filter_map(|i| {
        let label = series.get(i)?.label.clone();
        // Near the edges a centred label would be cut off.
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
