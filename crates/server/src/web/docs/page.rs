//! The page at `/docs`, rendered from the OpenAPI document.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;
use url::Url;

use super::curl;
use crate::twilio;

const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An operation: one verb of one path.
struct Operation<'a> {
    path: &'a str,
    verb: &'a str,
    definition: &'a Value,
}

pub(super) fn render(document: &Value, url: &Url) -> Markup {
    let info = &document["info"];
    let title = text(&info["title"]);
    let groups: Vec<_> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| (tag, in_group(document, text(&tag["name"]))))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " API" }
                link rel="stylesheet" href="/docs.css";
            }
            body {
                nav aria-label="Contents" {
                    a.home href="#top" { (title) " API" }
                    ol {
                        @for (tag, _) in &groups {
                            li { a href={ "#" (slug(text(&tag["name"]))) } { (text(&tag["name"])) } }
                        }
                        li { a href="#types" { "Types" } }
                    }
                }
                main #top {
                    h1 { (title) " API " small { (text(&info["version"])) } }
                    (prose(text(&info["description"])))
                    p { "Machine-readable version: " a href="/openapi.json" { "openapi.json" } ", OpenAPI " (text(&document["openapi"])) "." }
                    h2 #credentials { "Credentials" }
                    dl { @for (name, scheme) in members(&document["components"]["securitySchemes"]) {
                        dt { (scheme_name(name)) }
                        dd { (inline(text(&scheme["description"]))) }
                    } }
                    @for (tag, operations) in &groups {
                        section {
                            h2 id=(slug(text(&tag["name"]))) { (text(&tag["name"])) }
                            (prose(text(&tag["description"])))
                            @if text(&tag["name"]) == twilio::tag::XML {
                                ul.paths { @for one in operations { li { (heading(one)) } } }
                            } @else {
                                @for one in operations { (operation(document, url, one)) }
                            }
                        }
                    }
                    section {
                        h2 #types { "Types" }
                        @for (name, schema) in members(&document["components"]["schemas"]) {
                            article id={ "type-" (name) } {
                                h3 { (name) }
                                (prose(text(&schema["description"])))
                                (shape(schema))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn in_group<'a>(document: &'a Value, name: &str) -> Vec<Operation<'a>> {
    let mut all = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for verb in VERBS {
            if let Some(definition) = item.get(verb).filter(|one| one["tags"][0] == name) {
                all.push(Operation { path, verb, definition });
            }
        }
    }
    all
}

fn operation(document: &Value, url: &Url, one: &Operation<'_>) -> Markup {
    let Operation { path, verb, definition } = one;
    let parameters = definition["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        details id=(text(&definition["operationId"])) {
            summary { (heading(one)) span.summary { (inline(text(&definition["summary"]))) } }
            (prose(text(&definition["description"])))
            p.credentials { (required_credentials(definition)) }
            @if !parameters.is_empty() {
                h3 { "Parameters" }
                dl.fields { @for parameter in parameters {
                    (field(text(&parameter["name"]), parameter, &parameter["schema"], parameter["required"] == true))
                } }
            }
            @for (media_type, content) in members(&definition["requestBody"]["content"]) {
                h3 { "Body, " code { (media_type) } }
                (shape(curl::resolve(document, not_null(&content["schema"]))))
            }
            h3 { "Responses" }
            dl.responses { @for (status, response) in members(&definition["responses"]) {
                dt { (status) }
                dd {
                    (inline(text(&response["description"])))
                    @for (media_type, content) in members(&response["content"]) {
                        div { code { (media_type) } " " (kind(&content["schema"])) }
                    }
                    @for (name, header) in members(&response["headers"]) {
                        div { code { (name) } ": " (inline(text(&header["description"]))) }
                    }
                }
            } }
            h3 { "Try it" }
            pre tabindex="0" { code { (curl::command(document, url, (verb, path), definition)) } }
        }
    }
}

fn heading(one: &Operation<'_>) -> Markup {
    html! { span class={ "verb " (one.verb) } { (one.verb.to_uppercase()) } " " code.path { (breakable(one.path)) } }
}

