//! Requests that follow signals. A query keeps its last value visible while a new one loads.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_client::v1::Error;

use crate::session::OnSessionExpired;

/// A request, its last value, and its last error.
pub(crate) struct Query<T: Send + Sync + 'static> {
    /// The last value: of the current request, or of an earlier one while the current one is pending.
    pub(crate) value: RwSignal<Option<T>>,
    /// The error of the last request, if it failed.
    pub(crate) error: RwSignal<Option<Error>>,
    pub(crate) pending: RwSignal<bool>,
    reload: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Query<T> {}

impl<T: Clone + Send + Sync + 'static> Query<T> {
    /// Fetches now, and again when the request changes. Ignores the response to an earlier request than the last.
    pub(crate) fn new<R, F>(request: impl Fn() -> R + 'static, fetch: impl Fn(R) -> F + 'static) -> Self
    where
        R: Clone + PartialEq + 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let query = Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            pending: RwSignal::new(true),
            reload: Trigger::new(),
        };
        let OnSessionExpired(expired) = expect_context();
        let sent = StoredValue::new(0_u64);
        let answered = StoredValue::new_local(None::<R>);
        Effect::new(move |_| {
            query.reload.track();
            let request = request();
            sent.update_value(|n| *n += 1);
            let number = sent.get_value();
            query.pending.set(true);
            let response = fetch(request.clone());
            spawn_local(async move {
                let response = response.await;
                // The page is gone, or a newer request was sent.
                if sent.try_get_value() != Some(number) {
                    return;
                }
                query.pending.set(false);
                match response {
                    Ok(value) => {
                        answered.set_value(Some(request));
                        query.error.set(None);
                        query.value.set(Some(value));
                    }
                    Err(Error::SignedOut) => expired.run(()),
                    Err(error) => {
                        // The value of another request would look like this one's.
                        if answered.with_value(|answered| answered.as_ref() != Some(&request)) {
                            query.value.set(None);
                        }
                        query.error.set(Some(error));
                    }
                }
            });
        });
        query
    }

    /// Sends the request again.
    pub(crate) fn reload(self) {
        self.reload.notify();
    }
}
