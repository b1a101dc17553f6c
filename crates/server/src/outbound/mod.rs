//! HTTP to servers that customers name. They may mean harm: by default only public addresses are spoken to, redirects
//! are not followed, no proxy is in between, and time and size of an answer are bounded.

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

/// How long a server may take to answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How long the body of an answer is read for, of which nobody wants anything: closing at once would look like a failure
/// to who sends it.
const BODY_TIME_LIMIT: Duration = Duration::from_secs(1);
const MAX_BODY_BYTES: usize = 64 * 1024;
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Which addresses are spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reachable {
    /// Those of the public internet.
    Public,
    /// All of them: whoever has an account can then reach what this machine reaches.
    All,
}

/// Sends requests out.
pub struct Outbound {
    reachable: Reachable,
    time_limit: Duration,
    /// Made when it is first needed: certificates are many, and not every server has callbacks.
    tls: OnceCell<TlsConnector>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Where.
    pub(crate) url: Url,
    /// Beside those that each request has.
    pub(crate) headers: HeaderMap,
    /// The body of a POST; a GET has none.
    pub(crate) form: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The header Retry-After.
    pub(crate) retry_after: Option<String>,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The name or the address in the URL leads where callbacks must not go. Which address that is is not said: a name
    /// may be of a network that the account knows nothing of.
    #[error("refused: the host leads to a private or reserved address")]
    Forbidden,
    /// The name has no address.
    #[error("the host's name cannot be resolved: {0}")]
    Unresolved(io::Error),
    /// Nobody listens there.
    #[error("no connection: {0}")]
    Connect(io::Error),
    /// This machine has no certificates to check others by, or they cannot be read.
    #[error("TLS cannot be used: {0}")]
    NoTls(String),
    /// The server has no good certificate, or does not speak TLS.
    #[error("no TLS connection: {0}")]
    Tls(io::Error),
    /// The URL cannot be written in a request.
    #[error("the URL cannot be requested: {0}")]
    Unwritable(#[from] axum::http::Error),
    /// What was said is not HTTP, or broke off.
    #[error("the exchange broke off: {0}")]
    Http(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer within {:.1} s", .0.as_secs_f32())]
    TimedOut(Duration),
}

impl Outbound {
    /// `time_limit` is what [`TIME_LIMIT`] is about.
    #[must_use]
    pub fn new(reachable: Reachable, time_limit: Duration) -> Self {
        Self { reachable, time_limit, tls: OnceCell::new() }
    }

    /// Whether a URL has an address in it that is never spoken to. A name is looked at when it is resolved.
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
        self.reachable == Reachable::All || address::is_public(address.ip())
    }

    /// Sends a message and waits for the answer; never longer than the time limit.
    pub(crate) async fn send(&self, message: Message) -> Result<Answer, Failure> {
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

    /// Connects to an address that was checked: the name is resolved once, here.
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
            // Leaves time for the next one: IPv6 that leads nowhere is common.
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

/// Trusts whom the machine trusts: its certificates, or those in `SSL_CERT_FILE` and `SSL_CERT_DIR`.
async fn connector() -> Result<TlsConnector, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let reason = found.errors.first().map_or("there are none".to_owned(), ToString::to_string);
        return Err(Failure::NoTls(format!("certificates of authorities: {reason}")));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error: rustls::Error| Failure::NoTls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Failure> {
    let invalid = || Failure::NoTls("the host is not a name that a certificate can have".to_owned());
    match url.host().ok_or_else(invalid)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| invalid()),
        Host::Ipv4(ip) => Ok(std::net::IpAddr::from(ip).into()),
        Host::Ipv6(ip) => Ok(std::net::IpAddr::from(ip).into()),
    }
}

async fn exchange<S>(stream: S, request: Request<String>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(MAX_HEAD_BYTES)
        .handshake(TokioIo::new(stream))
        .await?;
    let mut answer = pin!(async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let _ = timeout(BODY_TIME_LIMIT, discard(body)).await;
        Ok(Answer { status: head.status, retry_after: retry_after(&head.headers) })
    });
    tokio::select! {
        answer = &mut answer => answer,
        // What it has read is on its way to the answer, or why it broke off.
        _ = connection => answer.await,
    }
}

/// Reads on until the end, or until it is more than anybody has to say.
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
    fn whatever_a_url_can_hold_can_be_requested() {
        let every: String = (' '..='~').chain(['ü', '€', '\u{10ffff}']).filter(|c| !matches!(c, '#' | '?')).collect();
        let url: Url = format!("http://example.com:81/{every}?{every}").parse().unwrap();
        let request = request(&Message { url: url.clone(), headers: HeaderMap::new(), form: None }).unwrap();
        assert_eq!(format!("http://example.com:81{}", request.uri()), url.as_str());
        assert_eq!(request.method(), Method::GET);
        assert_eq!(request.headers()["host"], "example.com:81");
    }

    #[test]
    fn literal_addresses_are_judged_before_anything_is_sent() {
        let (public, all) = (Outbound::new(Reachable::Public, TIME_LIMIT), Outbound::new(Reachable::All, TIME_LIMIT));
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
