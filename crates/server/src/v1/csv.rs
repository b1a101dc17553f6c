//! Tables for spreadsheets: UTF-8 with a byte order mark, RFC 4180, and no cell that a spreadsheet would take for a formula.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use csv::{Terminator, WriterBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Whether a table or a part of one begins with a header row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// Begins with a byte order mark and the header row. Without the mark, Excel does not recognise UTF-8.
    Written,
    /// Continues an earlier part.
    LeftOut,
}

/// Writes the rows as a table. The names of their fields are the header.
pub(super) fn table(rows: impl IntoIterator<Item = impl Serialize>, head: Head) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::new();
    if head == Head::Written {
        bytes.extend("\u{feff}".as_bytes());
    }
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).has_headers(head == Head::Written).from_writer(&mut bytes);
    rows.into_iter().try_for_each(|row| writer.serialize(row))?;
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// Text from other people. An apostrophe precedes text that a spreadsheet would take for a formula.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}").into() } else { text.into() }
}

/// Formats a time in a time zone as every spreadsheet reads it.
pub(super) fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A response that a browser saves as a file with this name and the extension `.csv`.
pub(super) fn response(name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, &disposition),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        n: Option<u8>,
    }

    #[test]
    fn rfc_4180_behind_a_byte_order_mark() {
        let rows = [Row { name: "a \"b\", c", n: Some(1) }, Row { name: "d\r\ne", n: None }];
        let whole = "\u{feff}name,n\r\n\"a \"\"b\"\", c\",1\r\n\"d\r\ne\",\r\n";
        assert_eq!(String::from_utf8(table(&rows, Head::Written).unwrap()).unwrap(), whole);
        let [first, second] = &rows;
        let parts = [table([first], Head::Written).unwrap(), table([second], Head::LeftOut).unwrap()].concat();
        assert_eq!(String::from_utf8(parts).unwrap(), whole);
    }

    #[test]
    fn what_would_be_a_formula_is_text() {
        for formula in ["=1+1", "+4930123", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for plain in ["", "sip:a@b", "4930123", "'x", " =1", "ok"] {
            assert_eq!(text(plain), plain);
        }
    }
}
