//! A server that is told of things, as a customer's would be: it notes what comes and answers as it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use futures::stream;

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// As it was requested: scheme, host, port, path and query.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// How to answer.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16),
    /// With a header.
    With(u16, &'static str, String),
    /// Never.
    Silence,
    /// 200 with a body that does not end.
    Endless,
    /// 200 with a body that does not come.
    Stalled,
}

#[derive(Default)]
struct Inside {
    seen: Vec<Seen>,
    replies: VecDeque<Reply>,
}

pub(crate) struct Receiver {
    /// Without a slash at the end; its host is an address.
    pub(crate) url: String,
    inside: Arc<Mutex<Inside>>,
}

impl Receiver {
    /// One that answers with these, one after the other, and then with 200.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let inside = Inside { seen: Vec::new(), replies: replies.into_iter().collect() };
        let inside = Arc::new(Mutex::new(inside));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inside }
    }

    /// All that came so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inside.lock().unwrap().seen.clone()
    }
}

async fn receive(State(inside): State<Arc<Mutex<Inside>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let reply = {
        let mut inside = inside.lock().unwrap();
        inside.seen.push(Seen {
            method: parts.method.to_string(),
            url: format!("http://{}{}", parts.headers["host"].to_str().unwrap(), parts.uri),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        inside.replies.pop_front().unwrap_or(Reply::Status(200))
    };
    match reply {
        Reply::Status(status) => Response::builder().status(status).body(Body::from("noted")).unwrap(),
        Reply::With(status, name, value) => {
            Response::builder().status(status).header(name, value).body(Body::empty()).unwrap()
        }
        Reply::Silence => std::future::pending().await,
        Reply::Stalled => Body::from_stream(stream::pending::<std::io::Result<Vec<u8>>>()).into_response(),
        Reply::Endless => {
            Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 16]))).into_response()
        }
    }
}
