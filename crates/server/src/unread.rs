//! What a handler left of its request's body. While any of it may still come, no further request can be read from the
//! connection: the server would close it without a word, and a client that keeps connections would fail on its next call.

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

/// How much is read only to be forgotten.
const MAX_BYTES: u64 = 1024 * 1024;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Middleware: reads the rest of a body before the answer leaves, or says in the answer that the connection ends.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let asks_first = request.headers().contains_key(header::EXPECT);
    let is_long = content_length(request.headers()).is_some_and(|length| length > MAX_BYTES);
    let rest = Arc::new(Mutex::new(None));
    let request = request.map(|body| {
        let body = Watched { body: Some(body.into_data_stream()), began: false, rest: rest.clone() };
        Body::from_stream(body)
    });
    let mut response = next.run(request).await;
    let left = rest.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Rest { body, began }) = left {
        // Who asks whether to send it is not to be told yes for nothing.
        let is_worth_reading = !is_long && (began || !asks_first);
        if !is_worth_reading || !read(body).await {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
    response
}

/// Reads a body to its end; whether that was reached.
async fn read(mut body: BodyDataStream) -> bool {
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
    tokio::time::timeout(PATIENCE, to_the_end).await.unwrap_or(false)
}

struct Rest {
    body: BodyDataStream,
    began: bool,
}

/// A body that hands over what is left of it when it is dropped.
struct Watched {
    /// `None` at its end.
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
