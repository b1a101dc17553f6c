//! What answers say, and its two representations.

use std::io;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::BytesText;
use ringback_api::Feedback;
use serde::Serialize;

use super::error::Exception;
use super::feedback_summary::SummaryDocument;

/// What an answer says; [`represent`] writes it as the request asked.
#[derive(Debug, Clone)]
pub(super) enum Document {
    Feedback(Feedback),
    Summary(Box<SummaryDocument>),
    Exception(Exception),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

/// A document with its status, for handlers to return.
pub(super) struct Answer(pub(super) StatusCode, pub(super) Document);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(self.1);
        response
    }
}

/// Middleware: writes the document of an answer in the format that the request asked for.
pub(super) async fn represent(request: Request, next: Next) -> Response {
    let format = Format::of(request.uri().path(), request.headers());
    let mut response = next.run(request).await;
    let Some(document) = response.extensions_mut().remove::<Document>() else { return response };
    let (content_type, body) = match format {
        Format::Json => ("application/json; charset=utf-8", document.json()),
        Format::Xml => ("application/xml; charset=utf-8", document.xml()),
    };
    match body {
        Ok(body) => {
            *response.body_mut() = body.into();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            response
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Format {
    /// By the extension of the path; without one XML, unless JSON is preferred.
    fn of(path: &str, headers: &HeaderMap) -> Self {
        match path.rsplit_once('.') {
            Some((_, "json")) => Self::Json,
            Some((_, "xml")) => Self::Xml,
            _ if prefers_json(headers) => Self::Json,
            _ => Self::Xml,
        }
    }
}

/// Whether an Accept header gives JSON a higher quality than XML.
fn prefers_json(headers: &HeaderMap) -> bool {
    let accept: Vec<_> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",").to_ascii_lowercase();
    let quality = |wanted: &[&str]| {
        accept
            .split(',')
            .filter_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let media_type = parts.next()?;
                wanted
                    .contains(&media_type)
                    .then(|| parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0))
            })
            .fold(0.0, f32::max)
    };
    quality(&["application/json"]) > quality(&["application/xml", "text/xml"])
}

/// A time as this API writes it: RFC 2822, UTC, the day with two digits.
pub(super) fn date_time(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

type Xml = Writer<Vec<u8>>;

impl Document {
    fn json(&self) -> io::Result<Vec<u8>> {
        fn write(value: &impl Serialize) -> io::Result<Vec<u8>> {
            serde_json::to_vec(value).map_err(io::Error::from)
        }
        match self {
            Self::Feedback(feedback) => write(feedback),
            Self::Summary(summary) => write(summary),
            Self::Exception(exception) => write(exception),
        }
    }

    fn xml(&self) -> io::Result<Vec<u8>> {
        // As the original wrote it, in single quotes.
        let mut xml = Writer::new(Vec::from("<?xml version='1.0' encoding='UTF-8'?>\n"));
        xml.create_element("TwilioResponse").write_inner_content(|xml| match self {
            Self::Feedback(feedback) => feedback_xml(xml, feedback),
            Self::Summary(summary) => summary.xml(xml),
            Self::Exception(exception) => exception.xml(xml),
        })?;
        Ok(xml.into_inner())
    }
}

/// Writes `<name>value</name>`, escaped.
pub(super) fn element(xml: &mut Xml, name: &str, value: impl ToString) -> io::Result<()> {
    let value = value.to_string();
    // Control characters cannot stand in XML 1.0, not even escaped.
    let value = value.replace(
        |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || c > '\u{fffd}' && c < '\u{10000}',
        "\u{fffd}",
    );
    xml.create_element(name).write_text_content(BytesText::new(&value)).map(drop)
}

/// Writes `<name>…</name>`.
pub(super) fn parent(xml: &mut Xml, name: &str, content: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element(name).write_inner_content(content).map(drop)
}

fn feedback_xml(xml: &mut Xml, feedback: &Feedback) -> io::Result<()> {
    parent(xml, "Feedback", |xml| {
        element(xml, "Sid", feedback.sid)?;
        element(xml, "AccountSid", feedback.account_sid)?;
        element(xml, "QualityScore", feedback.quality_score)?;
        parent(xml, "Issues", |xml| feedback.issues.iter().try_for_each(|issue| element(xml, "Issue", issue)))?;
        element(xml, "DateCreated", &feedback.date_created)?;
        element(xml, "DateUpdated", &feedback.date_updated)
    })
}

/// For fuzzing: a document with texts from outside.
#[cfg(fuzzing)]
pub(crate) fn exception_xml(message: String, more_info: String) -> io::Result<Vec<u8>> {
    Document::Exception(Exception::new(message, more_info)).xml()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_then_accept_then_xml() {
        let with = |accept: &str| HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
        let json = with("application/json");
        assert_eq!(Format::of("/a.json", &with("application/xml")), Format::Json);
        assert_eq!(Format::of("/a.xml", &json), Format::Xml);
        assert_eq!(Format::of("/a", &json), Format::Json);
        assert_eq!(Format::of("/a", &with("*/*")), Format::Xml);
        assert_eq!(Format::of("/a", &with("Application/JSON")), Format::Json);
        assert_eq!(Format::of("/a", &with("application/json;Q=0.1, application/xml;q=0.5")), Format::Xml);
        assert_eq!(Format::of("/a", &HeaderMap::new()), Format::Xml);
        assert_eq!(Format::of("/a", &with("application/json;q=0.5, application/xml;q=0.9")), Format::Xml);
        assert_eq!(Format::of("/a", &with("application/xml;q=0.5, application/json")), Format::Json);
    }

    #[test]
    fn dates_have_a_day_of_two_digits() {
        assert_eq!(date_time("2015-08-02T21:45:46.9Z".parse().unwrap()), "Sun, 02 Aug 2015 21:45:46 +0000");
    }

    #[test]
    fn hostile_text_is_escaped() {
        let mut xml = Writer::new(Vec::new());
        element(&mut xml, "M", "<a href='x'>&]]>\0\u{ffff}").unwrap();
        let text = String::from_utf8(xml.into_inner()).unwrap();
        assert_eq!(text, "<M>&lt;a href=&apos;x&apos;&gt;&amp;]]&gt;\u{fffd}\u{fffd}</M>");
    }
}
