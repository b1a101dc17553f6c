use std::io;

use serde::Serialize;
use utoipa::ToSchema;

use super::xml::{XmlWriter, element, parent};

/// An error response.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RestException)]
pub(crate) struct Exception {
    /// Twilio's error code: 20001, 20003 to 20006, 20009, 20104, 20404, 20429 or 20500.
    pub(super) code: u16,
    /// The cause. For a parameter: its name, its value and the allowed values.
    pub(super) message: String,
    /// A page about the error code.
    pub(super) more_info: String,
    /// The HTTP status.
    pub(super) status: u16,
}

impl Exception {
    pub(super) fn xml(&self, xml: &mut XmlWriter) -> io::Result<()> {
        parent(xml, "RestException", |xml| {
            element(xml, "Code", self.code)?;
            element(xml, "Message", &self.message)?;
            element(xml, "MoreInfo", &self.more_info)?;
            element(xml, "Status", self.status)
        })
    }
}
