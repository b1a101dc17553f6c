use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// How wide the element is, in CSS pixels; 0 until it stands in the page. A chart that knows it draws its text at its
/// true size, where a scaled `viewBox` would shrink it on a phone.
pub(super) fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0);
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            StoredValue::new_local(Observation::start(&element, set_width));
        }
    });
    width
}

/// Ends when it is dropped, together with the callback that it would call.
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
