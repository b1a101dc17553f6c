//! Every text of the pages, apart from them: a file a language, and what fills numbers into them.

mod de;
mod en;
mod words;

use std::cell::Cell;

pub(crate) use words::{Formats, Text};

thread_local! {
    static CHOSEN: Cell<&'static Text> = const { Cell::new(&en::TEXT) };
}

/// The texts in the language that was chosen; English until then.
pub(crate) fn t() -> &'static Text {
    CHOSEN.get()
}

/// Chooses the first of these languages (BCP 47, such as `de-AT`) that there is; English if none is.
pub(crate) fn choose<S: AsRef<str>>(languages: impl IntoIterator<Item = S>) {
    let known = [&en::TEXT, &de::TEXT];
    let find = |language: S| {
        let primary = language.as_ref().split('-').next().unwrap_or_default().to_ascii_lowercase();
        known.into_iter().find(|text| text.language == primary)
    };
    CHOSEN.set(languages.into_iter().find_map(find).unwrap_or(&en::TEXT));
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
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_there_is() {
        for (languages, expected) in [
            (vec!["fr", "de-AT", "en"], "de"),
            (vec!["DE"], "de"),
            (vec!["en-GB", "de"], "en"),
            (vec!["fr"], "en"),
            (vec![], "en"),
        ] {
            choose(&languages);
            assert_eq!(t().language, expected, "{languages:?}");
        }
    }

    #[test]
    fn values_are_put_in_once() {
        assert_eq!(fill("{1} of {0}, {0}", &["a", "{0}"]), "{0} of a, a");
        assert_eq!(fill("no place", &["x"]), "no place");
        assert_eq!(fill("{9} {x} {", &["a"]), "{9} {x} {");
    }
}