/// A path with optional line breaks before its slashes.
fn breakable(path: &str) -> Markup {
    html! { @for (n, part) in path.split('/').enumerate() { @if n > 0 { wbr; "/" } (part) } }
}

fn required_credentials(operation: &Value) -> Markup {
    let requirements: Vec<_> = operation["security"].as_array().into_iter().flatten().collect();
    let names: Vec<_> =
        requirements.iter().flat_map(|requirement| members(requirement)).map(|(name, _)| scheme_name(name)).collect();
    html! {
        @if names.is_empty() { "No credentials required." }
        @else { "Credentials: " a href="#credentials" { (names.join(" or ")) } "." }
    }
}

fn scheme_name(scheme: &str) -> &str {
    match scheme {
        "basic" => "Basic",
        "ratingToken" => "rating token",
        "session" => "session",
        other => other,
    }
}

/// Describes a schema: a list of its properties, or its type.
fn shape(schema: &Value) -> Markup {
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let mut properties: Vec<_> = members(&schema["properties"]).collect();
    properties.sort_by_key(|(name, _)| !required(name));
    html! {
        @if !properties.is_empty() {
            dl.fields { @for (name, property) in properties { (field(name, property, property, required(name))) } }
        } @else {
            p.kind { (kind(schema)) }
        }
        @for part in schema["allOf"].as_array().into_iter().flatten() { (shape(part)) }
    }
}

fn field(name: &str, described: &Value, schema: &Value, required: bool) -> Markup {
    let inner = not_null(schema);
    let description =
        [described, schema, inner].map(|one| text(&one["description"])).into_iter().find(|text| !text.is_empty());
    html! {
        dt { code { (name) } @if required { " " span.required { "required" } } }
        dd { (inline(description.unwrap_or_default())) " " span.kind { (kind(schema)) } }
    }
}

/// Describes the allowed values of a schema in a few words.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return html! { a href={ "#type-" (name) } { (name) } };
    }
    for combinator in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[combinator].as_array() {
            return html! { @for (n, one) in all.iter().enumerate() { @if n > 0 { " or " } (kind(one)) } };
        }
    }
    let limits = [
        ("minimum", ", from "),
        ("maximum", " to "),
        ("minLength", ", at least "),
        ("maxLength", ", at most "),
        ("minItems", ", at least "),
        ("maxItems", ", at most "),
        ("maxProperties", ", at most "),
    ];
    let unit = |name: &str| match name {
        "minLength" | "maxLength" => " characters",
        "minItems" | "maxItems" => " items",
        "maxProperties" => " pairs",
        _ => "",
    };
    html! {
        (types(&schema["type"]))
        @if let Some(format) = schema["format"].as_str().filter(|format| format.starts_with("date")) { ", " (format) }
        @if schema["items"].is_object() { " of " (kind(&schema["items"])) }
        @for (name, words) in limits { @if let Some(value) = schema.get(name) { (words) (value) (unit(name)) } }
        @if let Some(names) = schema["enum"].as_array() { ": " @for (n, name) in names.iter().enumerate() {
            @if n > 0 { ", " } code { (text(name)) }
        } }
        @if let Some(pattern) = schema["pattern"].as_str() { ", " code.pattern { (pattern) } }
        @if let Some(example) = schema["examples"].get(0).or(schema.get("example")) { ", such as " code { (plain(example)) } }
    }
}

fn types(of: &Value) -> String {
    match of {
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => "any value".to_owned(),
    }
}

/// Returns the other schema of a nullable `oneOf`.
fn not_null(schema: &Value) -> &Value {
    let one_of = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    one_of.iter().find(|one| one["type"] != "null").filter(|_| one_of.len() == 2).unwrap_or(schema)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Renders paragraphs.
fn prose(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) { p { (inline(paragraph)) } } }
}

/// Renders a line; text in backticks becomes code.
fn inline(text: &str) -> Markup {
    html! { @for (n, part) in text.split('`').enumerate() { @if n % 2 == 1 { code { (part) } } @else { (part) } } }
}

fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
