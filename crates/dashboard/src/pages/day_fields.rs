use leptos::html::Input;
use leptos::prelude::*;

use crate::range::{End, RangeError};
use crate::text::t;

/// The fields for the first and the last day of a range.
#[component]
pub(crate) fn DayFields(
    fields: [NodeRef<Input>; 2],
    names: [&'static str; 2],
    #[prop(optional)] values: [String; 2],
    /// The error in the days that the user entered.
    problem: RwSignal<Option<RangeError>>,
    /// The `id` of the element that shows the error.
    described_by: &'static str,
) -> impl IntoView {
    let field = move |end, field, name, value| {
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
                    aria-describedby=described_by
                    aria-invalid=move || problem.get().is_some_and(|problem| problem.concerns(end)).to_string()
                />
            </label>
        }
    };
    let ([first, last], [first_name, last_name], [first_value, last_value]) = (fields, names, values);
    view! {
        {field(End::From, first, first_name, first_value)}
        {field(End::To, last, last_name, last_value)}
    }
}
