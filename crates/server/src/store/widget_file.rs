/// A file of the widget that browsers fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WidgetFile {
    /// The file name. It contains a hash of the content, so the content of a name never changes.
    pub name: String,
    /// The uncompressed content.
    pub body: Vec<u8>,
}
