//! The exchange between a form and the outbox, which knows the status of the leg.

use ringback_api::{Rating, RatingForm};
use ringback_client::delivery::LegStatus;
use ringback_client::rating::Error;

use super::{Phase, State};

/// A change in the delivery of a rating that the form reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryUpdate {
    /// The rating is on the server's disk.
    Delivered {
        /// The rating.
        rating: Rating,
        /// Whether the user had not pressed Send.
        partial: bool,
    },
    /// The server refused the rating, or its token.
    Failed(Error),
}

impl State {
    /// The choice so far, if it includes a star.
    #[must_use]
    pub fn draft(&self) -> Option<RatingForm> {
        // An invalid comment is left out, so that the score is not lost.
        self.form().ok().or_else(|| Self { comment: String::new(), ..self.clone() }.form().ok())
    }

    /// The form to send if the page goes away now.
    #[must_use]
    pub fn unsent_form(&self) -> Option<RatingForm> {
        let unsent = if self.changed {
            !self.wishes.only_sent
        } else {
            !matches!(self.phase, Phase::Editing | Phase::Sent | Phase::Closed)
        };
        let form = if unsent { self.draft() } else { None };
        // A comment leaves with a press on Send only. The server keeps the one that it has.
        form.map(|form| if self.changed { RatingForm { comment: None, ..form } } else { form })
    }

    /// Restores the choice that the outbox holds. Returns `true` if there was one, and the form shows none yet.
    pub fn restore(&mut self, status: LegStatus) -> bool {
        let (form, phase) = match status {
            LegStatus::Delivered(revision) | LegStatus::Refused(revision, _) | LegStatus::Dropped(revision) => {
                // A choice that the user has already made stays above it.
                self.raise_revision(Some(revision.saturating_add(self.changed.into())));
                return false;
            }
            LegStatus::Draft(form) => (form, Phase::Editing),
            LegStatus::Waiting(form) => (form, Phase::Kept(Error::Network(String::new()))),
            LegStatus::TokenNeeded(form, error) => (form, needs_token(error)),
        };
        self.raise_revision(form.revision.map(|revision| revision.saturating_add(self.changed.into())));
        if self.score.is_some() || self.changed || self.is_closed() {
            return false;
        }
        self.changed = phase == Phase::Editing;
        self.score = Some(form.rating.score);
        self.issues = form.rating.issues;
        self.comment = form.comment.flatten().map_or_else(String::new, |comment| comment.as_str().to_owned());
        self.phase = phase;
        true
    }

    /// Applies the present content of the outbox. Returns what the form has to report.
    pub fn apply(&mut self, status: LegStatus) -> Option<DeliveryUpdate> {
        match status {
            LegStatus::Delivered(revision) if revision >= self.revision => {
                // After five minutes without a change the outbox sends a draft too. The user has not pressed Send, so the
                // form stays as it is.
                let was_draft = std::mem::take(&mut self.changed);
                let rating = self.rating()?;
                if matches!(self.phase, Phase::Kept(_)) {
                    self.phase = Phase::Sent;
                    return Some(DeliveryUpdate::Delivered { rating, partial: false });
                }
                was_draft.then_some(DeliveryUpdate::Delivered { rating, partial: true })
            }
            LegStatus::Refused(revision, error) if revision >= self.revision => {
                self.phase = Phase::Failed(error.clone());
                Some(DeliveryUpdate::Failed(error))
            }
            LegStatus::TokenNeeded(_, error) if !self.changed => {
                self.phase = needs_token(error.clone());
                Some(DeliveryUpdate::Failed(error))
            }
            _ => None,
        }
    }
}

/// Only an expired token is sure to be replaced. The form does not promise that for one with a mistake.
fn needs_token(error: Error) -> Phase {
    if error.is_waited_for() { Phase::Kept(error) } else { Phase::Failed(error) }
}

#[cfg(test)]
mod tests {
    use ringback_api::{Issue, Score};
    use ringback_client::delivery::Outcome;

    use super::super::Wishes;
    use super::super::tests::{chosen, offline};
    use super::*;

