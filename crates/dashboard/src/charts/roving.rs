use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

/// The roving tabindex of many buttons: Tab stops at one of them, and the arrow keys move between them.
#[derive(Clone, Copy)]
pub(super) struct RovingFocus {
    stop: RwSignal<usize>,
    pointed: RwSignal<Option<usize>>,
}

impl RovingFocus {
    pub(super) fn new() -> Self {
        Self { stop: RwSignal::new(0), pointed: RwSignal::new(None) }
    }

    /// The `tabindex` of a button.
    pub(super) fn tabindex(self, index: usize) -> impl Fn() -> &'static str + Clone {
        move || if self.stop.get() == index { "0" } else { "-1" }
    }

    /// Whether the pointer or the focus is on the button, and Escape has not closed its tooltip.
    pub(super) fn is_pointed(self, index: usize) -> bool {
        self.pointed.get() == Some(index)
    }
}

/// The element around the buttons. Each button has its index in `data-i`.
#[component]
pub(super) fn RovingGroup(
    focus: RovingFocus,
    class: &'static str,
    labelled_by: &'static str,
    /// Buttons per row.
    columns: usize,
    #[prop(into)] count: Signal<usize>,
    #[prop(into)] choose: Callback<usize>,
    children: Children,
) -> impl IntoView {
    let RovingFocus { stop, pointed } = focus;
    // If buttons go, Tab must still stop at one.
    Effect::new(move |_| {
        let last = count.get().saturating_sub(1);
        if stop.get_untracked() > last {
            stop.set(last);
        }
    });
    let keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            pointed.set(None);
            return;
        }
        let Some(at) = index_of(event.target()) else { return };
        let Some(to) = next(&event.key(), at, columns, count.get_untracked()) else { return };
        event.prevent_default();
        let group = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = group.and_then(|group| group.query_selector(&format!("[data-i='{to}']")).ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    };
    let focused = move |event: FocusEvent| {
        if let Some(index) = index_of(event.target()) {
            stop.set(index);
            pointed.set(Some(index));
        }
    };
    view! {
        <div
            class=class
            role="group"
            aria-labelledby=labelled_by
            on:keydown=keydown
            on:focusin=focused
            on:focusout=move |_| pointed.set(None)
            on:pointerover=move |event: PointerEvent| pointed.set(index_of(event.target()))
            on:pointerleave=move |_| pointed.set(None)
            on:click=move |event| {
                if let Some(index) = index_of(event.target()) {
                    choose.run(index);
                }
            }
        >
            {children()}
        </div>
    }
}

/// The index of the button that is the target of an event.
fn index_of(target: Option<EventTarget>) -> Option<usize> {
    let button = target?.dyn_into::<Element>().ok()?.closest("[data-i]").ok()??;
    button.get_attribute("data-i")?.parse().ok()
}

/// The button that a key moves to. `None` if the key does not move.
fn next(key: &str, at: usize, columns: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let to = match key {
        "ArrowRight" => at.saturating_add(1).min(last),
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" if columns < count => Some(at + columns).filter(|to| *to <= last).unwrap_or(at),
        "ArrowUp" if columns < count => at.checked_sub(columns).unwrap_or(at),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to)
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_move_to_the_next_button_and_stop_at_the_edge() {
        let seven_by_24 = |key, at| next(key, at, 24, 168);
        assert_eq!(seven_by_24("ArrowRight", 0), Some(1));
        assert_eq!(seven_by_24("ArrowDown", 3), Some(27));
        assert_eq!([seven_by_24("ArrowDown", 150), seven_by_24("ArrowUp", 3)], [Some(150), Some(3)]);
        assert_eq!([seven_by_24("ArrowLeft", 0), seven_by_24("ArrowRight", 167)], [Some(0), Some(167)]);
        assert_eq!([seven_by_24("Home", 30), seven_by_24("End", 30)], [Some(0), Some(167)]);
    }

    #[test]
    fn other_keys_and_up_and_down_in_a_single_row_do_not_move() {
        assert_eq!([next("Tab", 0, 24, 168), next("ArrowDown", 0, 28, 28), next("Home", 0, 1, 0)], [None; 3]);
    }
}
