//! The form in a request's body, for both APIs.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest as _, Request};
use axum::http::header;
use percent_encoding::percent_decode;
use ringback_api::Pairs;

/// The largest body of a request that is not streamed.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Why a body is not a form.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormError {
    /// Over [`MAX_BODY_BYTES`].
    #[error("The body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    /// It says that it is something else.
    #[error("The body must be application/x-www-form-urlencoded; got '{0}'")]
    MediaType(String),
    /// It is not UTF-8, or was encoded from what is not.
    #[error("The body must be UTF-8")]
    NotUtf8,
    /// It broke off.
    #[error("The body could not be read: {0}")]
    Broken(BytesRejection),
}

/// Reads a form. A request without a body is an empty one, and need not say of what type it is.
pub(crate) async fn read(request: Request) -> Result<Pairs<'static>, FormError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
    let body = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => FormError::TooLarge,
        other => FormError::Broken(other),
    })?;
    if !body.is_empty() {
        let value = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = value.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::MediaType(media_type.to_owned()));
        }
    }
    pairs(&body)
}

/// Decodes strictly: `form_urlencoded` would replace what is not UTF-8.
fn pairs(body: &[u8]) -> Result<Pairs<'static>, FormError> {
    body.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |&byte| byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            Ok((name, value))
        })
        .collect()
}

fn decode(text: &[u8]) -> Result<Cow<'static, str>, FormError> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let decoded = percent_decode(&spaced).collect();
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| FormError::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_as_browsers_encode() {
        let pairs = pairs(b"a=1&a=2+3&b=%C3%A9%2B&c&=d&&e=f=g&h=%zz").unwrap();
        assert_eq!(pairs.all(&["a"]).collect::<Vec<_>>(), ["1", "2 3"]);
        assert_eq!(
            ["b", "c", "e", "h"].map(|name| pairs.first(name)),
            [Some("é+"), Some(""), Some("f=g"), Some("%zz")]
        );
    }

    #[test]
    fn what_is_not_utf_8_is_refused() {
        for body in [&b"a=%FF"[..], b"a=\xff", b"%C3=a", b"a=1&b=%ED%A0%80"] {
            assert!(matches!(pairs(body), Err(FormError::NotUtf8)), "{body:?}");
        }
    }
}
