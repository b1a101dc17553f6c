//! Tables for spreadsheets: UTF-8 with a byte order mark, RFC 4180, and no cell that a spreadsheet would execute.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use csv::{Terminator, WriterBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Whether a table, or a part of one, begins with the names of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// It does, and with the byte order mark, without which Excel takes UTF-8 for something else.
    Written,
    /// It goes on where another part ended.
    LeftOut,
}

/// A table of the rows, whose fields name the columns.
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

/// Text that others wrote. Where it would be taken for a formula, an apostrophe stands in front.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}").into() } else { text.into() }
}

/// A time as clocks of the zone show it, in the form that every spreadsheet reads.
pub(super) fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An answer that a browser saves as a file of this name, to which it adds the extension.
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
