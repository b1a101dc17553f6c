//! What a person has said so far and what became of it: plain data, without a browser.

use ringback_api::{Comment, CommentError, Issue, IssueSet, Rating, RatingForm, Revision, Score};
use ringback_client::delivery::Outcome;
use ringback_client::rating::Error;

mod known;

pub use known::News;

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
    /// The fifth star was chosen, at this revision, and is sent in a moment unless the person does something else.
    Soon(Revision),
    /// Send was pressed and could not be obeyed.
    Invalid(Invalid),
    /// On its way.
    Sending,
    /// On the server's disk.
    Sent,
    /// Not there, for all that is known; kept here, to be sent again.
    Kept(Error),
    /// Not there, for all that is known, and not kept.
    Failed(Error),
    /// The person does not want to see it any more.
    Closed,
}

/// What is to be put right before the rating can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// No star was chosen.
    NoScore,
    /// No issue was chosen, and the host wants one with this score.
    NoIssue,
    /// The comment cannot be sent.
    Comment(CommentError),
}

/// How the host wants the form to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Wishes {
    /// What Send was not pressed for does not count.
    pub only_sent: bool,
    /// There is a button to say no.
    pub dismissible: bool,
    /// There is a button to say no for ever.
    pub opt_out: bool,
    /// The fifth star is sent without a press on Send.
    pub auto_send: bool,
    /// With so few stars or fewer, one issue is necessary.
    pub require_issue: Option<Score>,
}

