use leptos::prelude::*;
use ringback_api::{IssueStats, Point, Score};

use super::chart_data::{
    Periods, hour_cells, hour_rows, is_cell, issue_bars, issue_rows, score_bars, scores_shown, time_filter,
    trend_points, trend_rows,
};
use crate::address::{CallList, TimeFilter};
use crate::charts::{Bars, Frame, Heat, Matrix, Numbers, Trend};
use crate::local_time::time_of_day;
use crate::nav::Nav;
use crate::text::{fill, t};
use crate::view::{CollectAny, dynamic};
use crate::{format, names};

/// The charts of the page. A press on a bar, cell or point filters the list of calls.
#[component]
pub(super) fn Charts(
    #[prop(into)] periods: Signal<Periods>,
    /// Called when the list was filtered, to move the focus there.
    #[prop(into)]
    on_filter: Callback<()>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let list = Memo::new(move |_| nav.address.with(|address| address.list.clone()));
    // A press replaces the filters of the list. A second press removes them.
    let filter_by = move |is_chosen: bool, part: CallList| {
        nav.change(|address| {
            address.with_list(|list| {
                let order = list.order;
                *list = if is_chosen { CallList::default() } else { part };
                list.order = order;
            })
        });
        if !is_chosen {
            on_filter.run(());
        }
    };
    view! {
        <TrendCard periods list filter_by=move |(is_chosen, part)| filter_by(is_chosen, part) />
        <div class="pair">
            <ScoresCard periods list filter_by=move |(is_chosen, part)| filter_by(is_chosen, part) />
            <IssuesCard periods list filter_by=move |(is_chosen, part)| filter_by(is_chosen, part) />
        </div>
        <MatrixCard periods list filter_by=move |(is_chosen, part)| filter_by(is_chosen, part) />
        <HeatCard periods list filter_by=move |(is_chosen, part)| filter_by(is_chosen, part) />
    }
}

/// Takes whether the part was chosen already, and the list with its filters.
type FilterBy = Callback<(bool, CallList)>;

#[component]
fn TrendCard(periods: Signal<Periods>, list: Memo<CallList>, #[prop(into)] filter_by: FilterBy) -> impl IntoView {
    let title = Memo::new(move |_| periods.with(|periods| names::trend(periods.now.step).to_owned()));
    let series = Memo::new(move |_| {
        periods.with(|periods| list.with(|list| trend_points(periods, list, &hour_of(&periods.now.time_zone))))
    });
    let choose = move |index| {
        let part = periods.with_untracked(|periods| time_filter(&periods.now, index, &hour_of(&periods.now.time_zone)));
        let is_chosen = list.with_untracked(|list| list.time == part);
        filter_by.run((is_chosen, CallList { time: part, ..CallList::default() }));
    };
    let rows = Signal::derive(move || series.with(|trend_points| trend_rows(trend_points)));
    let table = move || {
        let text = &t().charts;
        let step = periods.with(|periods| names::step(periods.now.step));
        let before = [text.ratings, text.average].map(|what| format!("{what} ({})", text.previous_period));
        let heads = [step, text.calls, text.asked, text.ratings, text.average].map(str::to_owned);
        let heads = heads.into_iter().chain(before).collect::<Vec<_>>();
        view! { <Numbers labelled_by="trend" heads rows choose /> }
    };
    view! {
        <Frame id="trend" title chart=move || view! { <Trend labelled_by="trend" series choose /> } table />
    }
}

#[component]
fn ScoresCard(periods: Signal<Periods>, list: Memo<CallList>, #[prop(into)] filter_by: FilterBy) -> impl IntoView {
    let text = &t().charts;
    let bars = Memo::new(move |_| periods.with(|all| list.with(|list| score_bars(&all.now.totals.scores, list))));
    let detail = move || {
        periods.with(|Periods { now, .. }| {
            let figures = [format::median(now.median), format::deviation(now.standard_deviation)];
            fill(text.distribution_detail, &[&figures[0], &figures[1]])
        })
    };
    let choose = move |index| {
        let Some(score) = scores_shown().nth(index) else { return };
        let is_chosen = list.with_untracked(|list| list.scores == [score] && list.issues.is_empty());
        filter_by.run((is_chosen, CallList { scores: vec![score], ..CallList::default() }));
    };
    view! {
        <section class="card chart" aria-labelledby="distribution">
            <h2 id="distribution">{text.distribution}</h2>
            <p class="hint">{move || detail()}</p>
            <Bars labelled_by="distribution" heads=[text.score, text.ratings, text.share] bars choose />
        </section>
    }
}