    #[test]
    fn a_draft_counts_unless_only_sent_and_a_sent_rating_always_counts() {
        assert_eq!(State::default().unsent_form(), None);
        let mut state = chosen(Score::One);
        state.set_comment("é".repeat(1001));
        // A comment leaves with a press on Send only.
        assert_eq!(state.unsent_form().unwrap().comment, None);
        state.set_wishes(Wishes { only_sent: true, ..Wishes::default() });
        assert_eq!(state.unsent_form(), None);
        state.set_comment("Hello?".to_owned());
        let form = state.send().unwrap();
        assert_eq!(state.unsent_form(), Some(form.clone()));
        state.finish_sending(&form, Outcome::Kept(offline()));
        assert_eq!(state.unsent_form(), Some(form.clone()));
        state.set_wishes(Wishes::default());
        state.finish_sending(&form, Outcome::Delivered);
        assert_eq!(state.unsent_form(), None);
        state.edit();
        assert_eq!(state.unsent_form(), None);
        state.choose(Score::Two);
        assert_eq!(state.unsent_form().unwrap().revision, Some(3 + 1));
    }

    #[test]
    fn a_stored_choice_is_restored_unless_the_user_has_already_chosen() {
        let mut before = chosen(Score::Two);
        before.set_issue(Issue::DroppedCall, true);
        before.set_comment("Hello?".to_owned());
        let kept = RatingForm { revision: Some(9), ..before.draft().unwrap() };
        let mut state = State::default();
        assert!(state.restore(LegStatus::Draft(kept.clone())));
        assert_eq!((state.draft(), state.is_draft()), (Some(kept.clone()), true));

        let mut state = State::default();
        assert!(state.restore(LegStatus::Waiting(kept.clone())));
        assert!(matches!(state.phase(), Phase::Kept(_)));

        for status in [LegStatus::Draft(kept.clone()), LegStatus::Delivered(9)] {
            let mut state = chosen(Score::Five);
            assert!(!state.restore(status));
            assert_eq!(
                state.send().unwrap(),
                RatingForm { revision: Some(10), ..chosen(Score::Five).draft().unwrap() }
            );
        }
    }

    #[test]
    fn the_form_reports_the_delivery_of_a_stored_rating() {
        let stored = || {
            let mut state = chosen(Score::Two);
            let form = state.send().unwrap();
            state.finish_sending(&form, Outcome::Kept(offline()));
            (state, form)
        };
        let (mut state, form) = stored();
        assert_eq!(state.apply(LegStatus::Waiting(form.clone())), None);
        let refused =
            |status, expired| Error::Refused { status, message: "a test".to_owned(), retry_after: None, expired };
        let expired = refused(401, true);
        let failed = |error: &Error| Some(DeliveryUpdate::Failed(error.clone()));
        assert_eq!(state.apply(LegStatus::TokenNeeded(form.clone(), expired.clone())), failed(&expired));
        assert_eq!(state.phase(), &Phase::Kept(expired));
        let delivered = DeliveryUpdate::Delivered { rating: form.rating, partial: false };
        assert_eq!(state.apply(LegStatus::Delivered(1)), Some(delivered));
        assert_eq!((state.is_sent(), state.apply(LegStatus::Delivered(1))), (true, None));
        let (mut state, _) = stored();
        assert_eq!(state.apply(LegStatus::Refused(1, refused(410, false))), failed(&refused(410, false)));
        // A token with a mistake may never be replaced, so the form does not promise it.
        let (mut state, form) = stored();
        assert_eq!(state.apply(LegStatus::TokenNeeded(form, refused(401, false))), failed(&refused(401, false)));
        assert_eq!(state.phase(), &Phase::Failed(refused(401, false)));
        // A later choice is not affected.
        let (mut state, _) = stored();
        state.edit();
        state.choose(Score::Three);
        for status in [LegStatus::Delivered(1), LegStatus::Refused(1, refused(410, false))] {
            assert_eq!(state.apply(status), None);
        }
        assert_eq!(state.phase(), &Phase::Editing);
        assert!(state.is_draft());
        // The outbox sends a draft that is not changed for some time.
        let partial = DeliveryUpdate::Delivered { rating: state.rating().unwrap(), partial: true };
        assert_eq!(state.apply(LegStatus::Delivered(2)), Some(partial));
        assert_eq!((state.phase(), state.is_draft()), (&Phase::Editing, false));
    }
}
