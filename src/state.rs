//! What a person has said so far and what became of it: plain data, without a browser.

use ringback_api::{Comment, CommentError, Issue, IssueSet, Rating, RatingForm, Revision, Score};
use ringback_client::rating::Error;

/// The issues, most common first: the order in which a person is asked.
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

/// Where a rating is on its way to the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// The person is at it.
    #[default]
    Editing,
    /// Send was pressed and could not be obeyed.
    Invalid(Invalid),
    /// On its way.
    Sending,
    /// On the server's disk.
    Sent,
    /// Not there, for all that is known.
    Failed(Error),
}

/// What is to be put right before the rating can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// No star was chosen.
    NoScore,
    /// The comment cannot be sent.
    Comment(CommentError),
}

/// A rating in the making; by default, nothing is chosen yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    score: Option<Score>,
    issues: IssueSet,
    comment: String,
    /// The last that was sent. No clock, since another device's may differ: [`RatingClient::submit`] goes above what the
    /// server has.
    ///
    /// [`RatingClient::submit`]: ringback_client::rating::RatingClient::submit
    revision: Revision,
    changed: bool,
    phase: Phase,
}

impl State {
    /// The chosen star.
    #[must_use]
    pub const fn score(&self) -> Option<Score> {
        self.score
    }

    /// Whether the box of this issue is ticked.
    #[must_use]
    pub const fn has(&self, issue: Issue) -> bool {
        self.issues.contains(issue)
    }

    /// What was written.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// Where it stands.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether Send was pressed and a star is missing.
    #[must_use]
    pub fn lacks_score(&self) -> bool {
        self.phase == Phase::Invalid(Invalid::NoScore)
    }

