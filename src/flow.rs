//! The controller of a visible form. It connects the form in the page, the pure [`State`], and the client, which stores and
//! sends. It uses no signals, because they would add bytes to every host page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Promise, Reflect};
use ringback_api::Rating;
use ringback_client::delivery::{self, LegStatus, Outcome, Watch, Watcher};
use ringback_client::rating::{Error, RatingClient, Remedy};
use ringback_client::task::{pause, spawn};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event as DomEvent, FocusEvent, HtmlElement, KeyboardEvent};

use crate::dom::{FormView, focus, focus_invalid, move_between_stars, read_field, read_fields, write_fields};
use crate::state::{DeliveryUpdate, Phase, State, Wishes};
use crate::text::Text;

/// The time in which the user can undo before an auto-send.
const AUTO_SEND_DELAY_MS: f64 = 3_000.0;
/// The time after a change in which its draft is stored: after the next frame has shown the change, and before the user can
/// do anything else.
const DRAFT_DELAY_MS: f64 = 50.0;

const CHOSEN: &str = ":checked";
const PAINTED: &str = "rb rb-painted";
const FOCUS: &str = "focusin";

/// An event that the form reports to its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The form is shown.
    Asked,
    /// The user changed the rating.
    Change(Rating),
    /// The rating is on the server's disk.
    Submitted {
        /// The rating.
        rating: Rating,
        /// Whether the user left without pressing Send.
        partial: bool,
    },
    /// The rating could not be sent yet, because of this error. It is stored and will be sent.
    Queued(Rating, Error),
    /// The user declined to rate.
    Dismissed {
        /// Whether the user does not want to be asked again.
        forever: bool,
    },
    /// The user closed the form.
    Closed,
    /// The rating needs a new token for the same leg, because the present one has expired.
    TokenNeeded(Error),
    /// The rating cannot be sent.
    Error(Error),
}

/// The controller of a visible form. After [`end`](Self::end) it does nothing.
#[derive(Clone)]
pub struct Flow(Rc<Inner>);

struct Inner {
    root: Element,
    view: RefCell<FormView>,
    text: RefCell<Text>,
    client: RefCell<RatingClient>,
    state: RefCell<State>,
    on_event: Box<dyn Fn(Event)>,
    watch: RefCell<Option<Watch>>,
    ended: Cell<bool>,
    /// Whether the choice has changed since the draft was stored.
    draft_due: Cell<bool>,
    /// The listener for all events of the form. It holds a [`Flow`], so `end` has to break the cycle.
    listener: RefCell<JsValue>,
    /// The element outside the form that had the focus before.
    previous_focus: RefCell<Option<HtmlElement>>,
}

impl Flow {
    /// Takes control of the form with this root, in the markup of src/view.rs. Restores a stored choice, unless the user has
    /// made one in the form already. Call [`report_asked`](Self::report_asked) when the user can see the form.
    ///
    /// `early` is present if the user pressed Send before, and is the one of [`delivery::submit`].
    #[must_use]
    pub fn begin(
        root: Element,
        text: Text,
        client: RatingClient,
        mut state: State,
        early: Option<Promise>,
        on_event: Box<dyn Fn(Event)>,
    ) -> Self {
        if early.is_some() {
            state.raise_revision(Some(delivery::EARLY));
        }
        read_fields(&root, &mut state);
        // The loader sets this class when the user changes the form before its code is loaded. Otherwise the form was shown
        // before, and the choice in it is not new.
        let is_new_choice = root.class_name() == PAINTED;
        if !is_new_choice {
            state.mark_known();
        }
        root.set_class_name("rb");
        let inner = Inner {
            view: RefCell::new(FormView::new(&root)),
            root,
            text: RefCell::new(text),
            client: RefCell::new(client.clone()),
            state: RefCell::new(state),
            on_event,
            watch: RefCell::default(),
            ended: Cell::new(false),
            draft_due: Cell::new(true),
            listener: RefCell::default(),
            previous_focus: RefCell::default(),
        };
        let flow = Self(Rc::new(inner));
        flow.update(|_| ());
        flow.listen();
        let (on_change, on_leave) = (flow.clone(), flow.clone());
        let watcher = Watcher {
            on_change: Box::new(move || on_change.clone().check_outbox()),
            unsent: Box::new(move || {
                on_leave.store_draft();
                on_leave.unsent()
            }),
        };
        flow.0.watch.replace(Some(delivery::watch(&client, watcher)));
        let this = flow.clone();
        spawn(Box::pin(async move {
            if is_new_choice {
                this.emit_change();
            }
            if early.is_some() {
                this.submit(early);
            }
            this.store_draft();
            if let Some(status) = delivery::leg_status(&client).await
                && this.update(|state| state.restore(status))
            {
                write_fields(&this.0.root, &this.0.state.borrow());
            }
        }));
        flow
    }

