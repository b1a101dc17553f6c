//! The exchange between a form and the outbox, which knows the status of the leg.

use ringback_api::{Rating, RatingForm};
use ringback_client::delivery::LegStatus;
use ringback_client::rating::Error;

use super::{Phase, State};

/// A change in the delivery of a rating that the form reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryUpdate {
    /// The rating is on the server's disk.
    Delivered(Rating),
    /// The rating waits for a new token.
    TokenNeeded,
    /// The server refused the rating.
    Refused(Error),
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
        if unsent { self.draft() } else { None }
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
            LegStatus::TokenNeeded(form) => (form, Phase::Kept(token_needed())),
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
                self.changed = false;
                let delivered = self.rating()?;
                matches!(self.phase, Phase::Kept(_)).then(|| {
                    self.phase = Phase::Sent;
                    DeliveryUpdate::Delivered(delivered)
                })
            }
            LegStatus::Refused(revision, status) if revision >= self.revision => {
                let error = Error::Refused { status, message: String::new(), retry_after: None };
                self.phase = Phase::Failed(error.clone());
                Some(DeliveryUpdate::Refused(error))
            }
            LegStatus::TokenNeeded(_) if !self.changed => {
                self.phase = Phase::Kept(token_needed());
                Some(DeliveryUpdate::TokenNeeded)
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
    fn a_draft_counts_unless_only_sent_and_a_sent_rating_always_counts() {
        assert_eq!(State::default().unsent_form(), None);
        let mut state = chosen(Score::One);
        state.set_comment("é".repeat(1001));
        assert_eq!(state.unsent_form().unwrap().comment, Some(None));
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
        assert_eq!(state.apply(LegStatus::TokenNeeded(form.clone())), Some(DeliveryUpdate::TokenNeeded));
        assert_eq!(state.apply(LegStatus::Delivered(1)), Some(DeliveryUpdate::Delivered(form.rating)));
        assert_eq!((state.is_sent(), state.apply(LegStatus::Delivered(1))), (true, None));
        let (mut state, _) = stored();
        assert!(matches!(
            state.apply(LegStatus::Refused(1, 410)),
            Some(DeliveryUpdate::Refused(Error::Refused { status: 410, .. }))
        ));
        // A later choice is not affected.
        let (mut state, _) = stored();
        state.edit();
        state.choose(Score::Three);
        for status in [LegStatus::Delivered(1), LegStatus::Refused(1, 410)] {
            assert_eq!(state.apply(status), None);
        }
        assert_eq!(state.phase(), &Phase::Editing);
        assert!(state.is_draft());
    }
}
