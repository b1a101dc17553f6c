//! HTTP on the wire: one connection, requests written by hand, responses read byte by byte.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::support::{AUTH_TOKEN, Server};

pub(crate) struct Connection(BufReader<TcpStream>);

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// In order of arrival, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn closes(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

impl Connection {
    pub(crate) async fn open(server: &Server) -> Self {
        Self(BufReader::new(TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap()))
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a request with these header lines and this body.
    pub(crate) async fn request(&mut self, line: &str, headers: &[&str], body: &str) {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = Self::head(line, headers);
        self.send(format!("{head}{length}\r\n{body}")).await;
    }

    /// The request line and the headers, without the blank line that ends them.
    pub(crate) fn head(line: &str, headers: &[&str]) -> String {
        let mut head = format!("{line} HTTP/1.1\r\nHost: ringback\r\n");
        for header in headers {
            head += header;
            head += "\r\n";
        }
        head
    }

    /// Reads the head of a response.
    pub(crate) async fn head_of_reply(&mut self) -> Reply {
        let status = self.line().await.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        Reply { status, headers, body: String::new() }
    }

    /// Reads a response.
    pub(crate) async fn reply(&mut self) -> Reply {
        let mut reply = self.head_of_reply().await;
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        reply.body = String::from_utf8(body).unwrap();
        reply
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }

    /// Whether the server closes the connection without sending more.
    pub(crate) async fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).await.is_ok() && rest.is_empty()
    }
}

/// The header line with the account's credentials.
pub(crate) fn credentials(server: &Server) -> String {
    format!("Authorization: Basic {}", BASE64_STANDARD.encode(format!("{}:{AUTH_TOKEN}", server.account)))
}
