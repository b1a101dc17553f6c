//! The rating that a user makes, and its delivery: plain data, without a browser.

use ringback_api::{Comment, CommentError, Issue, IssueSet, Rating, RatingForm, Revision, Score};
use ringback_client::delivery::Outcome;
use ringback_client::rating::Error;

mod leg_status;
#[cfg(test)]
mod tests;

pub use leg_status::DeliveryUpdate;

/// The issues in the order of the form, most common first.
pub const ISSUES: [Issue; 8] = [
    Issue::ImperfectAudio,
    Issue::DroppedCall,
    Issue::OneWayAudio,
    Issue::AudioLatency,
    Issue::PostDialDelay,
    Issue::DigitsNotCaptured,
    Issue::IncorrectCallerId,
    Issue::UnsolicitedCall,
];

/// The progress of a rating.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// The user is choosing.
    #[default]
    Editing,
    /// Five stars, chosen at this revision, will be sent after a delay that any other input cancels.
    Scheduled(Revision),
    /// The user pressed Send, but the rating cannot be sent like this.
    Invalid(Invalid),
    /// The request is running.
    Sending,
    /// The rating is on the server's disk.
    Sent,
    /// The request failed. The rating is in the outbox, to be sent again.
    Kept(Error),
    /// The request failed, and nothing is in the outbox.
    Failed(Error),
    /// The user closed the form.
    Closed,
}

/// The reason why a rating cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// No star is chosen.
    NoScore,
    /// No issue is chosen, and this score requires one.
    NoIssue,
    /// The comment is invalid.
    Comment(CommentError),
}

/// The options of the form, which the host sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "the options are independent")]
pub struct Wishes {
    /// A choice does not count until the user presses Send.
    pub only_sent: bool,
    /// Adds a button "Not now".
    pub dismissible: bool,
    /// Adds a button "Don’t ask again".
    pub opt_out: bool,
    /// Sends five stars without a press on Send.
    pub auto_send: bool,
    /// Requires an issue at this score or below.
    pub require_issue: Option<Score>,
}

/// The state of one form. By default nothing is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    wishes: Wishes,
    score: Option<Score>,
    issues: IssueSet,
    comment: String,
    /// Grows with each change. It is not a time, because clocks of two devices differ: [`submit`] raises it above the
    /// revision that the server has.
    ///
    /// [`submit`]: ringback_client::delivery::submit
    revision: Revision,
    /// Whether the choice has changed since it was last sent.
    changed: bool,
    phase: Phase,
}

impl State {
    /// The chosen star.
    #[must_use]
    pub const fn score(&self) -> Option<Score> {
        self.score
    }

    /// Whether this issue is ticked.
    #[must_use]
    pub const fn has_issue(&self, issue: Issue) -> bool {
        self.issues.contains(issue)
    }

    /// The comment as typed.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The phase.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether the user pressed Send without a star.
    #[must_use]
    pub fn lacks_score(&self) -> bool {
        self.phase == Phase::Invalid(Invalid::NoScore)
    }

    /// Whether the user pressed Send without a required issue.
    #[must_use]
    pub fn lacks_issue(&self) -> bool {
        self.phase == Phase::Invalid(Invalid::NoIssue)
    }

    /// Whether the rating will be sent after a delay.
    #[must_use]
    pub const fn is_scheduled(&self) -> bool {
        matches!(self.phase, Phase::Scheduled(_))
    }

