use leptos::html::Dialog;
use leptos::prelude::*;

use crate::text::t;

/// A modal dialog that follows `is_open`.
#[component]
pub(crate) fn Modal(
    #[prop(into)] is_open: Signal<bool>,
    /// The `id` of the heading.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] close: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        match (is_open.get(), element.open()) {
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }
    });
    // Escape closes the dialog without asking. The event comes later, when the history may have opened it again.
    let closed = move |_| {
        let is_closed = element.get_untracked().is_some_and(|element| !element.open());
        if is_open.get_untracked() && is_closed {
            close.run(());
        }
    };
    let content = move || {
        is_open.get().then(|| {
            view! {
                <div class="call-head">
                    <h2 id=id>{title}</h2>
                    <button type="button" autofocus on:click=move |_| close.run(())>
                        {t().calls.close}
                    </button>
                </div>
                {children()}
            }
        })
    };
    view! {
        <dialog node_ref=element class="call" aria-labelledby=id on:close=closed>
            {move || content()}
        </dialog>
    }
}
