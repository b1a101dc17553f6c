//! The texts of the form in one language. `text/en.json` lists the keys.

use std::sync::Arc;

use js_sys::{JSON, Object, Reflect};
use ringback_api::{CommentError, Issue, Score};
use ringback_client::rating::{Error, Remedy};
use wasm_bindgen::JsValue;

use crate::state::{Invalid, Phase, State};

/// The texts of the form in one language.
#[derive(Clone)]
pub struct Text(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl Text {
    /// Takes a function from the keys of `text/en.json` to texts. A text with a number has one key for each plural category
    /// of the language, such as `left-one` and `left-other`, and `{n}` stands for the number.
    pub fn new(lookup: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// Takes a JavaScript object with the texts by their keys.
    #[must_use]
    pub fn from_object(texts: Object) -> Self {
        Self::new(move |key| {
            let text = Reflect::get(&texts, &JsValue::from_str(key)).ok();
            text.and_then(|text| text.as_string()).unwrap_or_default()
        })
    }

    /// The English texts. Works in a browser only, because it parses JSON there.
    #[must_use]
    pub fn english() -> Self {
        Self::from_object(JSON::parse(include_str!("text/en.json")).map(Object::from).unwrap_or_default())
    }

    /// The text with this key.
    #[must_use]
    pub fn lookup(&self, key: &str) -> String {
        (self.0)(key)
    }

    /// The meaning of a score: "Terrible" and so on.
    #[must_use]
    pub fn score(&self, score: Score) -> String {
        self.lookup_in("score-", &score.get().to_string())
    }

    /// The name of a star: "1 star, Terrible" and so on.
    #[must_use]
    pub fn star(&self, score: Score) -> String {
        self.lookup_in("stars-", &score.get().to_string()) + &self.lookup("comma") + &self.score(score)
    }

    /// The name of an issue.
    #[must_use]
    pub fn issue(&self, issue: Issue) -> String {
        self.lookup_in("issue-", issue.as_str())
    }

    /// The line below the stars.
    #[must_use]
    pub fn below_stars(&self, state: &State) -> String {
        match state.score() {
            Some(score) => self.score(score),
            None if state.lacks_score() => self.lookup("choose-star"),
            None => self.lookup("hint"),
        }
    }

    /// The legend of the issues.
    #[must_use]
    pub fn above_issues(&self, state: &State) -> String {
        self.lookup(if state.score() == Some(Score::Four) { "better" } else { "wrong" })
    }

    /// The line below the issues.
    #[must_use]
    pub fn below_issues(&self, state: &State) -> String {
        if state.lacks_issue() { self.lookup("choose-issue") } else { String::new() }
    }

    /// The line below the comment: the characters left, once there are at most 100.
    #[must_use]
    pub fn below_comment(&self, state: &State) -> String {
        match state.characters_left() {
            101.. => String::new(),
            left @ 0.. => self.count("left-", left),
            over => self.count("over-", -over),
        }
    }

    /// The problem that keeps the rating from being sent.
    #[must_use]
    pub fn problem(&self, state: &State) -> String {
        match state.phase() {
            Phase::Failed(error) => self.error(error),
            Phase::Invalid(Invalid::Comment(CommentError::TooLong)) => self.lookup("too-long"),
            Phase::Invalid(Invalid::Comment(_)) => self.lookup("unfit"),
            _ => String::new(),
        }
    }

    /// The label of the Send button.
    #[must_use]
    pub fn button(&self, state: &State) -> String {
        self.lookup(match state.phase() {
            Phase::Sending => "sending",
            Phase::Failed(error) if error.remedy() == Remedy::Wait => "again",
            _ => "send",
        })
    }

    /// The status below the form: the outcome of Send, or the announcement of an auto-send.
    #[must_use]
    pub fn outcome(&self, state: &State) -> String {
        match state.phase() {
            Phase::Scheduled(_) => self.lookup("soon"),
            Phase::Sent => self.lookup("thanks"),
            Phase::Kept(Error::Network(_)) => self.lookup("offline"),
            Phase::Kept(_) => self.lookup("kept"),
            _ => String::new(),
        }
    }

    /// The explanation of an error for the user.
    #[must_use]
    pub fn error(&self, error: &Error) -> String {
        self.lookup(match error {
            Error::Network(_) => "unreachable",
            error if error.is_about_token() => "not-allowed",
            error if error.remedy() == Remedy::Wait => "busy",
            Error::BadToken(_) | Error::Refused { .. } | Error::Overtaken => "refused",
        })
    }

    fn lookup_in(&self, family: &str, member: &str) -> String {
        self.lookup(&(family.to_owned() + member))
    }

    fn count(&self, family: &str, number: i32) -> String {
        let language = self.lookup("lang");
        plural::fill(&self.lookup_in(family, &plural::category(&language, number)), &language, number)
    }
}

/// Plural categories and numbers, from the browser's `Intl`.
#[cfg(target_arch = "wasm32")]
mod plural {
    use js_sys::JsString;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = Intl)]
        type PluralRules;

        // These throw if the tag is invalid. The host may have replaced it.
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

    /// Uses JavaScript's `replace`, because Rust's would add bytes to the element.
    pub(super) fn fill(text: &str, language: &str, number: i32) -> String {
        let number: Number = JsValue::from(number).unchecked_into();
        let digits = number.in_language(language).or_else(|_| number.in_language("en")).unwrap_or_default();
        JsString::from(text).replace("{n}", &digits).into()
    }
}

