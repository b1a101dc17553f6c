//! Request bodies, for both APIs.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode;
use ringback_api::Pairs;

/// The size limit of a body that is not streamed.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// A body cannot be read or has the wrong media type.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// The body exceeds [`MAX_BODY_BYTES`].
    #[error("The body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    /// The body has another media type; the first field names the accepted ones.
    #[error("The body must be {0}; got '{1}'")]
    MediaType(&'static str, String),
    /// The body, decoded or not, is not UTF-8.
    #[error("The body must be UTF-8")]
    NotUtf8,
    /// The body could not be read to its end.
    #[error("The body could not be read: {0}")]
    Broken(BytesRejection),
}

/// Returns the media type in `Content-Type`, in lower case and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a whole body.
pub(crate) async fn bytes(request: Request) -> Result<Bytes, BodyError> {
    if content_length(request.headers()).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(BodyError::TooLarge);
    }
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => BodyError::TooLarge,
        other => BodyError::Broken(other),
    })
}

/// Reads a form. A request without a body is an empty form and needs no `Content-Type`.
pub(crate) async fn form(request: Request) -> Result<Pairs<'static>, BodyError> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let media_type = media_type(request.headers());
    // Checked before the body is read, because reading it answers `Expect: 100-continue`.
    let length = content_length(request.headers()).unwrap_or_default();
    if media_type != FORM && (1..=MAX_BODY_BYTES as u64).contains(&length) {
        return Err(BodyError::MediaType(FORM, media_type));
    }
    let body = bytes(request).await?;
    if !body.is_empty() && media_type != FORM {
        return Err(BodyError::MediaType(FORM, media_type));
    }
    pairs(&body)
}

/// Parses a form or a query. Refuses invalid UTF-8, which `form_urlencoded` would replace.
pub(crate) fn pairs(body: &[u8]) -> Result<Pairs<'static>, BodyError> {
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

fn decode(text: &[u8]) -> Result<Cow<'static, str>, BodyError> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let decoded = percent_decode(&spaced).collect();
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| BodyError::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded_as_browsers_encode_them() {
        let pairs = pairs(b"a=1&a=2+3&b=%C3%A9%2B&c&=d&&e=f=g&h=%zz").unwrap();
        assert_eq!(pairs.all(&["a"]).collect::<Vec<_>>(), ["1", "2 3"]);
        assert_eq!(
            ["b", "c", "e", "h"].map(|name| pairs.first(name)),
            [Some("é+"), Some(""), Some("f=g"), Some("%zz")]
        );
    }

    #[test]
    fn invalid_utf_8_is_refused() {
        for body in [&b"a=%FF"[..], b"a=\xff", b"%C3=a", b"a=1&b=%ED%A0%80"] {
            assert!(matches!(pairs(body), Err(BodyError::NotUtf8)), "{body:?}");
        }
    }
}
