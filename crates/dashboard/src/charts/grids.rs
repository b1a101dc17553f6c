//! Charts that are grids of cells: issues by score, and hours of the week.

use leptos::prelude::*;

use super::roving::{RovingFocus, RovingGroup};
use crate::view::CollectAny;

/// A cell. It is a button that lists its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The text in the cell.
    pub(crate) text: String,
    /// The class of its shade.
    pub(crate) shade: &'static str,
    /// The accessible name, which is also the tooltip.
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

/// A table of cells with a head for each row and column.
#[component]
pub(crate) fn Matrix(
    labelled_by: &'static str,
    corner: &'static str,
    columns: Vec<String>,
    /// The head of each row, and its cells.
    #[prop(into)]
    rows: Signal<Vec<(String, Vec<Cell>)>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let focus = RovingFocus::new();
    let width = columns.len();
    let count = Signal::derive(move || rows.with(Vec::len) * width);
    let heads = columns.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_any();
    let row = move |(y, (head, row)): (usize, (String, Vec<Cell>))| {
        let row =
            row.into_iter().enumerate().map(move |(x, cell)| view! { <td>{button(focus, y * width + x, cell)}</td> });
        view! {
            <tr>
                <th scope="row">{head}</th>
                {row.collect_any()}
            </tr>
        }
    };
    view! {
        <RovingGroup focus class="matrix" labelled_by columns=width count choose>
            <table aria-labelledby=labelled_by>
                <thead>
                    <tr>
                        <th scope="col">{corner}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{move || rows.get().into_iter().enumerate().map(row).collect_any()}</tbody>
            </table>
        </RovingGroup>
    }
}

/// A heat map of seven days of 24 hours. Days are rows, and columns on a narrow screen.
#[component]
pub(crate) fn Heat(
    labelled_by: &'static str,
    weekdays: [&'static str; 7],
    /// The 168 hours of the week, from Monday at midnight.
    #[prop(into)]
    hours: Signal<Vec<Cell>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let focus = RovingFocus::new();
    let heads = (0..24).map(|hour| view! { <span class="head" aria-hidden="true">{format!("{hour:02}")}</span> });
    let days = move || {
        let hours = hours.get();
        let day = |(day, (name, hours)): (usize, (&'static str, &[Cell]))| {
            let hours = hours.iter().enumerate().map(|(hour, cell)| button(focus, day * 24 + hour, cell.clone()));
            view! {
                <span class="head" aria-hidden="true">{name}</span>
                {hours.collect_any()}
            }
        };
        weekdays.into_iter().zip(hours.chunks(24)).enumerate().map(day).collect_any()
    };
    view! {
        <RovingGroup focus class="heat" labelled_by columns=24 count=Signal::stored(168) choose>
            <span class="head" aria-hidden="true"></span>
            {heads.collect_any()}
            {move || days()}
        </RovingGroup>
    }
}

fn button(focus: RovingFocus, index: usize, Cell { text, shade, name, chosen }: Cell) -> impl IntoView {
    let tip = name.clone();
    view! {
        <button
            type="button"
            class=format!("cell {shade}")
            data-i=index
            tabindex=focus.tabindex(index)
            aria-label=name
            aria-pressed=chosen.to_string()
        >
            {text}
            {move || focus.is_pointed(index).then(|| view! { <span class="tip" aria-hidden="true">{tip.clone()}</span> })}
        </button>
    }
}
