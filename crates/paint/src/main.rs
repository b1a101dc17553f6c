//! Prints the form that people see until its code is there, or when it never comes: the widget's own, rendered on this
//! machine, with each word's key in braces in the place of the word.

use ringback_widget::{Text, view};

fn main() {
    println!("{}", view::to_html(&keys()));
}

fn keys() -> Text {
    Text::new(|key| format!("{{{key}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_form_that_can_be_posted_and_no_policy_objects_to() {
        let html = view::to_html(&keys());
        for (name, fields) in [("QualityScore", 5), ("Issue", 8), ("Comment", 1)] {
            assert_eq!(html.matches(&format!(r#"name="{name}""#)).count(), fields, "{name} in {html}");
        }
        for words in ["{question}", "<span>{stars-5}{comma}{score-5}</span>", "{send}"] {
            assert!(html.contains(words), "{words} in {html}");
        }
        // An inline style or script needs more than `'self'`; a comment is for hydration, and a space hides `:empty`.
        for unwanted in ["style=", "<style", "<script", " on", "<!", "> <"] {
            assert!(!html.contains(unwanted), "{unwanted} in {html}");
        }
    }
}
