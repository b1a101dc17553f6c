use leptos::html::Input;
use leptos::prelude::*;

use crate::range::{End, RangeError};
use crate::text::t;

/// A field for the first or last day of some days, with its name.
#[component]
pub(crate) fn DayField(
    end: End,
    field: NodeRef<Input>,
    name: &'static str,
    #[prop(optional)] value: String,
    /// What is wrong with the days that were typed.
    problem: RwSignal<Option<RangeError>>,
    /// The `id` of what says so.
    said_by: &'static str,
) -> impl IntoView {
    let label = match end {
        End::From => t().overview.from,
        End::To => t().overview.to,
    };
    view! {
        <label>
            <span>{label}</span>
            <input
                node_ref=field
                type="date"
                name=name
                value=value
                aria-describedby=said_by
                aria-invalid=move || problem.get().is_some_and(|problem| problem.concerns(end)).to_string()
            />
        </label>
    }
}
