//! The HTTP client for servers that customers name, which may be malicious. By default it connects only to public
//! addresses. It follows no redirects, uses no proxy, and bounds the time and size of a response.

mod address;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use url::{Host, Position, Url};

/// Time limit for a request, from name resolution to the response.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Time limit for reading the body of a response. The body is discarded, but closing the connection at once would look
/// like a failure to the server.
const BODY_TIME_LIMIT: Duration = Duration::from_secs(1);
const MAX_BODY_BYTES: usize = 64 * 1024;
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The addresses that requests may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPolicy {
    /// Addresses of the public internet.
    PublicOnly,
    /// Every address. Account holders can then reach any server that this machine can reach.
    Any,
}

/// Sends requests to servers that customers name.
pub struct Outbound {
    reachable: AddressPolicy,
    time_limit: Duration,
    /// Created on first use, because loading the root certificates is slow and many installations have no callbacks.
    tls: OnceCell<TlsConnector>,
}

/// A request to send.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) url: Url,
    /// Added to the headers that every request has.
    pub(crate) headers: HeaderMap,
    /// The body of a POST; a GET has none.
    pub(crate) form: Option<String>,
}

/// The part of a response that callers need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    /// The `Retry-After` header.
    pub(crate) retry_after: Option<String>,
}

/// A request without a response.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The policy forbids every address of the host. The message omits the address, because a name can belong to a
    /// network that the account must not learn about.
    #[error("refused: the host leads to a private or reserved address")]
    Forbidden,
    /// Name resolution failed.
    #[error("the host's name cannot be resolved: {0}")]
    Unresolved(io::Error),
    /// No TCP connection.
    #[error("no connection: {0}")]
    Connect(io::Error),
    /// TLS cannot be set up: the root certificates cannot be loaded, or the host is not a valid server name.
    #[error("TLS cannot be used: {0}")]
    NoTls(String),
    /// The TLS handshake failed, for example because of an invalid certificate.
    #[error("no TLS connection: {0}")]
    Tls(io::Error),
    /// The URL cannot be part of a request.
    #[error("the URL cannot be requested: {0}")]
    Unwritable(#[from] axum::http::Error),
    /// The response is not HTTP, or the connection closed early.
    #[error("the HTTP exchange failed: {0}")]
    Http(#[from] hyper::Error),
    /// A time limit passed.
    #[error("no response within {:.1} s", .0.as_secs_f32())]
    TimedOut(Duration),
}

impl Outbound {
    /// Creates a client; `time_limit` is [`TIME_LIMIT`] except in tests.
    #[must_use]
    pub fn new(reachable: AddressPolicy, time_limit: Duration) -> Self {
        Self { reachable, time_limit, tls: OnceCell::new() }
    }

    /// Returns whether the URL's host is an IP address that the policy forbids. Host names are checked when they are
    /// resolved.
    #[must_use]
    pub fn never_reaches(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(ip)) => !self.may_reach(SocketAddr::from((ip, 0))),
            Some(Host::Ipv6(ip)) => !self.may_reach(SocketAddr::from((ip, 0))),
            Some(Host::Domain(_)) => false,
            None => true,
        }
    }

    fn may_reach(&self, address: SocketAddr) -> bool {
        self.reachable == AddressPolicy::Any || address::is_public(address.ip())
    }

    /// Sends a request and waits for the response, at most for the time limit.
    pub(crate) async fn send(&self, message: Message) -> Result<Response, Failure> {
        let Message { ref url, .. } = message;
        let exchange = async {
            let request = request(&message)?;
            let stream = self.connect(url).await?;
            if url.scheme() == "https" {
                let tls = self.tls.get_or_try_init(connector).await?;
                let stream = tls.connect(server_name(url)?, stream).await.map_err(Failure::Tls)?;
                exchange(stream, request).await
            } else {
                exchange(stream, request).await
            }
        };
        timeout(self.time_limit, exchange).await.map_err(|_| Failure::TimedOut(self.time_limit))?
    }

    /// Resolves the host once, and connects to a resolved address that the policy allows.
    async fn connect(&self, url: &Url) -> Result<TcpStream, Failure> {
        let port = url.port_or_known_default().unwrap_or_default();
        let addresses: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
            Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
            Some(Host::Domain(name)) => lookup_host((name, port)).await.map_err(Failure::Unresolved)?.collect(),
            None => Vec::new(),
        };
        let mut failure = Failure::Forbidden;
        for address in addresses.into_iter().filter(|address| self.may_reach(*address)) {
            // Leaves time for the next address, because broken IPv6 routes are common.
            match timeout(self.time_limit / 3, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = Failure::Connect(error),
                Err(_) => failure = Failure::TimedOut(self.time_limit / 3),
            }
        }
        Err(failure)
    }
}

