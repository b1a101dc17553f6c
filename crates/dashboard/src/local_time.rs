//! Times in a time zone, formatted by the browser. It knows the rules of all zones; shipping them would cost more than
//! the rest of the page.

use jiff::Timestamp;
use js_sys::{Date, Function, JsString, Object};
use ringback_client::js::{get, set};
use wasm_bindgen::{JsCast, JsValue};

use crate::text::t;

const TIME: [(&str, &str); 2] = [("hour", "2-digit"), ("minute", "2-digit")];
const DAY: [(&str, &str); 3] = [("day", "numeric"), ("month", "short"), ("year", "numeric")];

/// The time of day: `09:00`.
pub(crate) fn time_of_day(at: Timestamp, time_zone: &str) -> String {
    format(at, time_zone, &TIME)
}

/// Day and time: `3 Nov 2026, 09:00`.
pub(crate) fn day_and_time(at: Timestamp, time_zone: &str) -> String {
    format(at, time_zone, &[DAY.as_slice(), TIME.as_slice()].concat())
}

/// Day and time to the second: `3 Nov 2026, 09:00:00`.
pub(crate) fn exact_time(at: Timestamp, time_zone: &str) -> String {
    format(at, time_zone, &[DAY.as_slice(), TIME.as_slice(), &[("second", "2-digit")]].concat())
}

fn format(at: Timestamp, time_zone: &str, parts: &[(&str, &str)]) -> String {
    let date = Date::new(&at.as_duration().as_millis_f64().into());
    // An older browser may not know the zone. ISO 8601 shows that the time is in UTC.
    to_locale_string(&date, time_zone, parts).unwrap_or_else(|| date.to_iso_string().into())
}

fn to_locale_string(date: &Date, time_zone: &str, parts: &[(&str, &str)]) -> Option<String> {
    let options = Object::new();
    for (key, value) in parts.iter().chain([&("timeZone", time_zone)]) {
        set(&options, key, &(*value).into());
    }
    // British English has a 24-hour clock.
    let locale = if t().language == "en" { "en-GB" } else { t().language };
    // Called as a function, because the binding of `Date` aborts if JavaScript throws.
    let function = get(date, "toLocaleString");
    let text: JsValue = function.dyn_ref::<Function>()?.call2(date, &locale.into(), &options).ok()?;
    text.dyn_into::<JsString>().ok().map(String::from)
}
