//! Accepts connections, and closes those that stay idle.

use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{self, Next};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower_http::timeout::TimeoutBody;

/// The pause before the next attempt when the system cannot accept another connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// How long a client may send nothing.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From the end of a response, or the start of the connection, to the end of the next request head.
    pub head: Duration,
    /// Between two chunks of a body.
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { head: Duration::from_secs(75), body: Duration::from_secs(30) }
    }
}

/// Serves until `stopped` resolves, and then completes the requests that have begun.
pub async fn serve(listener: TcpListener, router: Router, timeouts: Timeouts, stopped: impl Future<Output = ()>) {
    let router = router.layer(middleware::from_fn(move |request: Request, next: Next| {
        next.run(request.map(|body| Body::new(TimeoutBody::new(timeouts.body, body))))
    }));
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(timeouts.head);
    let connections = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
            () = &mut stopped => break,
        };
        let connection = connections.watch(builder.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection failed");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// Ignores aborted connections; logs and retries when file descriptors run out.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}
