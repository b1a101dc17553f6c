//! Example curl commands.

use serde_json::{Map, Value, json};
use url::Url;

/// Deep enough for every schema; ends the recursion for a schema that contains itself.
const MAX_DEPTH: usize = 8;

/// Returns the command for an operation. It takes credentials from shell variables.
pub(super) fn command(document: &Value, url: &Url, (verb, path): (&str, &str), operation: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let example = text(&match &parameter["example"] {
            Value::Null => example(document, &parameter["schema"], 0),
            given => given.clone(),
        });
        match (parameter["in"].as_str(), name) {
            (Some("path"), "AccountSid") => path = path.replace("{AccountSid}", "$ACCOUNT_SID"),
            (Some("path"), _) => path = path.replace(&format!("{{{name}}}"), &example),
            (Some("query"), _) if parameter["required"] == true => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    let question_mark = if query.is_empty() { "" } else { "?" };
    let address = format!("{}{path}{question_mark}{}", url.as_str().trim_end_matches('/'), query.join("&"));
    let mut parts = vec![format!("curl {}\"{address}\"", method(verb, operation))];
    if allows(operation, "basic") {
        parts.push("-u \"$ACCOUNT_SID:$AUTH_TOKEN\"".to_owned());
    } else if allows(operation, "session") {
        parts.push("-b \"ringback-session=$SESSION\"".to_owned());
    }
    parts.extend(body(document, operation));
    parts.join(" \\\n  ")
}

/// Returns the `-X` option; curl defaults to GET, or to POST if there is a body.
fn method(verb: &str, operation: &Value) -> String {
    match (verb, operation["requestBody"].is_object()) {
        ("get", _) | ("post", true) => String::new(),
        _ => format!("-X {} ", verb.to_uppercase()),
    }
}

fn allows(operation: &Value, scheme: &str) -> bool {
    operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one.get(scheme).is_some()))
}

fn body(document: &Value, operation: &Value) -> Vec<String> {
    let content = &operation["requestBody"]["content"];
    let of_type = |media_type: &str| {
        let schema = content.get(media_type)?.get("schema")?;
        Some(example(document, schema, 0))
    };
    if let Some(example) = of_type("application/json") {
        return vec![format!("--json '{}'", example.to_string().replace('\'', r"'\''"))];
    }
    let Some(Value::Object(form)) = of_type("application/x-www-form-urlencoded") else { return Vec::new() };
    if form.is_empty() {
        return vec!["-d \"\"".to_owned()];
    }
    let values = form.iter().flat_map(|(name, value)| match value {
        Value::Array(values) => values.iter().map(|value| (name, value)).collect(),
        value => vec![(name, value)],
    });
    values.map(|(name, value)| format!("-d \"{name}={}\"", text(value))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Follows a `$ref`.
pub(super) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    target.and_then(|path| document.pointer(path)).unwrap_or(schema)
}

/// Returns an example value of a schema.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolve(document, schema);
    let candidates = [&schema["example"], &schema["examples"][0], &schema["default"], &schema["enum"][0]];
    if let Some(value) = candidates.into_iter().find(|value| !value.is_null()) {
        return value.clone();
    }
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    for combinator in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[combinator].get(0) {
            return example(document, first, depth + 1);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => {
            let required: Vec<_> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let properties = schema["properties"].as_object().into_iter().flatten();
            let required_properties = properties.filter(|(name, _)| required.contains(&name.as_str()));
            required_properties
                .map(|(name, schema)| (name.clone(), example(document, schema, depth + 1)))
                .collect::<Map<_, _>>()
                .into()
        }
        (Some("array"), _) => json!([example(document, &schema["items"], depth + 1)]),
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(true),
        (_, Some("date")) => json!("2026-03-01"),
        (_, Some("date-time")) => json!("2026-03-01T09:30:00Z"),
        _ => json!("…"),
    }
}
