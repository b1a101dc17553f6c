use leptos::prelude::*;

use crate::view::CollectAny;

/// The colour of a bar. Its label says the same in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Neutral,
    Bad,
}

/// A bar and its numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) tone: Tone,
    /// From 0 to 1.
    pub(crate) length: f64,
    pub(crate) count: String,
    pub(crate) share: String,
    /// The list of calls shows this bar's calls.
    pub(crate) chosen: bool,
}

/// Horizontal bars with their numbers. The bars are in a table, so a screen reader reads what the eye sees. Each bar is
/// a button that lists its calls.
#[component]
pub(crate) fn Bars(
    /// The `id` of the chart's heading.
    labelled_by: &'static str,
    /// The heads of the three columns: label, count, share.
    heads: [&'static str; 3],
    #[prop(into)] bars: Signal<Vec<Bar>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_any();
    let row = move |(index, Bar { label, tone, length, count, share, chosen })| {
        let class = match tone {
            Tone::Good => "bar good",
            Tone::Neutral => "bar neutral",
            Tone::Bad => "bar bad",
        };
        view! {
            <tr>
                <th scope="row">
                    <button
                        type="button"
                        class="bar-label"
                        aria-pressed=chosen.to_string()
                        on:click=move |_| choose.run(index)
                    >
                        <span>{label}</span>
                        <svg class=class aria-hidden="true">
                            <rect class="track" width="100%" height="100%" rx="3" />
                            <rect class="fill" width=format!("{:.2}%", 100.0 * length) height="100%" rx="3" />
                        </svg>
                    </button>
                </th>
                <td>{count}</td>
                <td>{share}</td>
            </tr>
        }
    };
    view! {
        <table class="bars" aria-labelledby=labelled_by>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{move || bars.get().into_iter().enumerate().map(row).collect_any()}</tbody>
        </table>
    }
}
