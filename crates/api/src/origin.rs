use std::fmt;

use serde::{Deserialize, Serialize};

/// The origin of a web page, as browsers write it: `https://phone.example`, `http://localhost:3000`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// The text is not an origin as browsers write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an origin must be http:// or https://, a host in lower case and optionally a port other than the scheme's \
     default, such as https://phone.example"
)]
pub struct OriginError;

impl Origin {
    /// Maximum length, in bytes.
    pub const MAX_BYTES: usize = 300;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        let (host, default_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (rest, "443"),
            (_, Some(rest)) => (rest, "80"),
            _ => return Err(OriginError),
        };
        let (host, port) = match host.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (host, None),
        };
        let is_name = |host: &str| host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_'));
        let is_ipv6 = |host: &str| host.bytes().all(|b| matches!(b, b'a'..=b'f' | b'0'..=b'9' | b':' | b'.'));
        let host_is_right = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(address) => !address.is_empty() && is_ipv6(address),
            None => !host.is_empty() && is_name(host),
        };
        let port_is_right = port.is_none_or(|port| {
            port != default_port
                && !port.starts_with('0')
                && port.bytes().all(|b| b.is_ascii_digit())
                && port.parse::<u16>().is_ok()
        });
        if host_is_right && port_is_right && text.len() <= Self::MAX_BYTES { Ok(Self(text)) } else { Err(OriginError) }
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_as_browsers_write_them_are_accepted() {
        for good in [
            "https://phone.example",
            "http://localhost:3000",
            "https://xn--bcher-kva.example:8443",
            "http://127.0.0.1",
            "http://[::1]:8080",
            "https://[2001:db8::1]",
        ] {
            assert!(Origin::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "null",
            "*",
            "phone.example",
            "https://",
            "https://phone.example/",
            "https://Phone.example",
            "HTTPS://phone.example",
            "https://phone.example:443",
            "http://phone.example:80",
            "http://phone.example:",
            "http://phone.example:0",
            "http://phone.example:080",
            "http://phone.example:65536",
            "https://a b",
            "https://a;b",
            "https://*.example",
            "https://me@phone.example",
            "https://[::1",
            "https://[]",
            "ftp://phone.example",
        ] {
            assert_eq!(Origin::try_from(bad.to_owned()), Err(OriginError), "{bad}");
        }
    }
}
