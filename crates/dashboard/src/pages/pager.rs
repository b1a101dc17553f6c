use leptos::prelude::*;

use crate::text::t;

/// Forward by the server's cursors; back by those that were seen on the way.
#[component]
pub(crate) fn Pager(
    /// Of the page that is shown; `None` for the first.
    cursor: Memo<Option<String>>,
    next: Signal<Option<String>>,
    #[prop(into)] go: Callback<Option<String>>,
) -> impl IntoView {
    let text = &t().calls;
    let seen = StoredValue::new(Vec::<Option<String>>::new());
    let back = move |_| {
        let mut before = None;
        seen.update_value(|seen| before = seen.pop());
        go.run(before.flatten());
    };
    let forward = move |_| {
        seen.update_value(|seen| seen.push(cursor.get_untracked()));
        go.run(next.get_untracked());
    };
    // Another list has other pages.
    Effect::new(move |_| {
        if cursor.get().is_none() {
            seen.update_value(Vec::clear);
        }
    });
    let previous = move || {
        cursor.get().map(|_| {
            view! {
                <button type="button" on:click=move |_| go.run(None)>
                    {text.first_page}
                </button>
                <button type="button" on:click=back>
                    {text.previous_page}
                </button>
            }
        })
    };
    let following = move || {
        next.get().map(|_| {
            view! {
                <button type="button" on:click=forward>
                    {text.next_page}
                </button>
            }
        })
    };
    view! {
        <div class="pager">
            {move || previous()}
            {move || following()}
        </div>
    }
}
