use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{FormError, Pairs, SummarySid, SummaryStatus};

/// Who is told when a summary ends: `StatusCallback` and `StatusCallbackMethod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCallback {
    /// Where.
    pub url: CallbackUrl,
    /// How.
    pub method: CallbackMethod,
}

impl StatusCallback {
    /// Parses the two parameters of a form. Without a URL, or with an empty one, nobody is told.
    pub fn parse(pairs: &Pairs<'_>) -> Result<Option<Self>, FormError> {
        let method = pairs.parse("StatusCallbackMethod")?.unwrap_or(CallbackMethod::Post);
        if pairs.first(CallbackUrl::PARAMETER).is_none_or(str::is_empty) {
            return Ok(None);
        }
        Ok(pairs.parse(CallbackUrl::PARAMETER)?.map(|url| Self { url, method }))
    }
}

/// An absolute `http` or `https` URL of bounded length, without user name, password or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackUrl(Url);

/// Why a text is not a [`CallbackUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackUrlError {
    /// It is not a URL, or leads somewhere else than to a web server.
    #[error("must be a URL that begins with http:// or https://")]
    NotHttp,
    /// It would have to be stored and listed with the password in it.
    #[error("must be a URL without a user name and password")]
    UserInfo,
    /// Nobody can be reached there.
    #[error("must be a URL with a port other than 0")]
    Port,
    /// It is too long.
    #[error("must be a URL of at most {} characters", CallbackUrl::MAX_CHARS)]
    TooLong,
}

impl CallbackUrl {
    /// The parameter that it comes in.
    pub const PARAMETER: &str = "StatusCallback";
    /// The longest URL, written in ASCII.
    pub const MAX_CHARS: usize = 2048;

    /// The URL, normalised.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for CallbackUrl {
    type Err = CallbackUrlError;

    fn from_str(text: &str) -> Result<Self, CallbackUrlError> {
        // Browsers find a host in `http:///host`, and nobody means that.
        if text.split_once("://").is_some_and(|(_, rest)| rest.starts_with(['/', '\\'])) {
            return Err(CallbackUrlError::NotHttp);
        }
        let mut url: Url = text.parse().map_err(|_| CallbackUrlError::NotHttp)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(CallbackUrlError::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(CallbackUrlError::UserInfo);
        }
        if url.port() == Some(0) {
            return Err(CallbackUrlError::Port);
        }
        // It is never sent.
        url.set_fragment(None);
        if url.as_str().len() > Self::MAX_CHARS {
            return Err(CallbackUrlError::TooLong);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a callback is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum CallbackMethod {
    /// Parameters in the query.
    Get,
    /// Parameters in a form.
    Post,
}

/// A text that is not a [`CallbackMethod`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be GET or POST")]
pub struct CallbackMethodError;

impl CallbackMethod {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl FromStr for CallbackMethod {
    type Err = CallbackMethodError;

    /// Case does not matter.
    fn from_str(text: &str) -> Result<Self, CallbackMethodError> {
        [Self::Get, Self::Post]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
            .ok_or(CallbackMethodError)
    }
}

/// The answer of `GET /v1/accounts/{AC}/callbacks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackPage {
    /// The newest first.
    pub callbacks: Vec<CallbackDelivery>,
    /// The `cursor` of the next page; null at the end.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
}

/// What a StatusCallback is told, and whether it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackDelivery {
    /// The summary that ended.
    pub summary_sid: SummarySid,
    /// How it ended.
    pub summary_status: SummaryStatus,
    /// Where it is told, without what a GET adds to the query.
    pub url: String,
    /// How it is told.
    pub method: CallbackMethod,
    /// How far that is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// The status of the last try's answer; null if there was none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_status: Option<u16>,
    /// Why the last try had no answer; null if it had one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_error: Option<String>,
    /// When it is tried next; null unless it is pending.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_try_at: Option<Timestamp>,
    /// When the summary ended.
    pub created_at: Timestamp,
    /// When it was last tried, or else created.
    pub updated_at: Timestamp,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It is to be tried, or tried again.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was not, and is not tried again.
    GivenUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<Option<(String, CallbackMethod)>, String> {
        let callback = StatusCallback::parse(&pairs.iter().copied().collect()).map_err(|error| error.to_string())?;
        Ok(callback.map(|callback| (callback.url.to_string(), callback.method)))
    }

    #[test]
    fn post_unless_told_otherwise() {
        let url = ("StatusCallback", "https://example.com/a?b=c");
        let told = |method| Ok(Some((url.1.to_owned(), method)));
        assert_eq!(parse(&[url]), told(CallbackMethod::Post));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "POST")]), told(CallbackMethod::Post));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "GET")]), told(CallbackMethod::Get));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "get")]), told(CallbackMethod::Get));
        for nobody in [&[][..], &[("StatusCallback", "")], &[("StatusCallbackMethod", "GET")]] {
            assert_eq!(parse(nobody), Ok(None));
        }
        assert_eq!(
            parse(&[url, ("StatusCallbackMethod", "PUT")]).unwrap_err(),
            "Parameter StatusCallbackMethod must be GET or POST; got 'PUT'"
        );
        // Also when there is nobody to tell.
        assert!(parse(&[("StatusCallbackMethod", "")]).is_err());
    }

    #[test]
    fn urls_are_normalised() {
        for (text, url) in [
            ("HTTP://Example.COM", "http://example.com/"),
            ("https://example.com:443/x", "https://example.com/x"),
            ("https://example.com/a b?c d#e", "https://example.com/a%20b?c%20d"),
            ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://0177.0.0.1./", "http://127.0.0.1/"),
            ("http://１２７.0.0.1/", "http://127.0.0.1/"),
            ("http://[::FFFF:7f00:1]:8080", "http://[::ffff:7f00:1]:8080/"),
        ] {
            assert_eq!(text.parse::<CallbackUrl>().map(|url| url.to_string()), Ok(url.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        use CallbackUrlError::{NotHttp, Port, TooLong, UserInfo};
        for (bad, error) in [
            ("example.com/x", NotHttp),
            ("//example.com/x", NotHttp),
            ("/x", NotHttp),
            ("ftp://example.com/", NotHttp),
            ("file:///etc/passwd", NotHttp),
            ("gopher://example.com/", NotHttp),
            ("javascript:alert(1)", NotHttp),
            ("http://", NotHttp),
            ("http://exa mple.com/", NotHttp),
            ("http://256.1.1.1/", NotHttp),
            ("https://me@example.com/", UserInfo),
            ("https://:secret@example.com/", UserInfo),
            ("https://example.com:0/", Port),
            (&format!("https://example.com/{}", "x".repeat(2048)), TooLong),
            (&format!("https://example.com/{}", "ü".repeat(500)), TooLong),
        ] {
            assert_eq!(bad.parse::<CallbackUrl>(), Err(error), "{bad}");
        }
        let longest = format!("https://example.com/{}", "x".repeat(2048 - 20));
        assert!(longest.parse::<CallbackUrl>().is_ok());
        assert_eq!(
            parse(&[("StatusCallback", "ftp://example.com/")]).unwrap_err(),
            "Parameter StatusCallback must be a URL that begins with http:// or https://; got 'ftp://example.com/'"
        );
    }
}
