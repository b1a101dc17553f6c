use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// The width of the element in CSS pixels, or 0 until it is in the page. Charts need it to draw text at its true size;
/// a scaled `viewBox` would shrink text on a phone.
pub(super) fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0);
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            StoredValue::new_local(Observation::start(&element, set_width));
        }
    });
    width
}

/// A `ResizeObserver`. Dropping it ends the observation and frees the callback.
struct Observation {
    observer: Option<ResizeObserver>,
    _callback: Closure<dyn FnMut()>,
}

impl Observation {
    fn start(element: &web_sys::HtmlDivElement, set_width: WriteSignal<f64>) -> Self {
        let measured = element.clone();
        let callback = Closure::<dyn FnMut()>::new(move || set_width.set(f64::from(measured.client_width())));
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _callback: callback }
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