    /// Whether it is on its way.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.phase == Phase::Sending
    }

    /// Whether it is on the server's disk.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        self.phase == Phase::Sent
    }

    /// Whether to ask what went wrong.
    #[must_use]
    pub fn asks_issues(&self) -> bool {
        self.score.is_some_and(|score| score < Score::Five)
    }

    /// How many characters may still be written; negative when there are too many.
    #[must_use]
    pub fn characters_left(&self) -> i32 {
        let limit = i32::try_from(Comment::MAX_CHARS).unwrap_or(i32::MAX);
        limit.saturating_sub_unsigned(u32::try_from(self.comment().trim().chars().count()).unwrap_or(u32::MAX))
    }

    /// A star was chosen.
    pub fn choose(&mut self, score: Score) {
        self.score = Some(score);
        self.change();
    }

    /// The box of an issue was ticked or cleared.
    pub fn set_issue(&mut self, issue: Issue, on: bool) {
        if on {
            self.issues.insert(issue);
        } else {
            self.issues.remove(issue);
        }
        self.change();
    }

    /// The comment is now this.
    pub fn write(&mut self, comment: String) {
        self.comment = comment;
        self.change();
    }

    fn change(&mut self) {
        self.changed = true;
        // While it is being sent, the answer is still awaited.
        if !self.is_sending() {
            self.phase = Phase::Editing;
        }
    }

    /// The person wants to change what was sent.
    pub fn edit(&mut self) {
        if self.is_sent() {
            self.phase = Phase::Editing;
        }
    }

    /// Send was pressed: the form to send, or `None` when something is to be put right first or one is on its way.
    pub fn send(&mut self) -> Option<RatingForm> {
        if self.is_sending() {
            return None;
        }
        match self.form() {
            Ok(mut form) => {
                // Grows when something else is sent, so that a retry is told from a change of mind.
                if self.changed {
                    self.revision = self.revision.saturating_add(1);
                    self.changed = false;
                }
                form.revision = Some(self.revision);
                self.phase = Phase::Sending;
                Some(form)
            }
            Err(invalid) => {
                self.phase = Phase::Invalid(invalid);
                None
            }
        }
    }

    /// The server says, before anything was sent, that nothing can be.
    pub fn refuse(&mut self, error: Error) {
        if self.phase == Phase::Editing {
            self.phase = Phase::Failed(error);
        }
    }

    /// The answer to the form is in, whose revision may have been raised on the way.
    pub fn sent(&mut self, form: &RatingForm, outcome: Result<(), Error>) {
        self.revision = form.revision.unwrap_or(self.revision);
        self.phase = match outcome {
            // What was changed in between is not with the server yet.
            Ok(()) if self.changed => Phase::Editing,
            Ok(()) => Phase::Sent,
            Err(error) => Phase::Failed(error),
        };
    }

    fn form(&self) -> Result<RatingForm, Invalid> {
        let score = self.score.ok_or(Invalid::NoScore)?;
        // An empty one clears what an earlier form for the call may have sent: it belonged to another score.
        let comment = match Comment::new(&self.comment) {
            Ok(comment) => Some(comment),
            Err(CommentError::Empty) => None,
            Err(error) => return Err(Invalid::Comment(error)),
        };
        // Ticked boxes that are out of sight are kept for when the person goes back, and not sent.
        let issues = if self.asks_issues() { self.issues } else { IssueSet::default() };
        Ok(RatingForm { rating: Rating { score, issues }, comment: Some(comment), revision: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(score: Score) -> State {
        let mut state = State::default();
        state.choose(score);
        state
    }

    fn offline() -> Error {
        Error::Network("Failed to fetch".to_owned())
    }

    #[test]
    fn every_issue_is_asked_once() {
        assert_eq!(ISSUES.into_iter().collect::<IssueSet>().iter().count(), Issue::ALL.len());
    }

    #[test]
    fn a_score_is_needed() {
        let mut state = State::default();
        assert_eq!(state.send(), None);
        assert_eq!(state.phase(), &Phase::Invalid(Invalid::NoScore));
        state.choose(Score::Five);
        assert_eq!(state.phase(), &Phase::Editing);
        assert_eq!(state.send().unwrap().rating, Rating { score: Score::Five, issues: IssueSet::default() });
    }

    #[test]
    fn issues_belong_to_scores_below_five_and_survive_a_detour() {
        let mut state = chosen(Score::Two);
        state.set_issue(Issue::DroppedCall, true);
        state.set_issue(Issue::OneWayAudio, true);
        state.set_issue(Issue::OneWayAudio, false);
        state.choose(Score::Five);
        assert!(!state.asks_issues());
        assert!(state.clone().send().unwrap().rating.issues.is_empty());
        state.choose(Score::Four);
        let issues: Vec<_> = state.send().unwrap().rating.issues.iter().collect();
        assert_eq!(issues, [Issue::DroppedCall]);
    }

    #[test]
    fn a_comment_is_sent_cleared_or_refused() {
        let mut state = chosen(Score::Five);
        assert_eq!(state.clone().send().unwrap().comment, Some(None));
        state.write(" \n".to_owned());
        assert_eq!(state.clone().send().unwrap().comment, Some(None));
        state.write(" fine ".to_owned());
        assert_eq!(state.clone().send().unwrap().comment, Some(Some(Comment::new("fine").unwrap())));
        state.write("é".repeat(1001));
        assert_eq!(state.characters_left(), -1);
        assert_eq!(state.send(), None);
        assert_eq!(state.phase(), &Phase::Invalid(Invalid::Comment(CommentError::TooLong)));
    }

    #[test]
    fn a_retry_keeps_the_revision_and_a_change_raises_it() {
        let mut state = chosen(Score::One);
        let first = state.send().unwrap();
        assert_eq!(first.revision, Some(1));
        state.sent(&first, Err(offline()));
        assert_eq!(state.phase(), &Phase::Failed(offline()));
        assert_eq!(state.send(), Some(first.clone()));
        state.sent(&first, Err(offline()));
        state.set_issue(Issue::DroppedCall, true);
        assert_eq!(state.send().unwrap().revision, Some(2));
    }

    #[test]
    fn a_change_goes_above_what_was_raised_on_the_way_even_if_that_failed() {
        for outcome in [Ok(()), Err(offline())] {
            let mut state = chosen(Score::One);
            let mut form = state.send().unwrap();
            form.revision = Some(4_000_000_001);
            state.sent(&form, outcome);
            assert_eq!(state.clone().send(), Some(form));
            state.choose(Score::Two);
            assert_eq!(state.send().unwrap().revision, Some(4_000_000_002));
        }
    }

    #[test]
    fn one_at_a_time() {
        let mut state = chosen(Score::One);
        assert!(state.send().is_some());
        assert_eq!(state.send(), None);
        assert_eq!(state.phase(), &Phase::Sending);
    }

    #[test]
    fn what_was_changed_while_sending_is_not_called_sent() {
        let mut state = chosen(Score::One);
        let form = state.send().unwrap();
        state.choose(Score::Three);
        assert_eq!(state.phase(), &Phase::Sending);
        state.sent(&form, Ok(()));
        assert_eq!(state.phase(), &Phase::Editing);
        let form = state.send().unwrap();
        assert_eq!(form.rating.score, Score::Three);
        state.sent(&form, Ok(()));
        assert_eq!(state.phase(), &Phase::Sent);
        state.edit();
        assert_eq!((state.phase(), state.score()), (&Phase::Editing, Some(Score::Three)));
    }
}
