use leptos::prelude::*;

use crate::text::t;

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

/// A table of numbers: what is counted in the first column, and a row each.
#[component]
pub(crate) fn Numbers(
    labelled_by: &'static str,
    heads: Vec<String>,
    #[prop(into)] rows: Signal<Vec<Vec<String>>>,
) -> impl IntoView {
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        view! {
            <tr>
                <th scope="row">{cells.next()}</th>
                {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <table class="numbers" aria-labelledby=labelled_by>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
