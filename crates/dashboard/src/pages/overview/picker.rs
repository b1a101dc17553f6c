use jiff::civil::Date;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::text;
use crate::range::{End, Preset, Range, RangeError};

/// Why the chosen days are not shown.
#[derive(Debug, Clone)]
pub(super) enum Problem {
    /// The page's address names them; the fields hold other days, which are fine.
    Link(RangeError),
    /// The fields hold them.
    Fields(RangeError),
}

impl Problem {
    fn concerns(&self, end: End) -> bool {
        matches!(self, Self::Fields(error) if error.concerns(end))
    }
}

/// Presets and two date fields, to choose the days.
#[component]
pub(super) fn Picker(
    range: RwSignal<Range>,
    problem: RwSignal<Option<Problem>>,
    #[prop(into)] choose: Callback<Range>,
    today: Date,
) -> impl IntoView {
    let presets = Preset::ALL.map(|preset| {
        let days = preset.range(today);
        view! {
            <button
                type="button"
                aria-pressed=move || (range.get() == days).to_string()
                on:click=move |_| choose.run(days)
            >
                {text::preset(preset)}
            </button>
        }
    });
    let from = NodeRef::<Input>::new();
    let to = NodeRef::<Input>::new();
    // Whenever days are chosen, also the same again: what was typed meanwhile gives way.
    Effect::new(move |_| {
        let range = range.get();
        if let (Some(from), Some(to)) = (from.get(), to.get()) {
            from.set_value(&range.from().to_string());
            to.set_value(&range.to().to_string());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(from), Some(to)) = (from.get(), to.get()) else { return };
        match Range::parse(&from.value(), &to.value()) {
            Ok(range) => choose.run(range),
            Err(error) => problem.set(Some(Problem::Fields(error))),
        }
    };
    let invalid = move |end| problem.get().is_some_and(|problem| problem.concerns(end)).to_string();
    view! {
        <div class="picker">
            <div class="presets" role="group" aria-label=text::PRESETS>
                {presets}
            </div>
            <form class="dates" novalidate on:submit=submit>
                <label>
                    <span>{text::FROM}</span>
                    <input
                        node_ref=from
                        type="date"
                        name="from"
                        aria-describedby="range-problem"
                        aria-invalid=move || invalid(End::From)
                    />
                </label>
                <label>
                    <span>{text::TO}</span>
                    <input
                        node_ref=to
                        type="date"
                        name="to"
                        aria-describedby="range-problem"
                        aria-invalid=move || invalid(End::To)
                    />
                </label>
                <button>{text::SHOW}</button>
            </form>
            <p id="range-problem" class="problem" role="alert">
                {move || problem.get().map(|problem| match problem {
                    Problem::Link(error) => text::bad_link(&error),
                    Problem::Fields(error) => error.to_string(),
                })}
            </p>
        </div>
    }
}
