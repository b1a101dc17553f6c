//! The words, apart from the form, so that other languages can take their place: `text/en.json` has the keys.

use std::sync::Arc;

use js_sys::{JSON, Object, Reflect};
use ringback_api::{CommentError, Issue, Score};
use ringback_client::rating::{Error, Remedy};
use wasm_bindgen::JsValue;

use crate::state::{Invalid, Phase, State};

/// Everything that the form says, in one language.
#[derive(Clone)]
pub struct Text(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl Text {
    /// The words as `find` gives them for the keys of `text/en.json`. Of a key with a number in it there is one for each
    /// plural category that the language has, such as `left-one` and `left-other`, with `{n}` where the number stands.
    pub fn new(find: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// The words in this object of JavaScript.
    #[must_use]
    pub fn of(words: Object) -> Self {
        Self::new(move |key| {
            let word = Reflect::get(&words, &JsValue::from_str(key)).ok();
            word.and_then(|word| word.as_string()).unwrap_or_default()
        })
    }

    /// English, in a browser.
    #[must_use]
    pub fn english() -> Self {
        Self::of(JSON::parse(include_str!("text/en.json")).map(Object::from).unwrap_or_default())
    }

    /// The word with this key.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        (self.0)(key)
    }

    /// What this number of stars means.
    #[must_use]
    pub fn score(&self, score: Score) -> String {
        self.one_of("score-", &score.get().to_string())
    }

    /// A star's name: "1 star, Terrible" and so on.
    #[must_use]
    pub fn star(&self, score: Score) -> String {
        self.one_of("stars-", &score.get().to_string()) + &self.word("comma") + &self.score(score)
    }

    /// The issue as a person would say it.
    #[must_use]
    pub fn issue(&self, issue: Issue) -> String {
        self.one_of("issue-", issue.as_str())
    }

    /// The line below the stars.
    #[must_use]
    pub fn below_stars(&self, state: &State) -> String {
        match state.score() {
            Some(score) => self.score(score),
            None if state.lacks_score() => self.word("choose-star"),
            None => self.word("hint"),
        }
    }

    /// The legend of the issues.
    #[must_use]
    pub fn above_issues(&self, state: &State) -> String {
        self.word(if state.score() == Some(Score::Four) { "better" } else { "wrong" })
    }

    /// The line below the issues.
    #[must_use]
    pub fn below_issues(&self, state: &State) -> String {
        if state.lacks_issue() { self.word("choose-issue") } else { String::new() }
    }

    /// The line below the comment: how much may still be written, when the end is near.
    #[must_use]
    pub fn below_comment(&self, state: &State) -> String {
        match state.characters_left() {
            101.. => String::new(),
            left @ 0.. => self.count("left-", left),
            over => self.count("over-", -over),
        }
    }

    /// What keeps the rating from being sent.
    #[must_use]
    pub fn problem(&self, state: &State) -> String {
        match state.phase() {
            Phase::Failed(error) => self.error(error),
            Phase::Invalid(Invalid::Comment(CommentError::TooLong)) => self.word("too-long"),
            Phase::Invalid(Invalid::Comment(_)) => self.word("unfit"),
            _ => String::new(),
        }
    }

    /// The name of the button.
    #[must_use]
    pub fn button(&self, state: &State) -> String {
        self.word(match state.phase() {
            Phase::Sending => "sending",
            Phase::Failed(error) if error.remedy() == Remedy::Wait => "again",
            _ => "send",
        })
    }

    /// What is said when there is nothing more to do: after Send, or when it is sent by itself.
    #[must_use]
    pub fn outcome(&self, state: &State) -> String {
        match state.phase() {
            Phase::Soon(_) => self.word("soon"),
            Phase::Sent => self.word("thanks"),
            Phase::Kept(Error::Network(_)) => self.word("offline"),
            Phase::Kept(_) => self.word("kept"),
            _ => String::new(),
        }
    }

    /// What an error means to a person.
    #[must_use]
    pub fn error(&self, error: &Error) -> String {
        self.word(match error {
            Error::Network(_) => "unreachable",
            error if error.is_about_token() => "not-allowed",
            error if error.remedy() == Remedy::Wait => "busy",
            Error::BadToken(_) | Error::Refused { .. } | Error::Overtaken => "refused",
        })
    }

    fn one_of(&self, family: &str, member: &str) -> String {
        self.word(&(family.to_owned() + member))
    }

    fn count(&self, family: &str, number: i32) -> String {
        let language = self.word("lang");
        plural::fill(&self.one_of(family, &plural::category(&language, number)), &language, number)
    }
}

/// What the browser knows of numbers in a language.
#[cfg(target_arch = "wasm32")]
mod plural {
    use js_sys::JsString;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = Intl)]
        type PluralRules;

        // These throw at what is no language, which a host may have made of it.
        #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
        fn new(language: &str) -> Result<PluralRules, JsValue>;

        #[wasm_bindgen(method)]
        fn select(this: &PluralRules, number: i32) -> String;

        #[wasm_bindgen(extends = js_sys::Object)]
        type Number;

        #[wasm_bindgen(method, js_name = toLocaleString, catch)]
        fn in_language(this: &Number, language: &str) -> Result<String, JsValue>;
    }

    pub(super) fn category(language: &str, number: i32) -> String {
        PluralRules::new(language).map_or_else(|_| String::from("other"), |rules| rules.select(number))
    }

    /// By the browser's own `replace`, because Rust's would be fetched.
    pub(super) fn fill(words: &str, language: &str, number: i32) -> String {
        let number: Number = JsValue::from(number).unchecked_into();
        let digits = number.in_language(language).or_else(|_| number.in_language("en")).unwrap_or_default();
        JsString::from(words).replace("{n}", &digits).into()
    }
}

