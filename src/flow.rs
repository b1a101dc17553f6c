//! What happens while a form is shown, from the first request to the last: between [`State`], which is pure, and the
//! client, which keeps and sends.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{Issue, Rating, Score};
use ringback_client::delivery::{self, Outcome, Watcher};
use ringback_client::rating::{Error, RatingClient, Remedy};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event as DomEvent, FocusEvent, HtmlElement, HtmlInputElement};

use crate::state::{News, Phase, State};
use crate::view::{Act, fill, focus, focus_invalid, root_of, walk};

/// How long the fifth star can be taken back before it is sent by itself.
const MOMENT: Duration = Duration::from_secs(3);

const CHOSEN: &str = ":checked";

/// What the form tells its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The form is shown.
    Asked,
    /// The person chose something.
    Change(Rating),
    /// The rating is on the server's disk.
    Submitted(Rating),
    /// The rating is kept and will be sent; why it could not be sent yet.
    Queued(Rating, Error),
    /// The person does not want to rate.
    Dismissed {
        /// And does not want to be asked again.
        forever: bool,
    },
    /// The form is not shown any more.
    Closed,
    /// Nothing can be sent without another token for the same leg.
    TokenNeeded,
    /// It cannot be sent.
    Error(Error),
}

/// A form that is shown. It may be used after it is gone, and then does nothing.
#[derive(Clone, Copy)]
pub struct Flow {
    /// Where the rating goes.
    pub client: StoredValue<RatingClient>,
    /// What the form shows.
    pub state: RwSignal<State>,
    /// Who is told.
    pub on_event: Option<Callback<Event>>,
    /// What had the focus before the form.
    came_from: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Flow {
    /// For a form that is about to be shown.
    #[must_use]
    pub fn new(client: StoredValue<RatingClient>, state: RwSignal<State>, on_event: Option<Callback<Event>>) -> Self {
        Self { client, state, on_event, came_from: StoredValue::new_local(None) }
    }

    /// The form is shown: says so, and brings back what was chosen before.
    pub(crate) fn begin(self, base: NodeRef<Div>) {
        let client = self.client.get_value();
        let leg_client = client.clone();
        let watcher = Watcher {
            on_change: Box::new(move || self.refresh(leg_client.clone())),
            last_words: Box::new(move || self.last_words()),
        };
        // Ends with the form.
        StoredValue::new_local(delivery::watch(&client, watcher));
        spawn_local(async move {
            self.tell(Event::Asked);
            let known = delivery::known(&client).await;
            let restored = known.and_then(|known| self.state.try_update(|state| state.restore(known)));
            if restored == Some(true)
                && let Some(base) = base.get_untracked()
            {
                fill(&base, &self.state.read_untracked());
            }
            // Whether this was counted is not the person's business, but that nothing can be sent is, before it is chosen.
            if let Err(error) = delivery::asked(&client).await
                && error.remedy() != Remedy::Wait
            {
                self.tell(told(error.clone()));
                self.state.try_update(|state| state.refuse(error));
            }
        });
    }

    /// The form is going.
    pub(crate) fn end(self) {
        if let Some((client, _)) = self.last_words() {
            delivery::hand_over(client);
        }
    }

    /// The person did something.
    pub(crate) fn act(self, act: Act, event: &DomEvent) {
        let root = root_of(event);
        match act {
            Act::Enter => self.enter(root, event),
            Act::Key => {
                if let Some(event) = event.dyn_ref() {
                    walk(event);
                }
            }
            Act::Input => {
                self.input(event);
                self.send_soon(root);
            }
            Act::Send => {
                event.prevent_default();
                self.submit(root);
            }
            Act::TakeBack => {
                self.state.update(State::take_back);
                focus(root, CHOSEN);
            }
            Act::Change => {
                self.state.update(State::edit);
                focus(root, CHOSEN);
            }
            Act::Dismiss => self.leave(false),
            Act::Never => self.leave(true),
        }
    }

    fn enter(self, root: Option<Element>, event: &DomEvent) {
        let from = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
        if let Some(from) = from.and_then(|from| from.dyn_into::<HtmlElement>().ok())
            && !root.is_some_and(|root| root.contains(Some(&from)))
        {
            self.came_from.set_value(Some(from));
        }
    }

    /// The button that the person pressed goes away; the focus is not to be lost with it.
    fn leave(self, forever: bool) {
        let back = self.came_from.get_value();
        self.close(forever);
        if let Some(back) = back {
            drop(back.focus());
        }
    }

    /// The person chose something, which is kept at once, so that neither a crash nor a closed tab loses it.
    fn input(self, event: &DomEvent) {
        let value = event_target_value(event);
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        self.state.update(|state| match (input, value.parse::<Score>(), value.parse::<Issue>()) {
            (Some(_), Ok(score), _) => state.choose(score),
            (Some(input), _, Ok(issue)) => state.set_issue(issue, input.checked()),
            _ => state.write(value),
        });
        self.chosen();
    }

    fn chosen(self) {
        if let Some(rating) = self.state.with_untracked(State::rating) {
            self.tell(Event::Change(rating));
        }
        let Some(mut form) = self.state.with_untracked(State::draft) else { return };
        let (client, partial) = (self.client.get_value(), self.state.with_untracked(|state| !state.wishes().only_sent));
        spawn_local(async move {
            delivery::keep_draft(&client, &mut form, partial).await;
            self.state.try_update_untracked(|state| state.reached(form.revision));
        });
    }

    /// The fifth star is sent by itself, if the host wants that, unless something else happens before.
    fn send_soon(self, root: Option<Element>) {
        let phase = self.state.with_untracked(|state| state.phase().clone());
        if matches!(phase, Phase::Soon(_)) {
            let is_still = move || self.state.try_with_untracked(|state| *state.phase() == phase) == Some(true);
            set_timeout(
                move || {
                    if is_still() {
                        self.submit(root);
                    }
                },
                MOMENT,
            );
        }
    }

    /// Send was pressed in the form with this root.
    fn submit(self, root: Option<Element>) {
        let Some(mut form) = self.state.try_update(State::send).flatten() else {
            return focus_invalid(root, &self.state.read_untracked());
        };
        let client = self.client.get_value();
        spawn_local(async move {
            let outcome = delivery::submit(&client, &mut form).await;
            self.tell(match outcome.clone() {
                Outcome::Delivered => Event::Submitted(form.rating),
                Outcome::Kept(error) if error.remedy() == Remedy::Wait => Event::Queued(form.rating, error),
                Outcome::Kept(error) | Outcome::Failed(error) => told(error),
            });
            // Who has gone elsewhere meanwhile is left there.
            let focused = root.as_ref().is_some_and(|root| root.matches(":focus-within") == Ok(true));
            // The form may be gone.
            let is_done = self.state.try_update(|state| {
                state.sent(&form, outcome);
                state.is_done()
            });
            if focused && is_done == Some(true) {
                focus(root, ".rb-thanks button");
            }
        });
    }

    /// The person closes the form; before Send, that is a no.
    pub fn dismiss(self) {
        self.close(false);
    }

    fn close(self, forever: bool) {
        if self.state.try_update(State::close) == Some(true) {
            delivery::dismiss(self.client.get_value());
            self.tell(Event::Dismissed { forever });
        }
        self.tell(Event::Closed);
    }

    /// What was chosen and not sent is forgotten.
    pub fn discard(self) {
        if self.state.try_update(State::close) == Some(true) {
            delivery::discard(self.client.get_value());
        }
    }

    /// The form has a client with another token.
    pub fn renew(self) {
        self.state.update(State::renew);
        delivery::renew(self.client.get_value());
    }

    /// Something may have happened to what was kept.
    fn refresh(self, client: RatingClient) {
        spawn_local(async move {
            let known = delivery::known(&client).await;
            match known.and_then(|known| self.state.try_update(|state| state.learn(known)).flatten()) {
                Some(News::Delivered(rating)) => self.tell(Event::Submitted(rating)),
                Some(News::TokenNeeded) => self.tell(Event::TokenNeeded),
                Some(News::Refused(error)) => self.tell(Event::Error(error)),
                None => {}
            }
        });
    }

    fn last_words(self) -> Option<(RatingClient, ringback_api::RatingForm)> {
        self.client.try_get_value().zip(self.state.try_with_untracked(State::last_words).flatten())
    }

    fn tell(self, event: Event) {
        if let Some(callback) = self.on_event {
            callback.try_run(event);
        }
    }
}

/// The error, as the host is told of it.
fn told(error: Error) -> Event {
    if error.remedy() == Remedy::Token { Event::TokenNeeded } else { Event::Error(error) }
}
