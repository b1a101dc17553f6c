use leptos::prelude::*;

use crate::text::t;

/// Buttons for the pages of a list. The server has cursors for the next page only, so the pager remembers earlier ones.
#[component]
pub(crate) fn Pager(
    /// The cursor of the page that is shown. `None` for the first.
    cursor: Memo<Option<String>>,
    next: Signal<Option<String>>,
    #[prop(into)] go: Callback<Option<String>>,
) -> impl IntoView {
    let text = &t().calls;
    let earlier = StoredValue::new(Vec::<Option<String>>::new());
    let back = move |_| {
        let mut previous = None;
        earlier.update_value(|earlier| previous = earlier.pop());
        go.run(previous.flatten());
    };
    let forward = move |_| {
        earlier.update_value(|earlier| earlier.push(cursor.get_untracked()));
        go.run(next.get_untracked());
    };
    // A changed list starts at its first page, and has other cursors.
    Effect::new(move |_| {
        if cursor.get().is_none() {
            earlier.update_value(Vec::clear);
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
