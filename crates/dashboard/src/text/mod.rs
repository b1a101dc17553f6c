//! Every text of the pages, apart from them: a file a language, `en.json` and so on, and what fills numbers into them. The page
//! (`index.html`) fetches those of its reader's language while the code is on its way, as a list.

mod words;

use std::cell::OnceCell;

use js_sys::{Array, Promise, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use self::words::Words;
pub(crate) use self::words::{Formats, Text};

thread_local! {
    static CHOSEN: OnceCell<&'static Text> = const { OnceCell::new() };
}

/// The texts in the language of the page.
pub(crate) fn t() -> &'static Text {
    CHOSEN.with(|chosen| *chosen.get_or_init(unchosen))
}

fn choose(mut texts: impl Iterator<Item = String>) -> &'static Text {
    Box::leak(Box::new(Text::take(&mut || texts.next().map_or("", |text| text.leak()))))
}

/// Waits for the texts that the page fetches. Nothing can be shown without.
pub async fn load() -> Result<(), JsValue> {
    let texts: Promise = Reflect::get(&global(), &"texts".into())?.dyn_into()?;
    let texts: Array = JsFuture::from(texts).await?.dyn_into()?;
    let text = choose(texts.iter().filter_map(|text| text.as_string()));
    // Nothing has been set before.
    let _ = CHOSEN.with(|chosen| chosen.set(text));
    Ok(())
}

#[cfg(not(test))]
fn unchosen() -> &'static Text {
    choose(std::iter::empty())
}

#[cfg(test)]
fn unchosen() -> &'static Text {
    tests::read(include_str!("en.json"))
}

/// Puts the values into the places `{0}`, `{1}`… of a text. What a value holds is not looked at again.
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
    use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

    use super::*;

    const LANGUAGES: [(&str, &str); 2] = [("en", include_str!("en.json")), ("de", include_str!("de.json"))];

    /// All texts of a file, in its order.
    #[derive(Default)]
    struct Texts(Vec<String>);

    impl<'de> Deserialize<'de> for Texts {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Self::default())
        }
    }

    impl<'de> Visitor<'de> for Texts {
        type Value = Self;

        fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            f.write_str("a text, or texts")
        }

        fn visit_str<E>(mut self, text: &str) -> Result<Self, E> {
            self.0.push(text.to_owned());
            Ok(self)
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self, A::Error> {
            while let Some(Texts(texts)) = list.next_element()? {
                self.0.extend(texts);
            }
            Ok(self)
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut names: A) -> Result<Self, A::Error> {
            while let Some((_, Texts(texts))) = names.next_entry::<String, _>()? {
                self.0.extend(texts);
            }
            Ok(self)
        }
    }

    /// As the page does it, which gets the texts of a file as a list.
    pub(super) fn read(file: &str) -> &'static Text {
        choose(serde_json::from_str::<Texts>(file).unwrap().0.into_iter())
    }

    /// For the rest of a test that has used no text yet.
    pub(crate) fn choose_german() {
        CHOSEN.with(|chosen| chosen.set(read(include_str!("de.json"))).unwrap());
    }

    #[test]
    fn texts_are_taken_in_the_order_of_the_files_and_none_is_missing() {
        for (language, file) in LANGUAGES {
            let by_name: Text = serde_json::from_str(file).unwrap();
            assert_eq!((by_name.language, read(file)), (language, &by_name));
        }
    }

    /// `{0}` and so on.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<_> = text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn each_language_has_places_for_the_same_values() {
        let [english, german] = LANGUAGES.map(|(_, file)| serde_json::from_str::<Texts>(file).unwrap().0);
        for (english, german) in english.iter().zip(&german) {
            assert_eq!(places(english), places(german), "{english:?}, {german:?}");
        }
    }

    #[test]
    fn values_are_put_in_once() {
        assert_eq!(fill("{1} of {0}, {0}", &["a", "{0}"]), "{0} of a, a");
        assert_eq!(fill("no place", &["x"]), "no place");
        assert_eq!(fill("{9} {x} {", &["a"]), "{9} {x} {");
    }
}
