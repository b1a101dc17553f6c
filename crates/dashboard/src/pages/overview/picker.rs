use jiff::civil::Date;
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use ringback_api::{Direction, DirectionFilter};

use crate::address::Address;
use crate::nav::Nav;
use crate::pages::DayFields;
use crate::range::{Preset, Range, RangeError};
use crate::text::{fill, t};
use crate::view::CollectAny;
use crate::{format, names};

/// Chooses the days and calls of the whole page.
#[component]
pub(super) fn Picker(today: Date) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().overview;
    let range = Memo::new(move |_| nav.address.with(|address| address.range));
    let presets = Preset::ALL.into_iter().map(|preset| {
        let days = preset.range(today);
        view! {
            <button
                type="button"
                aria-pressed=move || (range.get() == days).to_string()
                on:click=move |_| nav.change(|address| address.with_range(days))
            >
                {names::preset(preset)}
            </button>
        }
    });
    let from = NodeRef::<Input>::new();
    let to = NodeRef::<Input>::new();
    let problem = RwSignal::new(None::<RangeError>);
    // Replaces what the user has typed whenever days are chosen, even the same days again.
    Effect::new(move |_| {
        let range = nav.address.with(|address| address.range);
        problem.set(None);
        if let (Some(from), Some(to)) = (from.get(), to.get()) {
            from.set_value(&format::iso(range.from()));
            to.set_value(&format::iso(range.to()));
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(from), Some(to)) = (from.get(), to.get()) else { return };
        match Range::parse(&from.value(), &to.value()) {
            Ok(range) => nav.change(|address| address.with_range(range)),
            Err(error) => problem.set(Some(error)),
        }
    };
    let message = move || {
        let typed = problem.get().map(|error| error.message());
        typed.or_else(|| nav.problem.get().map(|error| fill(text.bad_link, &[&error.message()])))
    };
    view! {
        <div class="picker">
            <div class="presets" role="group" aria-label=text.presets>
                {presets.collect_any()}
            </div>
            <form class="dates" novalidate on:submit=submit>
                <DayFields fields=[from, to] names=["from", "to"] problem described_by="range-problem" />
                <button>{text.show}</button>
            </form>
            <CallScope />
            <p id="range-problem" class="problem" role="alert">{move || message()}</p>
        </div>
    }
}

/// Chooses the direction, and whether subaccounts are included.
#[component]
fn CallScope() -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().overview;
    let direction = Memo::new(move |_| nav.address.with(|address| address.direction));
    let subaccounts = Memo::new(move |_| nav.address.with(|address| address.subaccounts));
    let select = NodeRef::<Select>::new();
    let all = [Some(Direction::Inbound), Some(Direction::Outbound), None].map(DirectionFilter);
    let options = all.into_iter().map(|filter| {
        view! {
            <option value=filter.as_str() selected=move || direction.get() == Some(filter)>
                {names::direction(filter.0)}
            </option>
        }
    });
    let choose = move |_| {
        let chosen = select.get().and_then(|select| select.value().parse().ok());
        nav.change(|address| Address { direction: chosen, ..address.with_list(|_| ()) });
    };
    view! {
        <div class="scope">
            <select node_ref=select aria-label=text.direction on:change=choose>
                <option value="" selected=move || direction.get().is_none()>{text.every_direction}</option>
                {options.collect_any()}
            </select>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || subaccounts.get()
                    on:change=move |_| {
                        nav.change(|address| Address {
                            subaccounts: !address.subaccounts,
                            ..address.with_list(|_| ())
                        });
                    }
                />
                {text.subaccounts}
            </label>
        </div>
    }
}
