use leptos::html::Dialog;
use leptos::prelude::*;

use crate::text::t;

/// A question before an action with consequences.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) title: String,
    /// What the action does.
    pub(super) consequence: String,
    /// The label of the button that runs the action.
    pub(super) button: &'static str,
    pub(super) action: Callback<()>,
}

/// The dialog that asks the question. When it closes, the browser returns the focus.
#[component]
pub(super) fn Confirm(question: RwSignal<Option<Question>>) -> impl IntoView {
    let element = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let (Some(element), true) = (element.get(), question.with(Option::is_some)) {
            let _ = element.show_modal();
        }
    });
    let close = move || {
        if let Some(element) = element.get_untracked() {
            element.close();
        }
    };
    let confirm = move |_| {
        let action = question.with_untracked(|question| question.as_ref().map(|question| question.action));
        close();
        if let Some(action) = action {
            action.run(());
        }
    };
    let part = move |of: fn(&Question) -> String| {
        move || question.with(|question| question.as_ref().map(of).unwrap_or_default())
    };
    view! {
        <dialog
            node_ref=element
            class="confirm"
            aria-labelledby="confirm-title"
            aria-describedby="confirm-text"
            on:close=move |_| question.set(None)
        >
            <h2 id="confirm-title">{part(|question| question.title.clone())}</h2>
            <p id="confirm-text">{part(|question| question.consequence.clone())}</p>
            <div class="buttons">
                <button type="button" autofocus on:click=move |_| close()>
                    {t().settings.cancel}
                </button>
                <button type="button" class="danger" on:click=confirm>
                    {part(|question| question.button.to_owned())}
                </button>
            </div>
        </dialog>
    }
}
