//! The groups of this API's routes in the OpenAPI document.

pub(crate) const JSON: &str = "Call Feedback (2010-04-01)";
pub(crate) const XML: &str = "Call Feedback (2010-04-01), in XML";
