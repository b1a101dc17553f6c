//! Prints the form as HTML, which the loader paints until the code is loaded. In place of each text it has the text's key in
//! braces.

use ringback_widget::{Text, view};

fn main() {
    println!("{}", view::to_html(keys()));
}

fn keys() -> Text {
    Text::new(|key| format!("{{{key}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_can_be_posted_and_complies_with_a_strict_policy() {
        let html = view::to_html(keys());
        for (name, fields) in [("QualityScore", 5), ("Issue", 8), ("Comment", 1)] {
            assert_eq!(html.matches(&format!(r#"name="{name}""#)).count(), fields, "{name} in {html}");
        }
        for text in ["{question}", "<span>{stars-5}{comma}{score-5}</span>", "{send}"] {
            assert!(html.contains(text), "{text} in {html}");
        }
        // The policy `'self'` forbids inline styles and scripts. Hydration markers would be wasted, and a space would defeat the
        // selector `:empty`.
        for unwanted in ["style=", "<style", "<script", " on", "<!", "> <"] {
            assert!(!html.contains(unwanted), "{unwanted} in {html}");
        }
    }

    #[test]
    fn nothing_but_the_stars_and_send_is_visible_until_script_shows_it() {
        let html = view::to_html(keys());
        assert!(html.starts_with("<div ") && html.contains(r#"data-score="0""#), "{html}");
        for hidden in ["rb-about", "rb-wrong", "rb-comment", "rb-privacy", "rb-partial"] {
            let tag = html.split('<').find(|tag| tag.contains(&format!(r#"class="{hidden}""#))).unwrap_or_default();
            assert!(tag.contains(" hidden"), "{hidden} in {html}");
        }
        for button in ["dismiss", "never", "change", "undo"] {
            for tag in html.split('<').filter(|tag| tag.contains(&format!(r#"part="{button}""#))) {
                assert!(tag.contains(" hidden"), "{tag}");
            }
        }
    }

    #[test]
    fn no_selector_of_the_stylesheet_depends_on_other_elements_than_ancestors() {
        // WebKit does not evaluate these again in a shadow tree.
        let rules = ringback_widget::STYLE.split("*/").map(|part| part.split("/*").next().unwrap_or_default());
        for selector in rules.flat_map(|part| part.split('{')).filter_map(|part| part.rsplit(['}', ';']).next()) {
            for unwanted in [":has(", ":checked", ":empty", "~", " + ."] {
                assert!(!selector.contains(unwanted), "{unwanted} in {selector}");
            }
        }
    }
}
