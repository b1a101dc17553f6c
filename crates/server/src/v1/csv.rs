//! Tables for spreadsheets: UTF-8 with a byte order mark, RFC 4180.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use csv::{Terminator, WriterBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// A table of the rows, whose fields name the columns.
pub(super) fn table(rows: impl IntoIterator<Item = impl Serialize>) -> Result<Vec<u8>, csv::Error> {
    // Without the mark, Excel takes UTF-8 for something else.
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut bytes);
    rows.into_iter().try_for_each(|row| writer.serialize(row))?;
    writer.flush()?;
    drop(writer);
    Ok(bytes)
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
        assert_eq!(String::from_utf8(table(&rows).unwrap()).unwrap(), whole);
    }
}
