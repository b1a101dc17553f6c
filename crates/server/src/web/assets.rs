//! The files that Trunk built, from inside the binary.

use std::path::Path;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    /// With a slash in front.
    path: &'static str,
    /// Weak: one for all encodings.
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Sorted by path.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));
/// The CSP sources of the dashboard's inline scripts: the one that Trunk writes to start it.
static INLINE_SCRIPTS: &[&str] = include!(concat!(env!("OUT_DIR"), "/inline_scripts.rs"));

/// Serves a file, and the page of a folder for its path.
pub(super) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if ASSETS.is_empty() {
        let message = "This server was built without its pages; `make build` builds both.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, message).into_response();
    }
    match find(uri.path()) {
        Some(asset) => asset.response(&headers),
        None => (StatusCode::NOT_FOUND, "There is no such page. The dashboard is at /\n").into_response(),
    }
}

fn find(path: &str) -> Option<&'static Asset> {
    let by_path = |path: &str| ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok();
    let index = if path.ends_with('/') { by_path(&format!("{path}index.html")) } else { by_path(path) };
    ASSETS.get(index?)
}

impl Asset {
    fn response(&self, request: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::ETAG, self.etag);
        set(header::VARY, "accept-encoding");
        set(header::CACHE_CONTROL, if self.is_hashed() { "public, max-age=31536000, immutable" } else { "no-cache" });
        if self.path.starts_with("/embed/") {
            // Softphones on other sites import these, also those that isolate themselves.
            set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            set(header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        }
        if request.get(header::IF_NONE_MATCH).is_some_and(|tags| self.matches(tags)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        set(header::CONTENT_TYPE, self.content_type());
        let (encoding, body) = self.encoded(request);
        if let Some(encoding) = encoding {
            set(header::CONTENT_ENCODING, encoding);
        }
        if self.content_type().starts_with("text/html") {
            set(header::REFERRER_POLICY, "no-referrer");
            if let Ok(policy) = HeaderValue::try_from(content_security_policy()) {
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
        (headers, body).into_response()
    }

    fn matches(&self, tags: &HeaderValue) -> bool {
        let tags = tags.to_str().unwrap_or_default();
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        tags.split(',').map(opaque).any(|tag| tag == "*" || tag == opaque(self.etag))
    }

    /// The smallest form that the request accepts.
    fn encoded(&self, request: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts = |name: &str| {
            accepted.split(',').any(|part| {
                let (coding, quality) = part.split_once(';').unwrap_or((part, "q=1"));
                let refused = matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
                coding.trim() == name && !refused
            })
        };
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts("br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepts("gzip") => (Some("gzip"), bytes),
            _ => (None, self.plain),
        }
    }

    /// Whether Trunk put a hash of the content into the name, as in `dashboard-0123456789abcdef.js`.
    fn is_hashed(&self) -> bool {
        let stem = self.path.split('.').next().unwrap_or_default().trim_end_matches("_bg");
        // Trunk writes a number of 64 bits, without leading zeros.
        stem.rsplit_once('-').is_some_and(|(_, hash)| {
            (8..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }

    fn content_type(&self) -> &'static str {
        match Path::new(self.path).extension().and_then(|extension| extension.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        }
    }
}

fn content_security_policy() -> String {
    let scripts = INLINE_SCRIPTS.join(" ");
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASSET: Asset = Asset {
        path: "/a-0123456789abcdef_bg.wasm",
        etag: "W/\"e\"",
        plain: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_smallest_form_that_is_accepted() {
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("identity", None),
            ("", None),
        ] {
            assert_eq!(ASSET.encoded(&headers(header::ACCEPT_ENCODING, accepted)).0, encoding, "{accepted}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(ASSET.is_hashed());
        assert!(Asset { path: "/ringback-dashboard-3966609831dafe4.js", ..ASSET }.is_hashed());
        for path in ["/index.html", "/embed/ringback.js", "/embed/ringback-widget_bg.wasm", "/a-b.js"] {
            assert!(!Asset { path, ..ASSET }.is_hashed(), "{path}");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        for tags in ["\"e\"", "W/\"e\"", "\"x\", \"e\"", "*"] {
            assert_eq!(ASSET.response(&headers(header::IF_NONE_MATCH, tags)).status(), StatusCode::NOT_MODIFIED);
        }
        assert_eq!(ASSET.response(&headers(header::IF_NONE_MATCH, "\"x\"")).status(), StatusCode::OK);
    }
}
