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
    fn the_stylesheet_decides_which_parts_of_the_painted_form_are_visible() {
        let html = view::to_html(keys());
        assert!(html.starts_with("<div ") && html.contains(r#"class="rb rb-painted""#), "{html}");
        for hidden in [r#"part="change" hidden"#, r#"part="undo" hidden"#] {
            assert!(html.contains(hidden), "{hidden} in {html}");
        }
        assert_eq!(html.matches(" hidden").count(), 2, "{html}");
    }
}