/// Elsewhere, nobody writes a comment.
#[cfg(not(target_arch = "wasm32"))]
mod plural {
    pub(super) fn category(_language: &str, _number: i32) -> String {
        String::from("other")
    }

    pub(super) fn fill(words: &str, _language: &str, number: i32) -> String {
        words.replace("{n}", &number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use ringback_client::delivery::Outcome;

    use super::*;
    use crate::state::Wishes;

    type Words = BTreeMap<String, String>;

    /// The languages with the plural categories that CLDR gives them for whole numbers.
    const LANGUAGES: [(&str, &[&str]); 12] = [
        (include_str!("text/en.json"), &["one", "other"]),
        (include_str!("text/de.json"), &["one", "other"]),
        (include_str!("text/fr.json"), &["one", "many", "other"]),
        (include_str!("text/es.json"), &["one", "many", "other"]),
        (include_str!("text/pt.json"), &["one", "many", "other"]),
        (include_str!("text/it.json"), &["one", "many", "other"]),
        (include_str!("text/nl.json"), &["one", "other"]),
        (include_str!("text/pl.json"), &["one", "few", "many", "other"]),
        (include_str!("text/tr.json"), &["one", "other"]),
        (include_str!("text/ar.json"), &["zero", "one", "two", "few", "many", "other"]),
        (include_str!("text/ja.json"), &["other"]),
        (include_str!("text/zh.json"), &["other"]),
    ];

    /// Arabic says these without a number; other languages may have more than one number in such a form.
    const SAID_IN_WORDS: [&str; 3] = ["zero", "one", "two"];

    /// What has a form for each plural category.
    const COUNTED: [&str; 2] = ["left-", "over-"];

    fn words(json: &str) -> Words {
        serde_json::from_str(json).unwrap()
    }

    fn english() -> Words {
        words(include_str!("text/en.json"))
    }

    fn text(words: Words) -> Text {
        Text::new(move |key| words.get(key).unwrap_or_else(|| panic!("there is no {key}")).clone())
    }

    fn sent(outcome: Outcome) -> State {
        let mut state = State::default();
        state.choose(Score::Four);
        let form = state.send().unwrap();
        state.sent(&form, outcome);
        state
    }

    fn refused(status: u16) -> Error {
        Error::Refused { status, message: String::from("of no use"), retry_after: None }
    }

    #[test]
    fn each_language_has_the_words_of_english_and_the_plural_forms_of_its_own() {
        let is_counted = |key: &&String| COUNTED.iter().any(|family| key.starts_with(family));
        let english = english();
        for (json, categories) in LANGUAGES {
            let words = words(json);
            let mut keys: BTreeSet<_> = english.keys().filter(|key| !is_counted(key)).cloned().collect();
            keys.extend(COUNTED.iter().flat_map(|family| categories.iter().map(move |form| format!("{family}{form}"))));
            assert_eq!(words.keys().cloned().collect::<BTreeSet<_>>(), keys, "{}", words["lang"]);
        }
    }

    #[test]
    fn each_language_is_whole_and_says_numbers_where_english_does() {
        let english = english();
        let languages = LANGUAGES.map(|(json, _)| words(json));
        assert_eq!(languages.iter().map(|words| &words["lang"]).collect::<BTreeSet<_>>().len(), LANGUAGES.len());
        for words in languages {
            let language = words["lang"].as_str();
            assert_eq!(words["dir"], if language == "ar" { "rtl" } else { "ltr" });
            for (key, word) in words.iter().filter(|(key, _)| *key != "dir") {
                let here = format!("{key} in {language}: {word}");
                assert!(!word.is_empty() && (key == "comma" || word.trim() == word), "{here}");
                assert!(language == "en" || key == "comma" || english.get(key) != Some(word), "{here}");
                let form = COUNTED.iter().find_map(|family| key.strip_prefix(family));
                let says_number = form.is_some_and(|form| language != "ar" || !SAID_IN_WORDS.contains(&form));
                assert_eq!(word.matches("{n}").count(), usize::from(says_number), "{here}");
                assert_eq!(word.matches(['{', '}']).count(), 2 * usize::from(says_number), "{here}");
            }
            for family in ["score-", "stars-", "issue-"] {
                let members: Vec<_> = words.iter().filter(|(key, _)| key.starts_with(family)).collect();
                let different: BTreeSet<_> = members.iter().map(|(_, word)| *word).collect();
                assert_eq!(members.len(), different.len(), "{family} in {language}");
            }
        }
    }

    #[test]
    fn stars_are_named_by_number_and_word_and_issues_by_their_name_on_the_wire() {
        let text = text(english());
        let stars = Score::ALL.map(|score| text.star(score));
        assert_eq!(stars, ["1 star, Terrible", "2 stars, Poor", "3 stars, OK", "4 stars, Good", "5 stars, Great"]);
        assert_eq!(Issue::ALL.map(|issue| text.issue(issue)).into_iter().collect::<BTreeSet<_>>().len(), 8);
    }

    #[test]
    fn each_state_has_its_words() {
        let text = text(english());
        let lines = |state: &State| {
            [
                text.below_stars(state),
                text.above_issues(state),
                text.problem(state),
                text.button(state),
                text.outcome(state),
            ]
        };
        let mut state = State::default();
        assert_eq!(lines(&state), ["Choose one to five stars", "What went wrong?", "", "Send", ""]);
        state.send();
        assert_eq!(lines(&state)[0], "Please choose a star first");
        state.choose(Score::Four);
        assert_eq!(lines(&state), ["Good", "What could have been better?", "", "Send", ""]);
        state.send();
        assert_eq!(lines(&state)[3], "Sending…");
        let failed = |error| {
            let [.., problem, button, _] = lines(&sent(Outcome::Failed(error)));
            (problem, button)
        };
        let unreachable = "Your rating could not be sent. Please check your connection and try again.";
        assert_eq!(failed(Error::Network(String::new())), (unreachable.to_owned(), "Try again".to_owned()));
        for (status, problem, button) in [
            (503, "The server is busy. Please try again in a moment.", "Try again"),
            (401, "This call can no longer be rated.", "Send"),
            (404, "This call can no longer be rated.", "Send"),
            (400, "Your rating was not accepted.", "Send"),
        ] {
            assert_eq!(failed(refused(status)), (problem.to_owned(), button.to_owned()));
        }
        let outcome = |outcome| text.outcome(&sent(outcome));
        assert_eq!(outcome(Outcome::Delivered), "Thank you. Your rating was sent.");
        let offline = Outcome::Kept(Error::Network(String::new()));
        assert_eq!(outcome(offline), "Saved here. It will be sent when you are online.");
        assert_eq!(outcome(Outcome::Kept(refused(503))), "Saved here. It will be sent as soon as possible.");
    }

    #[test]
    fn what_the_host_wants_is_said() {
        let text = text(english());
        let wishes = Wishes { auto_send: true, require_issue: Some(Score::One), ..Wishes::default() };
        let mut state = State::new(wishes);
        state.choose(Score::Five);
        assert_eq!(text.outcome(&state), "Your rating will be sent in a moment.");
        state.choose(Score::One);
        assert_eq!((text.outcome(&state), text.below_issues(&state)), (String::new(), String::new()));
        state.send();
        assert_eq!(text.below_issues(&state), "Please choose at least one");
    }

    #[test]
    fn a_comment_near_its_end_is_counted() {
        let text = text(english());
        let mut state = State::default();
        let mut below = |comment: String| {
            state.write(comment);
            (text.below_comment(&state), text.problem(&state))
        };
        assert_eq!(below("é".repeat(899)).0, "");
        assert_eq!(below("é".repeat(900)).0, "100 characters left");
        assert_eq!(below("é".repeat(1002)).0, "2 characters too many");
        let mut state = State::default();
        state.choose(Score::Five);
        for (comment, problem) in [
            ("é".repeat(1001), "The comment is too long. Please shorten it."),
            ("\0".to_owned(), "The comment has a character that cannot be sent."),
        ] {
            state.write(comment);
            state.send();
            assert_eq!(text.problem(&state), problem);
        }
    }
}