    /// Whether a request is running.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.phase == Phase::Sending
    }

    /// Whether the rating is on the server's disk.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        self.phase == Phase::Sent
    }

    /// Whether the user has nothing left to do: the rating is sent or in the outbox.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Sent | Phase::Kept(_))
    }

    /// Whether a star is chosen and the user has not pressed Send since.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.changed && self.score.is_some() && !self.is_sending()
    }

    /// Whether the choice has changed since it was last sent.
    #[must_use]
    pub const fn has_changed(&self) -> bool {
        self.changed
    }

    /// Whether the form asks for issues.
    #[must_use]
    pub fn asks_issues(&self) -> bool {
        self.score.is_some_and(|score| score < Score::Five)
    }

    /// The number of characters left for the comment, negative if it is too long.
    #[must_use]
    pub fn characters_left(&self) -> i32 {
        let limit = i32::try_from(Comment::MAX_CHARS).unwrap_or(i32::MAX);
        limit.saturating_sub_unsigned(u32::try_from(Comment::length(&self.comment)).unwrap_or(u32::MAX))
    }

    /// Chooses a star.
    pub fn choose(&mut self, score: Score) {
        self.score = Some(score);
        self.mark_changed();
        if self.wishes.auto_send && score == Score::Five && self.phase == Phase::Editing {
            self.phase = Phase::Scheduled(self.revision);
        }
    }

    /// Cancels the pending auto-send; the choice stays.
    pub fn cancel_auto_send(&mut self) {
        if self.is_scheduled() {
            self.phase = Phase::Editing;
        }
    }

    /// Ticks or clears an issue.
    pub fn set_issue(&mut self, issue: Issue, on: bool) {
        if on {
            self.issues.insert(issue);
        } else {
            self.issues.remove(issue);
        }
        self.mark_changed();
    }

    /// Sets the comment.
    pub fn set_comment(&mut self, comment: String) {
        self.comment = comment;
        self.mark_changed();
    }

    fn mark_changed(&mut self) {
        self.revision = self.revision.saturating_add(1);
        self.changed = true;
        // A running request still has to end.
        if !self.is_sending() {
            self.phase = Phase::Editing;
        }
    }

    /// Returns to the form after the rating was sent.
    pub fn edit(&mut self) {
        if self.is_done() {
            self.phase = Phase::Editing;
        }
    }

    /// The options.
    #[must_use]
    pub const fn wishes(&self) -> Wishes {
        self.wishes
    }

    /// Sets the options.
    pub fn set_wishes(&mut self, wishes: Wishes) {
        self.wishes = wishes;
        if !wishes.auto_send {
            self.cancel_auto_send();
        }
    }

    /// A form with these options and nothing chosen.
    #[must_use]
    pub fn new(wishes: Wishes) -> Self {
        Self { wishes, ..Self::default() }
    }

    /// Whether the user closed the form.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Closes the form. Returns `true` if the user had not sent the choice, which then does not count.
    pub fn close(&mut self) -> bool {
        let dropped = self.changed || !(self.is_done() || self.is_sending() || self.is_closed());
        self.changed = false;
        self.phase = Phase::Closed;
        dropped
    }

    /// Handles a press on Send. Returns the form to send, or `None` if it is invalid or a request is running.
    pub fn send(&mut self) -> Option<RatingForm> {
        if self.is_sending() {
            return None;
        }
        match self.validate() {
            Ok(form) => {
                self.changed = false;
                self.phase = Phase::Sending;
                Some(form)
            }
            Err(invalid) => {
                self.phase = Phase::Invalid(invalid);
                None
            }
        }
    }

    /// Shows an error that the server reported before the user sent anything.
    pub fn refuse(&mut self, error: Error) {
        if self.phase == Phase::Editing {
            self.phase = Phase::Failed(error);
        }
    }

    /// Marks the choice as one that the user made earlier, so that it is not sent again on its own.
    pub fn mark_known(&mut self) {
        self.changed = false;
    }

    /// Clears an error about the token, because there is a new one. Returns whether the user had pressed Send, so that the
    /// choice is to be sent again.
    pub fn renew(&mut self) -> bool {
        let failed = matches!(&self.phase, Phase::Failed(error) if error.is_about_token());
        if failed {
            self.phase = Phase::Editing;
        }
        failed && !self.changed && self.score.is_some()
    }

    /// Raises the revision to at least this one, which was stored or sent. The next change goes above it.
    pub fn raise_revision(&mut self, revision: Option<Revision>) {
        self.revision = self.revision.max(revision.unwrap_or_default());
    }

    /// Ends a request for this form, whose revision may have been raised meanwhile.
    pub fn finish_sending(&mut self, form: &RatingForm, outcome: Outcome) {
        // A change made meanwhile is newer than the form that was sent.
        self.raise_revision(form.revision.map(|revision| revision.saturating_add(self.changed.into())));
        if self.is_closed() {
            return;
        }
        self.phase = match outcome {
            Outcome::Failed(error) => Phase::Failed(error),
            _ if self.changed => Phase::Editing,
            Outcome::Delivered => Phase::Sent,
            Outcome::Kept(error) => Phase::Kept(error),
        };
    }

    /// The chosen score and issues, as they would be sent.
    #[must_use]
    pub fn rating(&self) -> Option<Rating> {
        Some(Rating { score: self.score?, issues: self.sent_issues() })
    }

    /// Issues that the form does not ask for stay ticked, in case the score changes back, but are not sent.
    fn sent_issues(&self) -> IssueSet {
        if self.asks_issues() { self.issues } else { IssueSet::default() }
    }

    fn validate(&self) -> Result<RatingForm, Invalid> {
        let form = self.form()?;
        let Rating { score, issues } = form.rating;
        if issues.is_empty() && self.wishes.require_issue.is_some_and(|most| score <= most) {
            return Err(Invalid::NoIssue);
        }
        Ok(form)
    }

    /// Ignores `require_issue`, which applies to a press on Send only.
    fn form(&self) -> Result<RatingForm, Invalid> {
        let score = self.score.ok_or(Invalid::NoScore)?;
        // An empty comment clears the one of an earlier rating, which belonged to another score.
        let comment = match Comment::new(&self.comment) {
            Ok(comment) => Some(comment),
            Err(CommentError::Empty) => None,
            Err(error) => return Err(Invalid::Comment(error)),
        };
        let rating = Rating { score, issues: self.sent_issues() };
        Ok(RatingForm { rating, comment: Some(comment), revision: Some(self.revision) })
    }
}
