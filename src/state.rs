//! What a person has said so far and what became of it: plain data, without a browser.

use ringback_api::{Comment, CommentError, Issue, IssueSet, Rating, RatingForm, Revision, Score};
use ringback_client::delivery::{Known, Outcome};
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
    /// The comment cannot be sent.
    Comment(CommentError),
}

/// A rating in the making; by default, nothing is chosen yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What Send was not pressed for does not count.
    only_sent: bool,
    /// There is a way to say no.
    dismissible: bool,
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

/// What a person should hear of, and the host with them, when something has become known about the rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It is on the server's disk.
    Delivered(Rating),
    /// It cannot be sent without another token.
    TokenNeeded,
    /// The server does not take it.
    Refused(Error),
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

    /// What is chosen so far, if a star is.
    #[must_use]
    pub fn draft(&self) -> Option<RatingForm> {
        // A comment that cannot be sent is no reason to lose the rest.
        self.form().ok().or_else(|| Self { comment: String::new(), ..self.clone() }.form().ok())
    }

    /// Whether what was chosen counts when the person leaves without a press on Send.
    #[must_use]
    pub const fn counts_partial(&self) -> bool {
        !self.only_sent
    }

    /// Sets whether what was chosen counts when the person leaves without a press on Send; it does unless this is called.
    pub const fn count_partial(&mut self, on: bool) {
        self.only_sent = !on;
    }

    /// Whether the form has a button to say no.
    #[must_use]
    pub const fn is_dismissible(&self) -> bool {
        self.dismissible
    }

    /// Sets whether the form has a button to say no.
    pub const fn make_dismissible(&mut self, on: bool) {
        self.dismissible = on;
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

    /// What to send if the page goes away now.
    #[must_use]
    pub fn last_words(&self) -> Option<RatingForm> {
        let unsent = if self.changed {
            self.counts_partial()
        } else {
            !matches!(self.phase, Phase::Editing | Phase::Sent | Phase::Closed)
        };
        if unsent { self.draft() } else { None }
    }

    /// Send was pressed: the form to send, or `None` when something is to be put right first or one is on its way.
    pub fn send(&mut self) -> Option<RatingForm> {
        if self.is_sending() {
            return None;
        }
        match self.form() {
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

    /// This is what the browser knew of the leg before the form was opened. `true` if something was chosen.
    pub fn restore(&mut self, known: Known) -> bool {
        let (form, phase) = match known {
            Known::Delivered(revision) | Known::Refused(revision, _) | Known::Dropped(revision) => {
                // Above it already, if the person was faster.
                self.reached(Some(revision.saturating_add(self.changed.into())));
                return false;
            }
            Known::Draft(form) => (form, Phase::Editing),
            Known::Waiting(form) => (form, Phase::Kept(Error::Network(String::new()))),
            Known::TokenNeeded(form) => (form, Phase::Kept(token_needed())),
        };
        self.reached(form.revision.map(|revision| revision.saturating_add(self.changed.into())));
        if self.changed || self.is_closed() {
            return false;
        }
        self.changed = phase == Phase::Editing;
        self.score = Some(form.rating.score);
        self.issues = form.rating.issues;
        self.comment = form.comment.flatten().map_or_else(String::new, |comment| comment.as_str().to_owned());
        self.phase = phase;
        true
    }

    /// Something may have happened to what was kept.
    pub fn learn(&mut self, known: Known) -> Option<News> {
        match known {
            Known::Delivered(revision) if revision >= self.revision => {
                // Sent as it was, because nothing happened for long: that is not yet what the person has decided.
                self.changed = false;
                let delivered = self.rating()?;
                matches!(self.phase, Phase::Kept(_)).then(|| {
                    self.phase = Phase::Sent;
                    News::Delivered(delivered)
                })
            }
            Known::Refused(revision, status) if revision >= self.revision => {
                let error = Error::Refused { status, message: String::new(), retry_after: None };
                self.phase = Phase::Failed(error.clone());
                Some(News::Refused(error))
            }
            Known::TokenNeeded(_) if !self.changed => {
                self.phase = Phase::Kept(token_needed());
                Some(News::TokenNeeded)
            }
            _ => None,
        }
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

fn token_needed() -> Error {
    Error::Refused { status: 401, message: String::new(), retry_after: None }
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
    fn a_draft_counts_if_it_may_and_what_was_sent_counts_anyway() {
        assert_eq!(State::default().last_words(), None);
        let mut state = chosen(Score::One);
        state.write("é".repeat(1001));
        assert_eq!(state.last_words().unwrap().comment, Some(None));
        state.count_partial(false);
        assert_eq!(state.last_words(), None);
        state.write("Hello?".to_owned());
        let form = state.send().unwrap();
        assert_eq!(state.last_words(), Some(form.clone()));
        state.sent(&form, Outcome::Kept(offline()));
        assert_eq!(state.last_words(), Some(form.clone()));
        state.count_partial(true);
        state.sent(&form, Outcome::Delivered);
        assert_eq!(state.last_words(), None);
        state.edit();
        assert_eq!(state.last_words(), None);
        state.choose(Score::Two);
        assert_eq!(state.last_words().unwrap().revision, Some(3 + 1));
    }

    #[test]
    fn what_was_kept_is_there_again_unless_the_person_was_faster() {
        let mut before = chosen(Score::Two);
        before.set_issue(Issue::DroppedCall, true);
        before.write("Hello?".to_owned());
        let kept = RatingForm { revision: Some(9), ..before.draft().unwrap() };
        let mut state = State::default();
        assert!(state.restore(Known::Draft(kept.clone())));
        assert_eq!((state.draft(), state.is_draft()), (Some(kept.clone()), true));

        let mut state = State::default();
        assert!(state.restore(Known::Waiting(kept.clone())));
        assert!(matches!(state.phase(), Phase::Kept(_)));

        for known in [Known::Draft(kept.clone()), Known::Delivered(9)] {
            let mut state = chosen(Score::Five);
            assert!(!state.restore(known));
            assert_eq!(
                state.send().unwrap(),
                RatingForm { revision: Some(10), ..chosen(Score::Five).draft().unwrap() }
            );
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
    fn what_becomes_of_what_was_kept() {
        let kept = || {
            let mut state = chosen(Score::Two);
            let form = state.send().unwrap();
            state.sent(&form, Outcome::Kept(offline()));
            (state, form)
        };
        let (mut state, form) = kept();
        assert_eq!(state.learn(Known::Waiting(form.clone())), None);
        assert_eq!(state.learn(Known::TokenNeeded(form.clone())), Some(News::TokenNeeded));
        assert_eq!(state.learn(Known::Delivered(1)), Some(News::Delivered(form.rating)));
        assert_eq!((state.is_sent(), state.learn(Known::Delivered(1))), (true, None));
        let (mut state, _) = kept();
        assert!(matches!(state.learn(Known::Refused(1, 410)), Some(News::Refused(Error::Refused { status: 410, .. }))));
        // What was chosen since then is not affected.
        let (mut state, _) = kept();
        state.edit();
        state.choose(Score::Three);
        for known in [Known::Delivered(1), Known::Refused(1, 410)] {
            assert_eq!(state.learn(known), None);
        }
        assert_eq!(state.phase(), &Phase::Editing);
        assert!(state.is_draft());
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
}
