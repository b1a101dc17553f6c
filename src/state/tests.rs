use ringback_client::delivery::LegStatus;

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
fn the_form_asks_for_every_issue_once() {
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
fn issues_are_sent_below_five_stars_and_survive_a_change_of_score() {
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
    state.set_comment(" \n".to_owned());
    assert_eq!(state.clone().send().unwrap().comment, Some(None));
    state.set_comment(" fine ".to_owned());
    assert_eq!(state.clone().send().unwrap().comment, Some(Some(Comment::new("fine").unwrap())));
    state.set_comment("é".repeat(1001));
    assert_eq!(state.characters_left(), -1);
    assert_eq!(state.send(), None);
    assert_eq!(state.phase(), &Phase::Invalid(Invalid::Comment(CommentError::TooLong)));
}

#[test]
fn a_retry_keeps_the_revision_and_a_change_raises_it() {
    let mut state = chosen(Score::One);
    let first = state.send().unwrap();
    assert_eq!(first.revision, Some(1));
    state.finish_sending(&first, Outcome::Failed(offline()));
    assert_eq!(state.phase(), &Phase::Failed(offline()));
    assert_eq!(state.send(), Some(first.clone()));
    state.finish_sending(&first, Outcome::Failed(offline()));
    state.set_issue(Issue::DroppedCall, true);
    assert_eq!(state.send().unwrap().revision, Some(2));
}

#[test]
fn a_change_goes_above_a_raised_revision_even_if_the_request_failed() {
    for outcome in [Outcome::Delivered, Outcome::Kept(offline()), Outcome::Failed(offline())] {
        let mut state = chosen(Score::One);
        let mut form = state.send().unwrap();
        form.revision = Some(4_000_000_001);
        state.finish_sending(&form, outcome.clone());
        assert_eq!(state.clone().send(), Some(form.clone()));
        state.choose(Score::Two);
        assert_eq!(state.send().unwrap().revision, Some(4_000_000_002));

        let mut state = chosen(Score::One);
        state.send().unwrap();
        state.choose(Score::Two);
        state.finish_sending(&form, outcome);
        assert_eq!(state.send().unwrap().revision, Some(4_000_000_002));
    }
}

#[test]
fn closing_drops_an_unsent_choice_and_nothing_else() {
    let mut state = State::default();
    assert!(state.close());
    assert!(state.is_closed() && !state.close());

    let mut state = chosen(Score::Two);
    assert!(state.close());
    assert_eq!(state.unsent_form(), None);
    assert!(!state.restore(LegStatus::Draft(chosen(Score::Two).draft().unwrap())));

    for outcome in [Outcome::Delivered, Outcome::Kept(offline())] {
        let mut state = chosen(Score::Two);
        let form = state.send().unwrap();
        assert!(!state.clone().close());
        state.finish_sending(&form, outcome.clone());
        assert!(!state.clone().close());
        let mut closed = chosen(Score::Two);
        closed.send().unwrap();
        closed.close();
        closed.finish_sending(&form, outcome);
        assert!(closed.is_closed());
        state.edit();
        state.choose(Score::Three);
        assert!(state.close());
    }
}

#[test]
fn only_one_request_runs_at_a_time() {
    let mut state = chosen(Score::One);
    assert!(state.send().is_some());
    assert_eq!(state.send(), None);
    assert_eq!(state.phase(), &Phase::Sending);
}

#[test]
fn a_change_while_sending_is_not_reported_as_sent() {
    let mut state = chosen(Score::One);
    let form = state.send().unwrap();
    state.choose(Score::Three);
    assert_eq!(state.phase(), &Phase::Sending);
    state.finish_sending(&form, Outcome::Delivered);
    assert_eq!(state.phase(), &Phase::Editing);
    let form = state.send().unwrap();
    assert_eq!(form.rating.score, Score::Three);
    state.finish_sending(&form, Outcome::Delivered);
    assert_eq!(state.phase(), &Phase::Sent);
    state.edit();
    assert_eq!((state.phase(), state.score()), (&Phase::Editing, Some(Score::Three)));
}

#[test]
fn require_issue_applies_to_send_only() {
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
        assert_eq!(state.unsent_form().unwrap().rating.score, score);
    }
    state.set_issue(Issue::DroppedCall, true);
    assert!(!state.lacks_issue());
    assert!(state.send().is_some());
}

#[test]
fn auto_send_schedules_five_stars_and_any_change_cancels_it() {
    let wishes = Wishes { auto_send: true, ..Wishes::default() };
    let soon = || {
        let mut state = State::new(wishes);
        state.choose(Score::Five);
        assert!(state.is_scheduled());
        state
    };
    let changes: [fn(&mut State); 6] = [
        |state| state.choose(Score::Four),
        |state| state.set_comment("Hello".to_owned()),
        |state| state.set_issue(Issue::DroppedCall, true),
        State::cancel_auto_send,
        |state| state.set_wishes(Wishes::default()),
        |state| assert!(state.close()),
    ];
    for change in changes {
        let mut state = soon();
        change(&mut state);
        assert!(!state.is_scheduled() && !state.is_sending());
    }
    let mut state = soon();
    assert!(state.unsent_form().is_some() && state.send().is_some() && state.is_sending());
    // No auto-send while a request is running.
    state.choose(Score::One);
    state.choose(Score::Five);
    assert!(state.is_sending());
    assert!(!chosen(Score::Five).is_scheduled());
    let mut state = State::new(wishes);
    assert!(state.restore(LegStatus::Draft(chosen(Score::Five).draft().unwrap())));
    assert!(!state.is_scheduled());
}