#[component]
fn IssuesCard(periods: Signal<Periods>, list: Memo<CallList>, #[prop(into)] filter_by: FilterBy) -> impl IntoView {
    let text = &t().charts;
    let bars = Memo::new(move |_| {
        periods.with(|all| list.with(|list| issue_bars(&all.now.issues, all.now.totals.calls, list)))
    });
    let has_some = Memo::new(move |_| bars.with(|bars| !bars.is_empty()));
    let choose = move |index| {
        let issue =
            periods.with_untracked(|periods| periods.now.issues.get(index).map(|stats: &IssueStats| stats.issue));
        let Some(issue) = issue else { return };
        let is_chosen = list.with_untracked(|list| list.issues == [issue] && list.scores.is_empty());
        filter_by.run((is_chosen, CallList { issues: vec![issue], ..CallList::default() }));
    };
    view! {
        <section class="card chart" aria-labelledby="issues">
            <h2 id="issues">{text.issues}</h2>
            <p class="hint">{move || (!has_some.get()).then_some(text.no_issues)}</p>
            {move || has_some.get().then(|| {
                let heads = [text.issue, text.ratings, text.share_of_calls];
                view! { <Bars labelled_by="issues" heads bars choose /> }
            })}
        </section>
    }
}

#[component]
fn MatrixCard(periods: Signal<Periods>, list: Memo<CallList>, #[prop(into)] filter_by: FilterBy) -> impl IntoView {
    let text = &t().charts;
    let rows = Memo::new(move |_| periods.with(|all| list.with(|list| issue_rows(&all.now.issues, list))));
    let has_some = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    let choose = move |index: usize| {
        let width = Score::ALL.len();
        let issue =
            periods.with_untracked(|all| all.now.issues.get(index / width).map(|stats: &IssueStats| stats.issue));
        let (Some(issue), Some(score)) = (issue, Score::ALL.get(index % width).copied()) else { return };
        let is_chosen = list.with_untracked(|list| is_cell(list, issue, score));
        filter_by.run((is_chosen, CallList { issues: vec![issue], scores: vec![score], ..CallList::default() }));
    };
    let columns = Score::ALL.map(names::score);
    dynamic(move || {
        let matrix = has_some.get().then(|| {
            view! {
                <section class="card chart" aria-labelledby="matrix">
                    <h2 id="matrix">{text.matrix}</h2>
                    <Matrix labelled_by="matrix" corner=text.issue columns=columns.to_vec() rows choose />
                </section>
            }
        });
        matrix.into_any()
    })
}

#[component]
fn HeatCard(periods: Signal<Periods>, list: Memo<CallList>, #[prop(into)] filter_by: FilterBy) -> impl IntoView {
    let text = &t().charts;
    let hours = Memo::new(move |_| periods.with(|all| list.with(|list| hour_cells(&all.now, list))));
    let choose = move |index: usize| {
        let part = Some(TimeFilter::HourOfWeek { weekday: index / 24, hour: index % 24 });
        let is_chosen = list.with_untracked(|list| list.time == part);
        filter_by.run((is_chosen, CallList { time: part, ..CallList::default() }));
    };
    let chart = move || {
        let legend = text.heat_legend.iter().zip(1..).map(|(words, grade)| {
            view! {
                <span>
                    <span class=format!("cell g{grade}")></span>
                    {*words}
                </span>
            }
        });
        view! {
            <Heat labelled_by="heat" weekdays=t().formats.weekdays hours choose />
            <p class="legend" aria-hidden="true">{legend.collect_any()}</p>
        }
    };
    let rows = Signal::derive(move || periods.with(|all| list.with(|list| hour_rows(&all.now, list))));
    let table = move || {
        let heads = [text.hour, text.calls, text.ratings, text.average].map(str::to_owned).to_vec();
        view! { <Numbers labelled_by="heat" heads rows choose /> }
    };
    view! { <Frame id="heat" title=Signal::stored(text.heat.to_owned()) detail=Signal::stored(text.heat_detail.to_owned()) chart table /> }
}

/// The hour of the day in which a step starts. Only the browser knows the time zone.
fn hour_of(time_zone: &str) -> impl Fn(&Point) -> usize {
    move |point| time_of_day(point.start, time_zone).get(..2).and_then(|hour| hour.parse().ok()).unwrap_or_default()
}
