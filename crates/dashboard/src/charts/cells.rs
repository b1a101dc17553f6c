use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

/// Many buttons that are one stop for Tab; the arrow keys go from one to the next.
#[derive(Clone, Copy)]
pub(super) struct Cells {
    stop: RwSignal<usize>,
    pointed: RwSignal<Option<usize>>,
}

impl Cells {
    pub(super) fn new() -> Self {
        Self { stop: RwSignal::new(0), pointed: RwSignal::new(None) }
    }

    /// The `tabindex` of a button.
    pub(super) fn tabindex(self, index: usize) -> impl Fn() -> &'static str + Clone {
        move || if self.stop.get() == index { "0" } else { "-1" }
    }

    /// Whether the mouse or the focus is on it, and its tooltip was not sent away.
    pub(super) fn is_pointed(self, index: usize) -> bool {
        self.pointed.get() == Some(index)
    }
}

/// What holds the buttons; each has its number as `data-i`.
#[component]
pub(super) fn CellGroup(
    cells: Cells,
    class: &'static str,
    labelled_by: &'static str,
    /// How many buttons stand in a row.
    columns: usize,
    #[prop(into)] count: Signal<usize>,
    #[prop(into)] choose: Callback<usize>,
    children: Children,
) -> impl IntoView {
    let Cells { stop, pointed } = cells;
    // With fewer cells than before, there must be a way in still.
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

/// The number of the button that an event is about.
fn index_of(target: Option<EventTarget>) -> Option<usize> {
    let button = target?.dyn_into::<Element>().ok()?.closest("[data-i]").ok()??;
    button.get_attribute("data-i")?.parse().ok()
}

/// Where a key leads from a cell; `None` where it is not for us.
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
    fn arrows_go_from_cell_to_cell_and_stop_at_the_edge() {
        let seven_by_24 = |key, at| next(key, at, 24, 168);
        assert_eq!(seven_by_24("ArrowRight", 0), Some(1));
        assert_eq!(seven_by_24("ArrowDown", 3), Some(27));
        assert_eq!([seven_by_24("ArrowDown", 150), seven_by_24("ArrowUp", 3)], [Some(150), Some(3)]);
        assert_eq!([seven_by_24("ArrowLeft", 0), seven_by_24("ArrowRight", 167)], [Some(0), Some(167)]);
        assert_eq!([seven_by_24("Home", 30), seven_by_24("End", 30)], [Some(0), Some(167)]);
    }

    #[test]
    fn other_keys_and_a_lone_row_scroll_the_page_as_ever() {
        assert_eq!([next("Tab", 0, 24, 168), next("ArrowDown", 0, 28, 28), next("Home", 0, 1, 0)], [None; 3]);
    }
}
