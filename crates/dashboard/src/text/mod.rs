//! The texts of the pages, in one file per language (`en.json` and so on). The page (`index.html`) fetches the file of
//! its reader's language while the code is on its way.

mod catalog;

use std::cell::OnceCell;

use js_sys::{Promise, global};
use ringback_client::js::get;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use self::catalog::FromJson;
pub(crate) use self::catalog::{Formats, PerStep, Plural, Text};

thread_local! {
    static CHOSEN: OnceCell<&'static Text> = const { OnceCell::new() };
}

/// The texts in the language of the page.
pub(crate) fn t() -> &'static Text {
    CHOSEN.with(|chosen| *chosen.get_or_init(fallback))
}

/// Waits for the texts that the page fetches. The pages show nothing without them.
pub async fn load() -> Result<(), JsValue> {
    let texts: Promise = get(&global(), "texts").dyn_into()?;
    let text = read(&JsFuture::from(texts).await?);
    // Nothing has set it before.
    let _ = CHOSEN.with(|chosen| chosen.set(text));
    Ok(())
}

fn read(json: &JsValue) -> &'static Text {
    Box::leak(Box::new(Text::from_json(json)))
}

#[cfg(not(test))]
fn fallback() -> &'static Text {
    read(&JsValue::UNDEFINED)
}

#[cfg(test)]
fn fallback() -> &'static Text {
    tests::parse(include_str!("en.json"))
}

/// Puts the values into the places `{0}`, `{1}`… of a text. Places inside a value stay as they are.
pub(crate) fn fill(template: &str, values: &[&str]) -> String {
    let mut parts = template.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let place =
            part.split_once('}').and_then(|(index, rest)| Some((values.get(index.parse::<usize>().ok()?)?, rest)));
        if let Some((value, rest)) = place {
            filled.push_str(value);
            filled.push_str(rest);
        } else {
            filled.push('{');
            filled.push_str(part);
        }
    }
    filled
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;

    use super::*;

    const LANGUAGES: [(&str, &str); 2] = [("en", include_str!("en.json")), ("de", include_str!("de.json"))];

    /// The texts of a file. Fails if a name is missing or unknown.
    pub(super) fn parse(file: &'static str) -> &'static Text {
        Box::leak(Box::new(serde_json::from_str(file).unwrap()))
    }

    /// Chooses German for the current test. Panics if the test has read a text already.
    pub(crate) fn choose_german() {
        CHOSEN.with(|chosen| chosen.set(parse(include_str!("de.json"))).unwrap());
    }

    #[test]
    fn each_file_has_all_texts_and_no_others() {
        for (language, file) in LANGUAGES {
            assert_eq!(parse(file).language, language);
        }
    }

    /// The texts of a file with their paths, and the places in each, such as `0` for `{0}`.
    fn places(value: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        match value {
            Value::Object(texts) => {
                for (name, value) in texts {
                    places(value, &format!("{path}.{name}"), found);
                }
            }
            Value::Array(texts) => {
                for (index, value) in texts.iter().enumerate() {
                    places(value, &format!("{path}.{index}"), found);
                }
            }
            value => {
                let parts = value.as_str().unwrap().split('{').skip(1);
                let mut places: Vec<_> = parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect();
                places.sort_unstable();
                found.push((path.to_owned(), places));
            }
        }
    }

    #[test]
    fn each_language_has_places_for_the_same_values() {
        let [english, german] = LANGUAGES.map(|(_, file)| {
            let mut found = Vec::new();
            places(&serde_json::from_str(file).unwrap(), "", &mut found);
            found
        });
        assert_eq!(english, german);
    }

    #[test]
    fn places_inside_a_value_are_not_filled() {
        assert_eq!(fill("{1} of {0}, {0}", &["a", "{0}"]), "{0} of a, a");
        assert_eq!(fill("no place", &["x"]), "no place");
        assert_eq!(fill("{9} {x} {", &["a"]), "{9} {x} {");
    }
}
