//! The content of responses, and its two formats.

use std::io;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use quick_xml::Writer;
use ringback_api::Feedback;
use serde::Serialize;

use super::exception::Exception;
use super::summary_body::FeedbackSummary;
use super::xml::{XmlWriter, element, parent};

/// The content of a response; [`render`] writes it in the requested format.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Feedback(Feedback),
    Summary(Box<FeedbackSummary>),
    Exception(Exception),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

/// A status and the content, for handlers to return.
pub(super) struct ApiResponse(pub(super) StatusCode, pub(super) Content);

impl IntoResponse for ApiResponse {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(self.1);
        response
    }
}

/// Middleware that writes the content of a response in the requested format.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let format = Format::of(request.uri().path(), request.headers());
    let mut response = next.run(request).await;
    let Some(content) = response.extensions_mut().remove::<Content>() else { return response };
    let (content_type, body) = match format {
        Format::Json => ("application/json; charset=utf-8", content.json()),
        Format::Xml => ("application/xml; charset=utf-8", content.xml()),
    };
    match body {
        Ok(body) => {
            *response.body_mut() = body.into();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a response could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Format {
    /// The path's extension decides. A path without one yields XML unless the client prefers JSON.
    fn of(path: &str, headers: &HeaderMap) -> Self {
        match path.rsplit_once('.') {
            Some((_, "json")) => Self::Json,
            Some((_, "xml")) => Self::Xml,
            _ if prefers_json(headers) => Self::Json,
            _ => Self::Xml,
        }
    }
}

/// Returns whether the Accept headers give JSON a higher quality than XML.
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

impl Content {
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
        // In single quotes, as Twilio wrote it.
        let mut xml = Writer::new(Vec::from("<?xml version='1.0' encoding='UTF-8'?>\n"));
        xml.create_element("TwilioResponse").write_inner_content(|xml| match self {
            Self::Feedback(feedback) => feedback_xml(xml, feedback),
            Self::Summary(summary) => summary.xml(xml),
            Self::Exception(exception) => exception.xml(xml),
        })?;
        Ok(xml.into_inner())
    }
}

fn feedback_xml(xml: &mut XmlWriter, feedback: &Feedback) -> io::Result<()> {
    parent(xml, "Feedback", |xml| {
        element(xml, "Sid", feedback.sid)?;
        element(xml, "AccountSid", feedback.account_sid)?;
        element(xml, "QualityScore", feedback.quality_score)?;
        parent(xml, "Issues", |xml| feedback.issues.iter().try_for_each(|issue| element(xml, "Issue", issue)))?;
        element(xml, "DateCreated", &feedback.date_created)?;
        element(xml, "DateUpdated", &feedback.date_updated)
    })
}

/// Returns an exception with texts from outside, for fuzzing.
#[cfg(fuzzing)]
pub(crate) fn exception_xml(message: String, more_info: String) -> io::Result<Vec<u8>> {
    Content::Exception(Exception { code: 20001, message, more_info, status: 400 }).xml()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_precedes_accept_and_xml_is_the_default() {
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
}
