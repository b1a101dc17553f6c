//! Helpers that write XML elements.

use std::io;

use quick_xml::Writer;
use quick_xml::events::BytesText;

pub(super) type XmlWriter = Writer<Vec<u8>>;

/// Writes `<name>value</name>`, escaped.
pub(super) fn element(xml: &mut XmlWriter, name: &str, value: impl ToString) -> io::Result<()> {
    let value = value.to_string();
    // XML 1.0 forbids control characters, even escaped ones.
    let value = value.replace(
        |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || c > '\u{fffd}' && c < '\u{10000}',
        "\u{fffd}",
    );
    xml.create_element(name).write_text_content(BytesText::new(&value)).map(drop)
}

/// Writes `<name>…</name>`.
pub(super) fn parent(
    xml: &mut XmlWriter,
    name: &str,
    content: impl FnOnce(&mut XmlWriter) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(content).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped() {
        let mut xml = Writer::new(Vec::new());
        element(&mut xml, "M", "<a href='x'>&]]>\0\u{ffff}").unwrap();
        let text = String::from_utf8(xml.into_inner()).unwrap();
        assert_eq!(text, "<M>&lt;a href=&apos;x&apos;&gt;&amp;]]&gt;\u{fffd}\u{fffd}</M>");
    }
}
