/// A file that browsers fetch for the widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WidgetFile {
    /// With a hash of its content, which therefore never changes.
    pub name: String,
    /// As it is, not compressed.
    pub body: Vec<u8>,
}
