use jiff::Timestamp;
use js_sys::{Date, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The time of day in a time zone, such as `09:00`. The browser knows the zones' rules; shipping them would cost more
/// than the rest of the page.
pub(super) fn time_of_day(at: Timestamp, time_zone: &str) -> String {
    // A zone that is newer than the browser is no reason to fail: then it is UTC, and says so.
    browser_time(at, time_zone).unwrap_or_else(|| at.to_string())
}

fn browser_time(at: Timestamp, time_zone: &str) -> Option<String> {
    let date = Date::new(&at.to_string().into());
    let options = Object::new();
    for (key, value) in [("timeZone", time_zone), ("hour", "2-digit"), ("minute", "2-digit")] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    // Looked up rather than called as a method of `Date`, since that aborts where JavaScript throws.
    let format = Reflect::get(&date, &"toLocaleTimeString".into()).ok()?;
    let text: JsValue = format.dyn_ref::<js_sys::Function>()?.call2(&date, &"en-GB".into(), &options).ok()?;
    text.dyn_into::<JsString>().ok().map(String::from)
}
