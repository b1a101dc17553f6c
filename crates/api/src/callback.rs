use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::string_enum::string_enum;
use crate::{FormError, Pairs, SummarySid, SummaryStatus};

/// A request that the server sends when a summary ends: `StatusCallback` and `StatusCallbackMethod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCallback {
    /// The receiver's URL.
    pub url: CallbackUrl,
    /// HTTP method of the request.
    pub method: CallbackMethod,
}

impl StatusCallback {
    /// Parses both parameters of a form; `None` if the URL is missing or empty.
    pub fn parse(pairs: &Pairs<'_>) -> Result<Option<Self>, FormError> {
        let method = pairs.parse("StatusCallbackMethod")?.unwrap_or(CallbackMethod::Post);
        if pairs.first(CallbackUrl::PARAMETER).is_none_or(str::is_empty) {
            return Ok(None);
        }
        Ok(pairs.parse(CallbackUrl::PARAMETER)?.map(|url| Self { url, method }))
    }
}

/// An absolute `http` or `https` URL without user name, password or fragment, at most [`MAX_CHARS`](Self::MAX_CHARS)
/// long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackUrl(Url);

/// The text is not a [`CallbackUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackUrlError {
    /// It is not an absolute URL, or its scheme is neither `http` nor `https`.
    #[error("must be a URL that begins with http:// or https://")]
    NotHttp,
    /// It has a user name or password, which the server would store and list.
    #[error("must be a URL without a user name and password")]
    UserInfo,
    /// Its port is 0, to which nothing can connect.
    #[error("must be a URL with a port other than 0")]
    Port,
    /// It is longer than [`CallbackUrl::MAX_CHARS`].
    #[error("must be a URL of at most {} characters", CallbackUrl::MAX_CHARS)]
    TooLong,
}

impl CallbackUrl {
    /// The form parameter with the URL.
    pub const PARAMETER: &str = "StatusCallback";
    /// Maximum length, in ASCII characters after normalisation.
    pub const MAX_CHARS: usize = 2048;

    /// The normalised URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for CallbackUrl {
    type Err = CallbackUrlError;

    fn from_str(text: &str) -> Result<Self, CallbackUrlError> {
        // The URL standard reads `http:///host` as `http://host/`, which nobody means.
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
        // Fragments are never sent.
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

string_enum! {
    /// HTTP method of a callback.
    pub enum CallbackMethod {
        /// Sends the parameters in the query.
        Get = "GET",
        /// Sends the parameters as a form.
        Post = "POST",
    }
}

/// The text is not a [`CallbackMethod`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be GET or POST")]
pub struct CallbackMethodError;

impl FromStr for CallbackMethod {
    type Err = CallbackMethodError;

    /// Ignores case.
    fn from_str(text: &str) -> Result<Self, CallbackMethodError> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text)).ok_or(CallbackMethodError)
    }
}

/// The response to `GET /v1/accounts/{AC}/callbacks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackPage {
    /// Newest first.
    pub callbacks: Vec<CallbackDelivery>,
    /// The `cursor` of the next page; null on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<String>,
}

/// A StatusCallback and the state of its delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackDelivery {
    /// The summary that ended.
    pub summary_sid: SummarySid,
    /// The summary's final status.
    pub summary_status: SummaryStatus,
    /// The receiver's URL, without the parameters that a GET adds to the query.
    pub url: String,
    /// HTTP method of the callback.
    pub method: CallbackMethod,
    /// State of the delivery.
    pub state: DeliveryState,
    /// Number of attempts.
    pub tries: u32,
    /// HTTP status of the response to the last attempt; null if there was none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_status: Option<u16>,
    /// Why the last attempt got no response; null if it got one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_error: Option<String>,
    /// Time of the next attempt; null unless the delivery is pending.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_try_at: Option<Timestamp>,
    /// When the summary ended.
    pub created_at: Timestamp,
    /// Time of the last attempt; before the first one, the same as `created_at`.
    pub updated_at: Timestamp,
}

string_enum! {
    /// State of a callback's delivery.
    pub enum DeliveryState {
        /// Waits for its first or next attempt.
        Pending = "pending",
        /// The receiver responded with 2xx.
        Delivered = "delivered",
        /// Failed; the server does not try again.
        GivenUp = "given-up",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<Option<(String, CallbackMethod)>, String> {
        let callback = StatusCallback::parse(&pairs.iter().copied().collect()).map_err(|error| error.to_string())?;
        Ok(callback.map(|callback| (callback.url.to_string(), callback.method)))
    }

    #[test]
    fn the_method_is_post_by_default() {
        let url = ("StatusCallback", "https://example.com/a?b=c");
        let callback = |method| Ok(Some((url.1.to_owned(), method)));
        assert_eq!(parse(&[url]), callback(CallbackMethod::Post));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "POST")]), callback(CallbackMethod::Post));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "GET")]), callback(CallbackMethod::Get));
        assert_eq!(parse(&[url, ("StatusCallbackMethod", "get")]), callback(CallbackMethod::Get));
        for none in [&[][..], &[("StatusCallback", "")], &[("StatusCallbackMethod", "GET")]] {
            assert_eq!(parse(none), Ok(None));
        }
        assert_eq!(
            parse(&[url, ("StatusCallbackMethod", "PUT")]).unwrap_err(),
            "Parameter StatusCallbackMethod must be GET or POST; got 'PUT'"
        );
        // The method is checked even without a URL.
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
    fn invalid_urls_are_refused_with_the_reason() {
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
