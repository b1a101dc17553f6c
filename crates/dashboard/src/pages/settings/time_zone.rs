use js_sys::{Array, Function, global};
use leptos::html::Select;
use leptos::prelude::*;
use ringback_api::AccountPatch;
use ringback_client::js::get;
use ringback_client::v1;
use wasm_bindgen::{JsCast, JsValue};

use super::Settings;
use super::form::{self, FormState, form, saved};
use crate::nav::Nav;
use crate::session::CurrentSession;
use crate::text::t;
use crate::view::CollectAny;

/// The time zone in which days and hours are shown.
pub(super) fn section(settings: Settings) -> AnyView {
    let CurrentSession(session) = expect_context();
    let nav = expect_context::<Nav>();
    let text = &t().settings;
    let state = FormState::new();
    let select = NodeRef::<Select>::new();
    let submit = move || {
        let Some(zone) = select.get_untracked().map(|select| select.value()) else { return };
        state.send(Box::pin(async move {
            settings.patch(AccountPatch { time_zone: Some(zone), ..AccountPatch::default() }).await?;
            // Today may be another day in the new zone.
            let renewed = v1::session().await?;
            nav.address.update(|address| address.time_zone.clone_from(&renewed.time_zone));
            session.set(renewed);
            Ok(saved())
        }));
    };
    let now = settings.data.with_untracked(|data| data.account.time_zone.clone());
    let option = |name: String| {
        let (selected, shown) = (name == now, name.replace('_', " "));
        view! {
            <option value=name selected=selected>
                {shown}
            </option>
        }
    };
    let options = zones(&now).into_iter().map(option).collect_any();
    let field = view! {
        <label for="zone">{text.time_zone}</label>
        <select node_ref=select id="zone" aria-describedby="zone-problem" aria-invalid=state.is_invalid()>
            {options}
        </select>
    };
    let controls = vec![form(settings, "zone", state, text.save, vec![field.into_any()], submit)];
    form::section("time-zone", text.time_zone, text.time_zone_hint, controls)
}

/// The time zones that the browser knows, with UTC and the current one, which the browser may not list.
fn zones(now: &str) -> Vec<String> {
    let mut names: Vec<_> = listed().unwrap_or_default().iter().filter_map(|name| name.as_string()).collect();
    names.extend(["UTC".to_owned(), now.to_owned()]);
    names.sort_unstable();
    names.dedup();
    names
}

fn listed() -> Option<Array> {
    let intl = get(&global(), "Intl");
    let list: Function = get(&intl, "supportedValuesOf").dyn_into().ok()?;
    list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok()?.dyn_into().ok()
}