/// A stand-in for native tests.
#[cfg(not(target_arch = "wasm32"))]
mod plural {
    pub(super) fn category(_language: &str, _number: i32) -> String {
        String::from("other")
    }

    pub(super) fn fill(text: &str, _language: &str, number: i32) -> String {
        text.replace("{n}", &number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use ringback_client::delivery::Outcome;

    use super::*;
    use crate::state::Wishes;

    type Texts = BTreeMap<String, String>;

    /// The languages with the plural categories that CLDR gives them for whole numbers.
    const LANGUAGES: [(&str, &[&str]); 13] = [
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
        (include_str!("text/zh-hant.json"), &["other"]),
    ];

    /// Arabic writes these forms without a number. In other languages such a form may cover several numbers.
    const WITHOUT_NUMBER: [&str; 3] = ["zero", "one", "two"];

    /// Prefixes of the keys that have a form for each plural category.
    const COUNTED: [&str; 2] = ["left-", "over-"];

    fn texts(json: &str) -> Texts {
        serde_json::from_str(json).unwrap()
    }

    fn english() -> Texts {
        texts(include_str!("text/en.json"))
    }

    fn text(texts: Texts) -> Text {
        Text::new(move |key| texts.get(key).unwrap_or_else(|| panic!("there is no {key}")).clone())
    }

    fn sent(outcome: Outcome) -> State {
        let mut state = State::default();
        state.choose(Score::Four);
        let form = state.send().unwrap();
        state.finish_sending(&form, outcome);
        state
    }

    fn refused(status: u16) -> Error {
        Error::Refused { status, message: String::from("of no use"), retry_after: None, expired: false }
    }

    #[test]
    fn each_language_has_the_keys_of_english_and_its_own_plural_forms() {
        let is_counted = |key: &&String| COUNTED.iter().any(|family| key.starts_with(family));
        let english = english();
        for (json, categories) in LANGUAGES {
            let texts = texts(json);
            let mut keys: BTreeSet<_> = english.keys().filter(|key| !is_counted(key)).cloned().collect();
            keys.extend(COUNTED.iter().flat_map(|family| categories.iter().map(move |form| format!("{family}{form}"))));
            assert_eq!(texts.keys().cloned().collect::<BTreeSet<_>>(), keys, "{}", texts["lang"]);
        }
    }

    #[test]
    fn each_language_is_translated_and_has_a_number_where_english_has_one() {
        let english = english();
        let languages = LANGUAGES.map(|(json, _)| texts(json));
        assert_eq!(languages.iter().map(|texts| &texts["lang"]).collect::<BTreeSet<_>>().len(), LANGUAGES.len());
        for texts in languages {
            let language = texts["lang"].as_str();
            assert_eq!(texts["dir"], if language == "ar" { "rtl" } else { "ltr" });
            for (key, text) in texts.iter().filter(|(key, _)| *key != "dir") {
                let here = format!("{key} in {language}: {text}");
                assert!(!text.is_empty() && (key == "comma" || text.trim() == text), "{here}");
                assert!(language == "en" || key == "comma" || english.get(key) != Some(text), "{here}");
                let form = COUNTED.iter().find_map(|family| key.strip_prefix(family));
                let has_number = form.is_some_and(|form| language != "ar" || !WITHOUT_NUMBER.contains(&form));
                assert_eq!(text.matches("{n}").count(), usize::from(has_number), "{here}");
                assert_eq!(text.matches(['{', '}']).count(), 2 * usize::from(has_number), "{here}");
            }
            for family in ["score-", "stars-", "issue-"] {
                let members: Vec<_> = texts.iter().filter(|(key, _)| key.starts_with(family)).collect();
                let different: BTreeSet<_> = members.iter().map(|(_, text)| *text).collect();
                assert_eq!(members.len(), different.len(), "{family} in {language}");
            }
        }
    }

    #[test]
    fn stars_and_issues_have_distinct_names() {
        let text = text(english());
        let stars = Score::ALL.map(|score| text.star(score));
        assert_eq!(stars, ["1 star, Terrible", "2 stars, Poor", "3 stars, OK", "4 stars, Good", "5 stars, Great"]);
        assert_eq!(Issue::ALL.map(|issue| text.issue(issue)).into_iter().collect::<BTreeSet<_>>().len(), 8);
    }

    #[test]
    fn each_state_has_its_texts() {
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
    fn auto_send_and_require_issue_have_their_texts() {
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
    fn a_comment_near_its_limit_is_counted() {
        let text = text(english());
        let mut state = State::default();
        let mut below = |comment: String| {
            state.set_comment(comment);
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
            state.set_comment(comment);
            state.send();
            assert_eq!(text.problem(&state), problem);
        }
    }
}
