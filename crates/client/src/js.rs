//! Access to the properties of JavaScript objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Reads a property. Returns `undefined` if there is none, and for values that have no properties, such as `null`.
#[must_use]
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Reads a property that is a string and not empty.
#[must_use]
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string().filter(|text| !text.is_empty())
}

/// Sets a property of an object that cannot refuse it, such as one from [`object`].
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &name.into(), value));
}

/// Creates an object with these properties.
#[must_use]
pub fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object
}
