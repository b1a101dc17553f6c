use leptos::prelude::*;

use crate::text::t;
use crate::view::CollectAny;

/// A chart with its title. A button and the key T show its numbers as a table instead.
#[component]
pub(crate) fn Frame(
    /// The `id` of the heading.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// A line below the title. May be empty.
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

/// A row of a table of numbers. The first cell is its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberRow {
    pub(crate) cells: Vec<String>,
    /// The index of the row's bar, cell or point in the chart, and whether the list shows its calls. `None` if the list
    /// cannot.
    pub(crate) target: Option<(usize, bool)>,
}

/// A table of numbers. The name of a row is a button if the list can show its calls.
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
