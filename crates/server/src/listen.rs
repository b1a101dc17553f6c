//! Takes connections, and lets go of those on which nothing comes.

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

/// How long to wait before connections are taken again, when the system has no room for another.
const BREATH: Duration = Duration::from_secs(1);

/// How long nothing may come.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the end of an answer, or the beginning of the connection, to the end of the next head.
    pub head: Duration,
    /// From one piece of a body to the next.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(75), body: Duration::from_secs(30) }
    }
}

/// Serves until `stopped`, and then what is under way to its end.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stopped: impl Future<Output = ()>) {
    let router = router.layer(middleware::from_fn(move |request: Request, next: Next| {
        next.run(request.map(|body| Body::new(TimeoutBody::new(patience.body, body))))
    }));
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.head);
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
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// Who went away before being taken is nobody's trouble; too many open files are, and pass.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be taken");
        tokio::time::sleep(BREATH).await;
    }
}
