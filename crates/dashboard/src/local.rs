//! Times by the clocks of a time zone. The browser knows the zones' rules; shipping them would cost more than the rest of
//! the page.

use jiff::Timestamp;
use js_sys::{Date, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::text::t;

const TIME: [(&str, &str); 2] = [("hour", "2-digit"), ("minute", "2-digit")];
const DAY: [(&str, &str); 3] = [("day", "numeric"), ("month", "short"), ("year", "numeric")];

/// The time of day, such as `09:00`.
pub(crate) fn time_of_day(at: Timestamp, time_zone: &str) -> String {
    written(at, time_zone, &TIME)
}

/// Day and time, such as `3 Nov 2026, 09:00`.
pub(crate) fn day_and_time(at: Timestamp, time_zone: &str) -> String {
    written(at, time_zone, &[DAY.as_slice(), TIME.as_slice()].concat())
}

/// The same to the second.
pub(crate) fn exact_time(at: Timestamp, time_zone: &str) -> String {
    written(at, time_zone, &[DAY.as_slice(), TIME.as_slice(), &[("second", "2-digit")]].concat())
}

fn written(at: Timestamp, time_zone: &str, parts: &[(&str, &str)]) -> String {
    // A zone that is newer than the browser is no reason to fail: then it is UTC, and says so.
    let date = Date::new(&at.as_duration().as_millis_f64().into());
    browser_time(&date, time_zone, parts).unwrap_or_else(|| date.to_iso_string().into())
}

fn browser_time(date: &Date, time_zone: &str, parts: &[(&str, &str)]) -> Option<String> {
    let options = Object::new();
    for (key, value) in parts.iter().chain([&("timeZone", time_zone)]) {
        Reflect::set(&options, &(*key).into(), &(*value).into()).ok()?;
    }
    // The English of the United Kingdom counts hours to 24.
    let locale = if t().language == "en" { "en-GB" } else { t().language };
    // Looked up rather than called as a method of `Date`, since that aborts where JavaScript throws.
    let format = Reflect::get(date, &"toLocaleString".into()).ok()?;
    let text: JsValue = format.dyn_ref::<js_sys::Function>()?.call2(date, &locale.into(), &options).ok()?;
    text.dyn_into::<JsString>().ok().map(String::from)
}
