//! What the server answers to what is asked, kept while it is asked anew.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_client::v1::Error;

/// What to do when there is no session any more; from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct Expired(pub(crate) Callback<()>);

/// An answer, and whether it is the newest.
pub(crate) struct Loader<T: Send + Sync + 'static> {
    /// The last answer to what is asked now, or was asked before it.
    pub(crate) value: RwSignal<Option<T>>,
    /// Why the last question has no answer.
    pub(crate) error: RwSignal<Option<Error>>,
    /// A question is on its way.
    pub(crate) pending: RwSignal<bool>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loader<T> {}

impl<T: Clone + Send + Sync + 'static> Loader<T> {
    /// Fetches now, and whenever the question changes. Of answers that overtake each other, that to the last counts.
    pub(crate) fn new<Q, F>(question: impl Fn() -> Q + 'static, fetch: impl Fn(Q) -> F + 'static) -> Self
    where
        Q: Clone + PartialEq + 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let loader = Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            pending: RwSignal::new(true),
            again: Trigger::new(),
        };
        let Expired(expired) = expect_context();
        let asked = StoredValue::new(0_u64);
        let answered = StoredValue::new_local(None::<Q>);
        Effect::new(move |_| {
            loader.again.track();
            let question = question();
            asked.update_value(|n| *n += 1);
            let number = asked.get_value();
            loader.pending.set(true);
            let answer = fetch(question.clone());
            spawn_local(async move {
                let answer = answer.await;
                // Gone with its page, or overtaken.
                if asked.try_get_value() != Some(number) {
                    return;
                }
                loader.pending.set(false);
                match answer {
                    Ok(value) => {
                        answered.set_value(Some(question));
                        loader.error.set(None);
                        loader.value.set(Some(value));
                    }
                    Err(Error::SignedOut) => expired.run(()),
                    Err(error) => {
                        // What answers another question must not stand there as the answer to this one.
                        if answered.with_value(|answered| answered.as_ref() != Some(&question)) {
                            loader.value.set(None);
                        }
                        loader.error.set(Some(error));
                    }
                }
            });
        });
        loader
    }

    /// Asks the same again.
    pub(crate) fn again(self) {
        self.again.notify();
    }
}