    /// Reports to host and server that the user can see the form.
    pub fn report_asked(&self) {
        let this = self.clone();
        spawn(Box::pin(async move {
            this.emit(Event::Asked);
            // The user need not know whether the server counted the form, but should know at once if it will accept no rating.
            if let Err(error) = delivery::report_asked(&this.client()).await
                && error.remedy() != Remedy::Wait
            {
                this.emit(error_event(error.clone()));
                this.update(|state| state.refuse(error));
            }
        }));
    }

    /// Listens to the form, in place of the listeners that the loader set on it.
    fn listen(&self) {
        let this = self.clone();
        let listener = Closure::<dyn Fn(DomEvent)>::new(move |event| this.handle(&event)).into_js_value();
        for name in EVENT_PROPERTIES {
            // Cannot fail on an element.
            drop(Reflect::set(&self.0.root, &name.into(), &listener));
        }
        // Elements have no property `onfocusin`.
        drop(self.0.root.add_event_listener_with_callback(FOCUS, listener.unchecked_ref()));
        self.0.listener.replace(listener);
    }

    /// Changes the state and shows it.
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.0.state.borrow_mut());
        self.0.view.borrow_mut().render(&self.0.text.borrow(), &self.0.state.borrow());
        changed
    }

    /// Applies changed options.
    pub fn set_wishes(&self, wishes: Wishes) {
        self.update(|state| state.set_wishes(wishes));
    }

    /// Replaces the texts that depend on the state.
    pub fn set_text(&self, text: Text) {
        self.0.text.replace(text);
        self.update(|_| ());
    }

    /// The client that sends the rating.
    #[must_use]
    pub fn client(&self) -> RatingClient {
        self.0.client.borrow().clone()
    }

    /// Gives up control, because the form leaves the page. An unsent choice is sent if it counts, and still reported.
    pub fn end(&self) {
        // Before the draft is sent.
        self.store_draft();
        if let Some((client, form)) = self.unsent() {
            let this = self.clone();
            spawn(Box::pin(async move {
                delivery::submit_draft(&client).await;
                if let Some(LegStatus::Delivered(_)) = delivery::leg_status(&client).await {
                    (this.0.on_event)(Event::Submitted { rating: form.rating, partial: true });
                }
            }));
        }
        self.0.ended.set(true);
        self.0.watch.replace(None);
        for name in EVENT_PROPERTIES {
            drop(Reflect::set(&self.0.root, &name.into(), &JsValue::NULL));
        }
        let listener = self.0.listener.take();
        drop(self.0.root.remove_event_listener_with_callback(FOCUS, listener.unchecked_ref()));
    }

    fn handle(&self, event: &DomEvent) {
        if self.0.ended.get() {
            return;
        }
        let Some(target) = event.target().map(JsCast::unchecked_into::<Element>) else { return };
        match event.type_().as_str() {
            "input" => {
                self.update(|state| read_field(&target, state));
                self.schedule_draft();
                self.emit_change();
                self.schedule_auto_send();
            }
            FOCUS => self.remember_focus(event),
            "keydown" => {
                let is_enter = event.unchecked_ref::<KeyboardEvent>().key() == "Enter";
                if is_enter && target.tag_name() == "INPUT" {
                    self.press_send(event);
                } else {
                    move_between_stars(&self.0.root, event);
                }
            }
            "submit" => self.press_send(event),
            _ => match target.get_attribute("part").as_deref() {
                Some("button") => self.press_send(event),
                Some("change") => {
                    self.update(State::edit);
                    focus(self.0.root.clone(), CHOSEN);
                }
                Some("undo") => {
                    self.update(State::cancel_auto_send);
                    focus(self.0.root.clone(), CHOSEN);
                }
                Some("dismiss") => self.dismiss(false),
                Some("never") => self.dismiss(true),
                _ => {}
            },
        }
    }

    /// Sends. Keeps the browser from submitting the form itself, which would load another page, and which sandboxed frames
    /// may forbid.
    fn press_send(&self, event: &DomEvent) {
        event.prevent_default();
        self.submit(None);
    }

    fn remember_focus(&self, event: &DomEvent) {
        let from = event.unchecked_ref::<FocusEvent>().related_target();
        // Elements that can have the focus have the method `focus`.
        if let Some(from) = from.map(JsCast::unchecked_into::<HtmlElement>)
            && !self.0.root.contains(Some(&from))
        {
            self.0.previous_focus.replace(Some(from));
        }
    }

    /// Closes the form and returns the focus to where it was, because the focused button disappears.
    fn dismiss(&self, forever: bool) {
        let previous_focus = self.0.previous_focus.borrow().clone();
        self.close(forever);
        if let Some(element) = previous_focus {
            drop(element.focus());
        }
    }

    /// Sends after a delay if the state says so and has not changed by then.
    fn schedule_auto_send(&self) {
        let phase = self.0.state.borrow().phase().clone();
        if matches!(phase, Phase::Scheduled(_)) {
            let this = self.clone();
            spawn(Box::pin(async move {
                pause(AUTO_SEND_DELAY_MS).await;
                let is_due = !this.0.ended.get() && *this.0.state.borrow().phase() == phase;
                if is_due {
                    this.submit(None);
                }
            }));
        }
    }

    fn emit_change(&self) {
        let rating = self.0.state.borrow().rating();
        if let Some(rating) = rating {
            self.emit(Event::Change(rating));
        }
    }

    /// Stores the choice soon, so that neither a crash nor a closed tab loses it.
    fn schedule_draft(&self) {
        self.0.draft_due.set(true);
        let this = self.clone();
        spawn(Box::pin(async move {
            pause(DRAFT_DELAY_MS).await;
            this.store_draft();
        }));
    }

    /// Stores the choice if it has changed since it was stored.
    fn store_draft(&self) {
        let state = self.0.state.borrow();
        if !(self.0.draft_due.replace(false) && state.has_changed()) {
            return;
        }
        let partial = !state.wishes().only_sent;
        let Some(mut form) = state.draft() else { return };
        let this = self.clone();
        spawn(Box::pin(async move {
            delivery::save_draft(&this.client(), &mut form, partial).await;
            this.0.state.borrow_mut().raise_revision(form.revision);
        }));
    }

    /// Handles a press on Send. `early` as in [`begin`](Self::begin).
    fn submit(&self, early: Option<Promise>) {
        let Some(mut form) = self.update(State::send) else {
            return focus_invalid(&self.0.root, &self.0.state.borrow());
        };
        let this = self.clone();
        spawn(Box::pin(async move {
            let outcome = delivery::submit(&this.client(), &mut form, early).await;
            this.emit(match outcome.clone() {
                Outcome::Delivered => Event::Submitted { rating: form.rating, partial: false },
                Outcome::Kept(error) if error.remedy() == Remedy::Wait => Event::Queued(form.rating, error),
                Outcome::Kept(error) | Outcome::Failed(error) => error_event(error),
            });
            // The focus stays where it is if the user has left the form meanwhile.
            let focused = this.0.root.matches(":focus-within") == Ok(true);
            let is_done = this.update(|state| {
                state.finish_sending(&form, outcome);
                state.is_done()
            });
            if focused && is_done {
                focus(this.0.root.clone(), ".rb-thanks button");
            }
        }));
    }

    /// Closes the form. Before Send, this declines the rating.
    fn close(&self, forever: bool) {
        if self.update(State::close) {
            delivery::dismiss(self.client());
            self.emit(Event::Dismissed { forever });
        }
        self.emit(Event::Closed);
    }

    /// Discards a choice that has not been sent.
    pub fn discard(&self) {
        if self.update(State::close) {
            delivery::discard(self.client());
        }
    }

    /// Switches to a client with a newer token for the same leg.
    pub fn renew(&self, client: RatingClient) {
        if client != *self.0.client.borrow() {
            self.0.client.replace(client.clone());
            if self.update(State::renew) {
                self.submit(None);
            } else {
                delivery::renew(client);
            }
        }
    }

    /// Shows and reports changes in the outbox.
    fn check_outbox(self) {
        spawn(Box::pin(async move {
            let status = delivery::leg_status(&self.client()).await;
            match status.and_then(|status| self.update(|state| state.apply(status))) {
                Some(DeliveryUpdate::Delivered { rating, partial }) => self.emit(Event::Submitted { rating, partial }),
                Some(DeliveryUpdate::Failed(error)) => self.emit(error_event(error)),
                None => {}
            }
        }));
    }

    fn unsent(&self) -> Option<(RatingClient, ringback_api::RatingForm)> {
        Some((self.client(), self.0.state.borrow().unsent_form()?))
    }

    fn emit(&self, event: Event) {
        if !self.0.ended.get() {
            (self.0.on_event)(event);
        }
    }
}

/// The properties of the root that take the listener.
const EVENT_PROPERTIES: [&str; 4] = ["oninput", "onsubmit", "onclick", "onkeydown"];

fn error_event(error: Error) -> Event {
    if error.is_expired() { Event::TokenNeeded(error) } else { Event::Error(error) }
}