fn request(message: &Message) -> Result<Request<String>, axum::http::Error> {
    let url = &message.url;
    let mut request = Request::builder()
        .method(if message.form.is_some() { Method::POST } else { Method::GET })
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(header::USER_AGENT, concat!("Ringback/", env!("CARGO_PKG_VERSION")))
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close")
        .body(message.form.clone().unwrap_or_default())?;
    if message.form.is_some() {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
    }
    request.headers_mut().extend(message.headers.clone());
    Ok(request)
}

/// Trusts the machine's root certificates, or those in `SSL_CERT_FILE` and `SSL_CERT_DIR`.
async fn connector() -> Result<TlsConnector, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let reason = found.errors.first().map_or("none found".to_owned(), ToString::to_string);
        return Err(Failure::NoTls(format!("no root certificates: {reason}")));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error: rustls::Error| Failure::NoTls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Failure> {
    let invalid = || Failure::NoTls("the host is not a valid TLS server name".to_owned());
    match url.host().ok_or_else(invalid)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| invalid()),
        Host::Ipv4(ip) => Ok(std::net::IpAddr::from(ip).into()),
        Host::Ipv6(ip) => Ok(std::net::IpAddr::from(ip).into()),
    }
}

async fn exchange<S>(stream: S, request: Request<String>) -> Result<Response, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(MAX_HEAD_BYTES)
        .handshake(TokioIo::new(stream))
        .await?;
    let mut response = pin!(async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let _ = timeout(BODY_TIME_LIMIT, discard(body)).await;
        Ok(Response { status: head.status, retry_after: retry_after(&head.headers) })
    });
    tokio::select! {
        response = &mut response => response,
        // The connection ended first. `send_request` still returns the response that it read, or the error.
        _ = connection => response.await,
    }
}

/// Reads and drops the body, up to [`MAX_BODY_BYTES`].
async fn discard(mut body: Incoming) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > MAX_BODY_BYTES {
            return;
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(header::RETRY_AFTER)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_valid_url_can_be_requested() {
        let every: String = (' '..='~').chain(['ü', '€', '\u{10ffff}']).filter(|c| !matches!(c, '#' | '?')).collect();
        let url: Url = format!("http://example.com:81/{every}?{every}").parse().unwrap();
        let request = request(&Message { url: url.clone(), headers: HeaderMap::new(), form: None }).unwrap();
        assert_eq!(format!("http://example.com:81{}", request.uri()), url.as_str());
        assert_eq!(request.method(), Method::GET);
        assert_eq!(request.headers()["host"], "example.com:81");
    }

    #[test]
    fn forbidden_literal_addresses_are_known_without_a_request() {
        let (public, all) =
            (Outbound::new(AddressPolicy::PublicOnly, TIME_LIMIT), Outbound::new(AddressPolicy::Any, TIME_LIMIT));
        for (url, refused) in [
            ("http://127.0.0.1/", true),
            ("http://2130706433/", true),
            ("http://0x7f.1/", true),
            ("http://017700000001/", true),
            ("http://0/", true),
            ("http://169.254.169.254/latest/meta-data/", true),
            ("http://[::1]:8080/", true),
            ("http://[::ffff:10.0.0.1]/", true),
            ("http://[64:ff9b::a00:1]/", true),
            ("https://8.8.8.8/", false),
            ("https://[2606:4700::1111]/", false),
            ("https://localhost/", false),
            ("https://example.com/", false),
        ] {
            let url: Url = url.parse().unwrap();
            assert_eq!((public.never_reaches(&url), all.never_reaches(&url)), (refused, false), "{url}");
        }
    }
}
