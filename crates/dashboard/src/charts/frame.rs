use leptos::prelude::*;

use crate::text::t;
use crate::view::CollectAny;

/// A chart with its title, and the same numbers as a table, one key away.
#[component]
pub(crate) fn Frame(
    /// The `id` of its heading.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// What else is to be known; empty for nothing.
    #[prop(optional, into)]
    detail: Signal<String>,
    #[prop(into)] chart: ViewFn,
    #[prop(into)] table: ViewFn,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let text = &t().charts;
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "t" && !(event.ctrl_key() || event.meta_key() || event.alt_key()) {
            as_table.update(|shown| *shown = !*shown);
        }
    };
    view! {
        <section class="card chart" aria-labelledby=id on:keydown=keydown>
            <div class="chart-head">
                <h2 id=id>{title}</h2>
                <button
                    type="button"
                    class="quiet small"
                    title=text.table_hint
                    aria-keyshortcuts="T"
                    aria-pressed=move || as_table.get().to_string()
                    on:click=move |_| as_table.update(|shown| *shown = !*shown)
                >
                    {text.table}
                </button>
            </div>
            <p class="hint">{detail}</p>
            {move || if as_table.get() {
                view! {
                    <div class="scroll" tabindex="0" role="group" aria-labelledby=id>
                        {table.run()}
                    </div>
                }
                .into_any()
            } else {
                chart.run()
            }}
        </section>
    }
}

/// A row of a table of numbers: what is counted, and the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberRow {
    pub(crate) cells: Vec<String>,
    /// Which bar, cell or point of the chart it is, and whether the list shows its calls; `None` for a row that has none.
    pub(crate) target: Option<(usize, bool)>,
}

/// A table of numbers: what is counted in the first column, which is a button where its calls can be shown.
#[component]
pub(crate) fn Numbers(
    labelled_by: &'static str,
    heads: Vec<String>,
    #[prop(into)] rows: Signal<Vec<NumberRow>>,
    #[prop(optional, into)] choose: Option<Callback<usize>>,
) -> impl IntoView {
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_any();
    let row = move |NumberRow { cells, target }: NumberRow| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        let head = match target.zip(choose) {
            Some(((index, chosen), choose)) => view! {
                <button type="button" class="row-name" aria-pressed=chosen.to_string() on:click=move |_| choose.run(index)>
                    {name}
                </button>
            }
            .into_any(),
            None => name.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{head}</th>
                {cells.map(|cell| view! { <td>{cell}</td> }).collect_any()}
            </tr>
        }
    };
    view! {
        <table class="numbers" aria-labelledby=labelled_by>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{move || rows.get().into_iter().map(row).collect_any()}</tbody>
        </table>
    }
}
