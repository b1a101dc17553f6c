use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use percent_encoding::percent_decode;
use ringback_api::Pairs;

use super::error::Error;

/// The form in a request's body, checked to be UTF-8.
pub(super) struct Form(Bytes);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Error::TooLarge,
            other => Error::Body(format!("The body could not be read: {other}")),
        })?;
        // A request without a body need not say of what type it is.
        if !body.is_empty() {
            let value = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
            let media_type = value.split(';').next().unwrap_or_default().trim();
            if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                let message = format!("The body must be application/x-www-form-urlencoded; got '{media_type}'");
                return Err(Error::Body(message));
            }
        }
        pairs(&body)?;
        Ok(Self(body))
    }
}

impl Form {
    pub(super) fn pairs(&self) -> Result<Pairs<'_>, Error> {
        pairs(&self.0)
    }
}

/// Decodes a form strictly: `form_urlencoded` would replace what is not UTF-8.
fn pairs(body: &[u8]) -> Result<Pairs<'_>, Error> {
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

fn decode(text: &[u8]) -> Result<Cow<'_, str>, Error> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_| Error::Body("The body must be UTF-8".into()))?;
    Ok(Cow::Owned(decoded.into_owned()))
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
            assert!(matches!(pairs(body), Err(Error::Body(_))), "{body:?}");
        }
    }
}