/// A rating in the making; by default, nothing is chosen yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    wishes: Wishes,
    score: Option<Score>,
    issues: IssueSet,
    comment: String,
    /// Grows with each change. No clock, since another device's may differ: [`submit`] goes above what the server has.
    ///
    /// [`submit`]: ringback_client::delivery::submit
    revision: Revision,
    /// Since it was last sent.
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

    /// Whether Send was pressed and an issue is missing.
    #[must_use]
    pub fn lacks_issue(&self) -> bool {
        self.phase == Phase::Invalid(Invalid::NoIssue)
    }

    /// Whether it is sent in a moment.
    #[must_use]
    pub const fn is_soon(&self) -> bool {
        matches!(self.phase, Phase::Soon(_))
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

    /// Whether the person is done with it for now: it is sent, or it will be.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Sent | Phase::Kept(_))
    }

    /// Whether something is chosen that Send was not pressed for.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.changed && self.score.is_some() && !self.is_sending()
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
        limit.saturating_sub_unsigned(u32::try_from(Comment::length(&self.comment)).unwrap_or(u32::MAX))
    }

    /// A star was chosen.
    pub fn choose(&mut self, score: Score) {
        self.score = Some(score);
        self.change();
        if self.wishes.auto_send && score == Score::Five && self.phase == Phase::Editing {
            self.phase = Phase::Soon(self.revision);
        }
    }

    /// The person does not want it to be sent in a moment. What was chosen stays.
    pub fn take_back(&mut self) {
        if self.is_soon() {
            self.phase = Phase::Editing;
        }
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
        self.revision = self.revision.saturating_add(1);
        self.changed = true;
        // While it is being sent, the answer is still awaited.
        if !self.is_sending() {
            self.phase = Phase::Editing;
        }
    }

    /// The person wants to change what was sent.
    pub fn edit(&mut self) {
        if self.is_done() {
            self.phase = Phase::Editing;
        }
    }

    /// How the host wants the form to be.
    #[must_use]
    pub const fn wishes(&self) -> Wishes {
        self.wishes
    }

    /// Sets how the host wants the form to be.
    pub fn wish(&mut self, wishes: Wishes) {
        self.wishes = wishes;
        if !wishes.auto_send {
            self.take_back();
        }
    }

    /// The form with nothing chosen, as the host wants it.
    #[must_use]
    pub fn new(wishes: Wishes) -> Self {
        Self { wishes, ..Self::default() }
    }

    /// Whether the person does not want to see it any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// The person closes it. `true` if Send was never pressed for what is there, so that it does not count.
    pub fn close(&mut self) -> bool {
        let dropped = self.changed || !(self.is_done() || self.is_sending() || self.is_closed());
        self.changed = false;
        self.phase = Phase::Closed;
        dropped
    }

    /// Send was pressed: the form to send, or `None` when something is to be put right first or one is on its way.
    pub fn send(&mut self) -> Option<RatingForm> {
        if self.is_sending() {
            return None;
        }
        match self.complete() {
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

    /// The server says, before anything was sent, that nothing can be.
    pub fn refuse(&mut self, error: Error) {
        if self.phase == Phase::Editing {
            self.phase = Phase::Failed(error);
        }
    }

    /// There is another token.
    pub fn renew(&mut self) {
        if let Phase::Failed(error) = &self.phase
            && error.is_about_token()
        {
            self.phase = Phase::Editing;
        }
    }

    /// What was kept, or sent, got this revision; what is chosen next must be above it.
    pub fn reached(&mut self, revision: Option<Revision>) {
        self.revision = self.revision.max(revision.unwrap_or_default());
    }

    /// The answer to the form is in, whose revision may have been raised on the way.
    pub fn sent(&mut self, form: &RatingForm, outcome: Outcome) {
        // What was changed in between is not with the server yet, and is newer.
        self.reached(form.revision.map(|revision| revision.saturating_add(self.changed.into())));
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

    /// What is chosen, as it would be sent.
    #[must_use]
    pub fn rating(&self) -> Option<Rating> {
        Some(Rating { score: self.score?, issues: self.sent_issues() })
    }

    /// Ticked boxes that are out of sight are kept for when the person goes back, and not sent.
    fn sent_issues(&self) -> IssueSet {
        if self.asks_issues() { self.issues } else { IssueSet::default() }
    }

    fn complete(&self) -> Result<RatingForm, Invalid> {
        let form = self.form()?;
        let Rating { score, issues } = form.rating;
        if issues.is_empty() && self.wishes.require_issue.is_some_and(|most| score <= most) {
            return Err(Invalid::NoIssue);
        }
        Ok(form)
    }

    /// Without what the host wants of it: who goes away leaves what there is.
    fn form(&self) -> Result<RatingForm, Invalid> {
        let score = self.score.ok_or(Invalid::NoScore)?;
        // An empty one clears what an earlier form for the call may have sent: it belonged to another score.
        let comment = match Comment::new(&self.comment) {
            Ok(comment) => Some(comment),
            Err(CommentError::Empty) => None,
            Err(error) => return Err(Invalid::Comment(error)),
        };
        let rating = Rating { score, issues: self.sent_issues() };
        Ok(RatingForm { rating, comment: Some(comment), revision: Some(self.revision) })
    }
}

#[cfg(test)]
mod tests {
    use ringback_client::delivery::Known;

    use super::*;

    pub(super) fn chosen(score: Score) -> State {
        let mut state = State::default();
        state.choose(score);
        state
    }

    pub(super) fn offline() -> Error {
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
        state.sent(&first, Outcome::Failed(offline()));
        assert_eq!(state.phase(), &Phase::Failed(offline()));
        assert_eq!(state.send(), Some(first.clone()));
        state.sent(&first, Outcome::Failed(offline()));
        state.set_issue(Issue::DroppedCall, true);
        assert_eq!(state.send().unwrap().revision, Some(2));
    }

    #[test]
    fn a_change_goes_above_what_was_raised_on_the_way_even_if_that_failed() {
        for outcome in [Outcome::Delivered, Outcome::Kept(offline()), Outcome::Failed(offline())] {
            let mut state = chosen(Score::One);
            let mut form = state.send().unwrap();
            form.revision = Some(4_000_000_001);
            state.sent(&form, outcome.clone());
            assert_eq!(state.clone().send(), Some(form.clone()));
            state.choose(Score::Two);
            assert_eq!(state.send().unwrap().revision, Some(4_000_000_002));

            let mut state = chosen(Score::One);
            state.send().unwrap();
            state.choose(Score::Two);
            state.sent(&form, outcome);
            assert_eq!(state.send().unwrap().revision, Some(4_000_000_002));
        }
    }

    #[test]
    fn closing_drops_what_was_not_sent_and_nothing_else() {
        let mut state = State::default();
        assert!(state.close());
        assert!(state.is_closed() && !state.close());

        let mut state = chosen(Score::Two);
        assert!(state.close());
        assert_eq!(state.last_words(), None);
        assert!(!state.restore(Known::Draft(chosen(Score::Two).draft().unwrap())));

        for outcome in [Outcome::Delivered, Outcome::Kept(offline())] {
            let mut state = chosen(Score::Two);
            let form = state.send().unwrap();
            assert!(!state.clone().close());
            state.sent(&form, outcome.clone());
            assert!(!state.clone().close());
            let mut closed = chosen(Score::Two);
            closed.send().unwrap();
            closed.close();
            closed.sent(&form, outcome);
            assert!(closed.is_closed());
            state.edit();
            state.choose(Score::Three);
            assert!(state.close());
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
        state.sent(&form, Outcome::Delivered);
        assert_eq!(state.phase(), &Phase::Editing);
        let form = state.send().unwrap();
        assert_eq!(form.rating.score, Score::Three);
        state.sent(&form, Outcome::Delivered);
        assert_eq!(state.phase(), &Phase::Sent);
        state.edit();
        assert_eq!((state.phase(), state.score()), (&Phase::Editing, Some(Score::Three)));
    }

    #[test]
    fn an_issue_may_be_necessary_and_is_only_for_send() {
        let wishes = Wishes { require_issue: Some(Score::Two), ..Wishes::default() };
        let mut state = State::new(wishes);
        state.choose(Score::Three);
        assert!(state.clone().send().is_some());
        state.set_issue(Issue::DroppedCall, true);
        state.set_issue(Issue::DroppedCall, false);
        for score in [Score::One, Score::Two] {
            state.choose(score);
            assert_eq!(state.send(), None);
            assert!(state.lacks_issue() && !state.lacks_score());
            assert_eq!(state.last_words().unwrap().rating.score, score);
        }
        state.set_issue(Issue::DroppedCall, true);
        assert!(!state.lacks_issue());
        assert!(state.send().is_some());
    }

    #[test]
    fn only_the_fifth_star_is_sent_by_itself_and_any_change_prevents_it() {
        let wishes = Wishes { auto_send: true, ..Wishes::default() };
        let soon = || {
            let mut state = State::new(wishes);
            state.choose(Score::Five);
            assert!(state.is_soon());
            state
        };
        let changes: [fn(&mut State); 6] = [
            |state| state.choose(Score::Four),
            |state| state.write("Hello".to_owned()),
            |state| state.set_issue(Issue::DroppedCall, true),
            State::take_back,
            |state| state.wish(Wishes::default()),
            |state| assert!(state.close()),
        ];
        for change in changes {
            let mut state = soon();
            change(&mut state);
            assert!(!state.is_soon() && !state.is_sending());
        }
        let mut state = soon();
        assert!(state.last_words().is_some() && state.send().is_some() && state.is_sending());
        // While one is being sent, another waits for Send.
        state.choose(Score::One);
        state.choose(Score::Five);
        assert!(state.is_sending());
        assert!(!chosen(Score::Five).is_soon());
        let mut state = State::new(wishes);
        assert!(state.restore(Known::Draft(chosen(Score::Five).draft().unwrap())));
        assert!(!state.is_soon());
    }
}
