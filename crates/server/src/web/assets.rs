//! Serves the files that Trunk built, which the binary embeds, and the widget files of earlier releases from the store.

use std::path::Path;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::store::{StoreError, WidgetFile};

/// The folder of the widget's files.
const WIDGET: &str = "/embed/";
/// The headers of files that pages on other sites import, including cross-origin isolated pages.
pub(super) const CROSS_ORIGIN: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

struct Asset {
    /// Starts with a slash.
    path: &'static str,
    /// Weak, because all encodings share it.
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Sorted by path.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));
/// The CSP sources of the dashboard's inline scripts, such as the one with which Trunk starts it.
static INLINE_SCRIPTS: &[&str] = include!(concat!(env!("OUT_DIR"), "/inline_scripts.rs"));

/// The dashboard's paths apart from `/`. It is a single-page application.
const DASHBOARD_PATHS: [&str; 2] = ["/settings", "/summaries"];

/// Serves a file of the widget.
pub(super) async fn serve_widget(app: State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    (CROSS_ORIGIN, serve(app, method, uri, headers).await).into_response()
}

/// Serves a file, or a folder's `index.html` for the path of the folder.
pub(super) async fn serve(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if let Some(asset) = find(uri.path()) {
        return asset.response(&headers);
    }
    match earlier_release(&app, uri.path()).await {
        Ok(Some(file)) => file,
        Ok(None) if ASSETS.is_empty() => {
            let message = "This server was built without its pages; `make build` builds both.\n";
            (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, "Page not found. The dashboard is at /\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot read a widget file of an earlier release");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Stores this release's widget files, so that a later release can serve them to pages that were opened before the
/// update.
pub(crate) async fn keep_widget_files(app: &App) -> Result<(), StoreError> {
    let name = |asset: &Asset| asset.path.strip_prefix(WIDGET).filter(|_| is_hashed(asset.path)).map(str::to_owned);
    let file = |asset| Some(WidgetFile { name: name(asset)?, body: asset.plain.to_vec() });
    app.store.keep_widget_files(ASSETS.iter().filter_map(file).collect(), app.clock.now()).await
}

/// Returns a widget file of an earlier release.
async fn earlier_release(app: &App, path: &str) -> Result<Option<Response>, StoreError> {
    let Some(name) = path.strip_prefix(WIDGET).filter(|_| is_hashed(path)) else { return Ok(None) };
    let file = app.store.widget_file(name).await?;
    Ok(file.map(|body| (headers(path), [(header::CONTENT_TYPE, content_type(path))], body).into_response()))
}

fn find(path: &str) -> Option<&'static Asset> {
    let by_path = |path: &str| ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok();
    let path = if DASHBOARD_PATHS.contains(&path) { "/" } else { path };
    let index = if path.ends_with('/') { by_path(&format!("{path}index.html")) } else { by_path(path) };
    ASSETS.get(index?)
}

impl Asset {
    fn response(&self, request: &HeaderMap) -> Response {
        let mut headers = headers(self.path);
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::ETAG, self.etag);
        set(header::VARY, "accept-encoding");
        if request.get(header::IF_NONE_MATCH).is_some_and(|tags| self.matches(tags)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        set(header::CONTENT_TYPE, content_type(self.path));
        let (encoding, body) = self.encoded(request);
        if let Some(encoding) = encoding {
            set(header::CONTENT_ENCODING, encoding);
        }
        if content_type(self.path).starts_with("text/html") {
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

    /// Returns the smallest encoding that the request accepts.
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
}

/// The headers of a path for caching.
fn headers(path: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CACHE_CONTROL, if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" });
    headers
}

/// Returns whether the name contains a hash of the content, as in `dashboard-0123456789abcdef.js`.
fn is_hashed(path: &str) -> bool {
    let stem = path.split('.').next().unwrap_or_default().trim_end_matches("_bg");
    // Trunk writes a 64-bit number without leading zeros.
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| (8..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
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
    fn the_smallest_accepted_encoding_is_sent() {
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
    fn only_hashed_names_are_immutable() {
        for path in [ASSET.path, "/ringback-dashboard-3966609831dafe4.js", "/embed/de-0123456789abcdef.json"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["/index.html", "/embed/ringback.js", "/a-b.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_matching_etag_gets_304() {
        for tags in ["\"e\"", "W/\"e\"", "\"x\", \"e\"", "*"] {
            assert_eq!(ASSET.response(&headers(header::IF_NONE_MATCH, tags)).status(), StatusCode::NOT_MODIFIED);
        }
        assert_eq!(ASSET.response(&headers(header::IF_NONE_MATCH, "\"x\"")).status(), StatusCode::OK);
    }
}
