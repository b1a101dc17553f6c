//! Idle connections.

use std::time::Duration;

use ringback_server::listen::{self, Timeouts};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::raw::credentials;
use crate::support::Server;

/// Sends `sent` and then nothing; returns everything that the server sends until it closes the connection.
async fn until_closed(server: &Server, timeouts: Timeouts, sent: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    tokio::spawn(listen::serve(
        listener,
        ringback_server::router::router(server.app.clone()),
        timeouts,
        std::future::pending(),
    ));
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    String::from_utf8(received).unwrap()
}

#[tokio::test]
async fn a_connection_without_a_complete_request_head_is_closed() {
    let server = Server::start().await;
    let timeouts = Timeouts { head: Duration::from_secs(1), body: Duration::from_hours(1) };
    assert_eq!(until_closed(&server, timeouts, "").await, "");
    assert_eq!(until_closed(&server, timeouts, "GET /healthz HTTP/1.1\r\nHost: x\r\n").await, "");
    let answered = until_closed(&server, timeouts, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answered.starts_with("HTTP/1.1 200 OK\r\n"), "{answered}");
}

#[tokio::test]
async fn a_request_whose_body_stalls_is_refused() {
    let server = Server::start().await;
    let timeouts = Timeouts { head: Duration::from_secs(1), body: Duration::from_millis(100) };
    let path = server.feedback(server.call(1, "2026-03-15T11:50:00Z").await);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 14\r\n\r\nQuality",
        credentials(&server)
    );
    let answered = until_closed(&server, timeouts, &request).await;
    assert!(answered.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answered}");
    assert!(answered.contains("The body could not be read") && answered.contains("\"code\":20001"), "{answered}");
    assert_eq!(server.ratings().await, 0);
}
