//! Parts of pages, of one type whatever is in them: each type costs kilobytes of code.

use leptos::prelude::*;

/// Views, one after another.
pub(crate) trait CollectAny {
    /// Like `collect_view`.
    fn collect_any(self) -> Vec<AnyView>;
}

impl<I: Iterator<Item: IntoAny>> CollectAny for I {
    fn collect_any(self) -> Vec<AnyView> {
        self.map(IntoAny::into_any).collect()
    }
}

/// A part that is made anew when what it reads changes.
pub(crate) fn live(part: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    made_anew(Box::new(part))
}

fn made_anew(part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || part()).into_any()
}
