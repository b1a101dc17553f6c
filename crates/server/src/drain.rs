//! Drains request bodies that a handler did not read. While part of a body is outstanding, the connection cannot carry
//! another request. hyper would close it silently, and a client that reuses connections would fail on its next request.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures::{Stream, StreamExt as _};

use crate::body::content_length;

/// The most bytes that are read only to be discarded.
const MAX_BYTES: u64 = 1024 * 1024;
/// The time limit for draining a body.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Middleware that reads the rest of the body before it sends the response, or announces that the connection closes.
pub(crate) async fn drain_request_body(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let expects_continue = request.headers().contains_key(header::EXPECT);
    let is_long = content_length(request.headers()).is_some_and(|length| length > MAX_BYTES);
    let rest = Arc::new(Mutex::new(None));
    let request = request.map(|body| {
        let body = Watched { body: Some(body.into_data_stream()), began: false, rest: rest.clone() };
        Body::from_stream(body)
    });
    let mut response = next.run(request).await;
    let left = rest.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Rest { body, began }) = left {
        // Never answers 100-continue for a body that we would discard.
        let is_worth_reading = !is_long && (began || !expects_continue);
        if !is_worth_reading || !drain(body).await {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
    response
}

/// Reads a body to its end. Returns whether it reached the end within the limits.
async fn drain(mut body: BodyDataStream) -> bool {
    let to_the_end = async {
        let mut bytes = 0;
        while let Some(chunk) = body.next().await {
            let Ok(chunk) = chunk else { return false };
            bytes += chunk.len() as u64;
            if bytes > MAX_BYTES {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(TIME_LIMIT, to_the_end).await.unwrap_or(false)
}

struct Rest {
    body: BodyDataStream,
    began: bool,
}

/// A body that hands over its unread rest when it is dropped.
struct Watched {
    /// `None` at the end of the body.
    body: Option<BodyDataStream>,
    began: bool,
    rest: Arc<Mutex<Option<Rest>>>,
}

impl Stream for Watched {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.began = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let next = body.poll_next_unpin(context);
        if let Poll::Ready(None | Some(Err(_))) = next {
            self.body = None;
        }
        next
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Rest { body, began: self.began });
        }
    }
}
