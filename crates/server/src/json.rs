//! Parses JSON from outside, with errors that its sender understands.

use ringback_api::shorten;
use serde::de::DeserializeOwned;

/// The longest excerpt of the input that an error quotes.
const MAX_CHARS: usize = 300;

/// Parses a JSON object. An error names its field.
pub(crate) fn parse_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    // Serde would accept an array of the field values.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err("expected a JSON object".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return not_json(&inner);
        }
        let message = readable(&inner);
        if path == "." { message } else { format!("{}: {message}", shorten(&path, MAX_CHARS)) }
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    // Most objects are on one line, and a line number could be mistaken for that of an NDJSON line.
    format!("invalid JSON: {}", error.to_string().replace(" at line 1 column ", " at column "))
}

/// Shortens Serde's message: without the position, because the field is named, and without Rust's terms.
fn readable(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let message = message
        .replace("expected i64", "expected a whole number")
        .replace("expected u32", "expected a whole number from 0 to 4294967295")
        .replace("expected a nonzero u16", "expected a whole number from 1 to 65535");
    shorten(&message, MAX_CHARS)
}
