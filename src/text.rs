//! The words, apart from the form, so that other languages can take their place.

use ringback_api::{CommentError, Issue, Score};
use ringback_client::rating::{Error, Remedy};

use crate::state::{Invalid, Phase, State};

/// Everything that the form says.
pub struct Text {
    /// The legend of the stars.
    pub question: &'static str,
    /// Below the stars while none is chosen.
    pub hint: &'static str,
    /// What each number of stars means, one star first.
    pub scores: [&'static str; 5],
    /// How many stars these are, one star first.
    pub stars: [&'static str; 5],
    /// The legend of the issues.
    pub what_went_wrong: &'static str,
    /// The same, when the call was good all the same.
    pub what_could_be_better: &'static str,
    /// The issues in the order of [`Issue::ALL`].
    pub issues: [&'static str; 8],
    /// The label of the comment.
    pub comment: &'static str,
    /// After the number of characters that may still be written.
    pub characters_left: &'static str,
    /// After the number of characters that must go.
    pub characters_over: &'static str,
    /// The button.
    pub send: &'static str,
    /// The button, while sending.
    pub sending: &'static str,
    /// The button, after a failure.
    pub try_again: &'static str,
    /// Below what is chosen, when it counts without Send too.
    pub partial: &'static str,
    /// Kept, because the browser is not online.
    pub kept_offline: &'static str,
    /// Kept for another reason.
    pub kept: &'static str,
    /// The button to say no.
    pub not_now: &'static str,
    /// The button to close what is done.
    pub close: &'static str,
    /// After sending.
    pub thank_you: &'static str,
    /// The button after sending.
    pub change: &'static str,
    /// Send was pressed without a star.
    pub choose_first: &'static str,
    /// Send was pressed with a comment that is too long.
    pub comment_too_long: &'static str,
    /// Send was pressed with a comment that holds what cannot be stored.
    pub comment_unfit: &'static str,
    /// No answer came.
    pub unreachable: &'static str,
    /// The server is there and cannot at the moment.
    pub busy: &'static str,
    /// The token is not, or no longer, good for this call.
    pub not_allowed: &'static str,
    /// The server refused for another reason.
    pub refused: &'static str,
}

/// English.
pub static ENGLISH: Text = Text {
    question: "How was your call?",
    hint: "Choose one to five stars",
    scores: ["Terrible", "Poor", "OK", "Good", "Great"],
    stars: ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
    what_went_wrong: "What went wrong?",
    what_could_be_better: "What could have been better?",
    issues: [
        "Noise, echo or gaps",
        "The call cut out",
        "Wrong number shown",
        "Slow to connect",
        "Keypad didn’t work",
        "Unwanted call",
        "Delay in the sound",
        "Only one side was heard",
    ],
    comment: "Anything else? (optional)",
    characters_left: " left",
    characters_over: " too many",
    send: "Send",
    sending: "Sending…",
    try_again: "Try again",
    partial: "If you leave this page, what you have chosen is sent.",
    kept_offline: "Saved here. It will be sent when you are online.",
    kept: "Saved here. It will be sent as soon as possible.",
    not_now: "Not now",
    close: "Close",
    thank_you: "Thank you. Your rating was sent.",
    change: "Change rating",
    choose_first: "Please choose a star first",
    comment_too_long: "The comment is too long. Please shorten it.",
    comment_unfit: "The comment has a character that cannot be sent.",
    unreachable: "Your rating could not be sent. Please check your connection and try again.",
    busy: "The server is busy. Please try again in a moment.",
    not_allowed: "This call can no longer be rated.",
    refused: "Your rating was not accepted.",
};

impl Text {
    /// What this number of stars means.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a score's index is below five")]
    pub const fn score(&self, score: Score) -> &'static str {
        self.scores[score.index()]
    }

    /// "1 star" and so on.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a score's index is below five")]
    pub const fn stars(&self, score: Score) -> &'static str {
        self.stars[score.index()]
    }

    /// The issue as a person would say it.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "there are eight issues")]
    pub const fn issue(&self, issue: Issue) -> &'static str {
        self.issues[issue as usize]
    }

    /// The line below the stars.
    #[must_use]
    pub fn below_stars(&self, state: &State) -> String {
        match state.score() {
            Some(score) => self.score(score),
            None if state.lacks_score() => self.choose_first,
            None => self.hint,
        }
        .to_owned()
    }

    /// The legend of the issues.
    #[must_use]
    pub fn above_issues(&self, state: &State) -> String {
        if state.score() == Some(Score::Four) { self.what_could_be_better } else { self.what_went_wrong }.to_owned()
    }

    /// The line below the comment: how much may still be written, when the end is near.
    #[must_use]
    pub fn below_comment(&self, state: &State) -> String {
        match state.characters_left() {
            101.. => String::new(),
            left @ 0.. => left.to_string() + self.characters_left,
            over => (-over).to_string() + self.characters_over,
        }
    }

    /// What keeps the rating from being sent.
    #[must_use]
    pub fn problem(&self, state: &State) -> String {
        match state.phase() {
            Phase::Failed(error) => self.error(error),
            Phase::Invalid(Invalid::Comment(CommentError::TooLong)) => self.comment_too_long,
            Phase::Invalid(Invalid::Comment(_)) => self.comment_unfit,
            _ => "",
        }
        .to_owned()
    }

    /// The name of the button.
    #[must_use]
    pub fn button(&self, state: &State) -> String {
        match state.phase() {
            Phase::Sending => self.sending,
            Phase::Failed(error) if error.remedy() == Remedy::Wait => self.try_again,
            _ => self.send,
        }
        .to_owned()
    }

    /// What is said after Send when there is nothing more to do.
    #[must_use]
    pub fn outcome(&self, state: &State) -> String {
        match state.phase() {
            Phase::Sent => self.thank_you,
            Phase::Kept(Error::Network(_)) => self.kept_offline,
            Phase::Kept(_) => self.kept,
            _ => "",
        }
        .to_owned()
    }

    /// What an error means to a person.
    #[must_use]
    pub fn error(&self, error: &Error) -> &'static str {
        match error {
            Error::Network(_) => self.unreachable,
            error if error.is_about_token() => self.not_allowed,
            error if error.remedy() == Remedy::Wait => self.busy,
            Error::BadToken(_) | Error::Refused { .. } | Error::Overtaken => self.refused,
        }
    }
}
