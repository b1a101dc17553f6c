//! Views with their types erased: each type of view costs kilobytes of code.

use leptos::prelude::*;

/// Collects views into a list of one type.
pub(crate) trait CollectAny {
    /// Like `collect_view`.
    fn collect_any(self) -> Vec<AnyView>;
}

impl<I: Iterator<Item: IntoAny>> CollectAny for I {
    fn collect_any(self) -> Vec<AnyView> {
        self.map(IntoAny::into_any).collect()
    }
}

/// A view that is built again when a signal that it reads changes.
pub(crate) fn dynamic(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    dynamic_boxed(Box::new(view))
}

fn dynamic_boxed(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}
