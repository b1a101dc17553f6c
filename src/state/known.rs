//! What is kept of a rating beside the form, and what the browser still knew of it.

use ringback_api::{Rating, RatingForm};
use ringback_client::delivery::Known;
use ringback_client::rating::Error;

use super::{Phase, State};

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
    /// What is chosen so far, if a star is.
    #[must_use]
    pub fn draft(&self) -> Option<RatingForm> {
        // A comment that cannot be sent is no reason to lose the rest.
        self.form().ok().or_else(|| Self { comment: String::new(), ..self.clone() }.form().ok())
    }

    /// What to send if the page goes away now.
    #[must_use]
    pub fn last_words(&self) -> Option<RatingForm> {
        let unsent = if self.changed {
            !self.wishes.only_sent
        } else {
            !matches!(self.phase, Phase::Editing | Phase::Sent | Phase::Closed)
        };
        if unsent { self.draft() } else { None }
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
}

fn token_needed() -> Error {
    Error::Refused { status: 401, message: String::new(), retry_after: None }
}

#[cfg(test)]
mod tests {
    use ringback_api::{Issue, Score};
    use ringback_client::delivery::Outcome;

    use super::super::Wishes;
    use super::super::tests::{chosen, offline};
    use super::*;

    #[test]
    fn a_draft_counts_if_it_may_and_what_was_sent_counts_anyway() {
        assert_eq!(State::default().last_words(), None);
        let mut state = chosen(Score::One);
        state.write("é".repeat(1001));
        assert_eq!(state.last_words().unwrap().comment, Some(None));
        state.wish(Wishes { only_sent: true, ..Wishes::default() });
        assert_eq!(state.last_words(), None);
        state.write("Hello?".to_owned());
        let form = state.send().unwrap();
        assert_eq!(state.last_words(), Some(form.clone()));
        state.sent(&form, Outcome::Kept(offline()));
        assert_eq!(state.last_words(), Some(form.clone()));
        state.wish(Wishes::default());
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
}
