//! A customer's server that receives callbacks: it records requests and sends the replies that a test sets.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use futures::stream;

#[derive(Debug, Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    /// The whole URL: scheme, host, port, path and query.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16),
    /// A status with one header.
    WithHeader(u16, &'static str, String),
    /// No reply at all.
    Silence,
    /// 200 with an endless body.
    Endless,
    /// 200 with a body that never arrives.
    Stalled,
}

#[derive(Default)]
struct Inner {
    requests: Vec<ReceivedRequest>,
    replies: VecDeque<Reply>,
}

pub(crate) struct Receiver {
    /// Without a trailing slash; the host is an IP address.
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Receiver {
    /// Starts a receiver that sends `replies` in order, and 200 after them.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let inner = Inner { requests: Vec::new(), replies: replies.into_iter().collect() };
        let inner = Arc::new(Mutex::new(inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.inner.lock().unwrap().requests.clone()
    }
}

async fn receive(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let reply = {
        let mut inner = inner.lock().unwrap();
        inner.requests.push(ReceivedRequest {
            method: parts.method.to_string(),
            url: format!("http://{}{}", parts.headers["host"].to_str().unwrap(), parts.uri),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        inner.replies.pop_front().unwrap_or(Reply::Status(200))
    };
    match reply {
        Reply::Status(status) => Response::builder().status(status).body(Body::from("noted")).unwrap(),
        Reply::WithHeader(status, name, value) => {
            Response::builder().status(status).header(name, value).body(Body::empty()).unwrap()
        }
        Reply::Silence => std::future::pending().await,
        Reply::Stalled => Body::from_stream(stream::pending::<std::io::Result<Vec<u8>>>()).into_response(),
        Reply::Endless => {
            Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 16]))).into_response()
        }
    }
}
