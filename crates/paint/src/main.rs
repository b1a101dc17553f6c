//! Prints the form that people see until its code is there, or when it never comes: the widget's own, rendered on this
//! machine, with each word's key in braces in the place of the word.

use ringback_widget::{Text, view};

fn main() {
    println!("{}", view::to_html(&KEYS));
}

static KEYS: Text = Text {
    question: "{question}",
    hint: "{hint}",
    scores: ["{score-1}", "{score-2}", "{score-3}", "{score-4}", "{score-5}"],
    stars: ["{stars-1}", "{stars-2}", "{stars-3}", "{stars-4}", "{stars-5}"],
    what_went_wrong: "{what-went-wrong}",
    what_could_be_better: "{what-could-be-better}",
    issues: ["{issue}"; 8],
    comment: "{comment}",
    characters_left: "",
    characters_over: "",
    send: "{send}",
    sending: "{sending}",
    try_again: "{try-again}",
    partial: "{partial}",
    kept_offline: "",
    kept: "",
    not_now: "{not-now}",
    close: "{close}",
    thank_you: "{thank-you}",
    change: "{change}",
    choose_first: "{choose-first}",
    comment_too_long: "",
    comment_unfit: "",
    unreachable: "",
    busy: "",
    not_allowed: "",
    refused: "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_form_that_can_be_posted_and_no_policy_objects_to() {
        let html = view::to_html(&KEYS);
        for (name, fields) in [("QualityScore", 5), ("Issue", 8), ("Comment", 1)] {
            assert_eq!(html.matches(&format!(r#"name="{name}""#)).count(), fields, "{name} in {html}");
        }
        for words in ["{question}", "<span>{stars-5}, {score-5}</span>", "{send}"] {
            assert!(html.contains(words), "{words} in {html}");
        }
        // An inline style or script needs more than `'self'`; a comment is for hydration, and a space hides `:empty`.
        for unwanted in ["style=", "<style", "<script", " on", "<!", "> <"] {
            assert!(!html.contains(unwanted), "{unwanted} in {html}");
        }
    }
}
