//! What happens while a form is shown, from the first request to the last: between [`State`], which is pure, and the
//! client, which keeps and sends. Without signals: there is one state and one place that shows it, and what would tell the
//! one of the other is fetched by each softphone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Promise, Reflect};
use ringback_api::Rating;
use ringback_client::delivery::{self, Outcome, Watch, Watcher, pause, spawn};
use ringback_client::rating::{Error, RatingClient, Remedy};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event as DomEvent, FocusEvent, HtmlElement};

use crate::dom::{Face, fill, focus, focus_invalid, take, take_all, walk};
use crate::state::{News, Phase, State, Wishes};
use crate::text::Text;

/// How long the fifth star can be taken back before it is sent by itself.
const MOMENT_MS: f64 = 3_000.0;

const CHOSEN: &str = ":checked";
const FOCUS: &str = "focusin";

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
#[derive(Clone)]
pub struct Flow(Rc<Form>);

struct Form {
    root: Element,
    face: RefCell<Face>,
    text: Text,
    client: RefCell<RatingClient>,
    state: RefCell<State>,
    on_event: Box<dyn Fn(Event)>,
    watch: RefCell<Option<Watch>>,
    gone: Cell<bool>,
    /// The listener to all of this; while it is here, neither can be collected.
    heard: RefCell<JsValue>,
    /// What had the focus before the form.
    came_from: RefCell<Option<HtmlElement>>,
}

impl Flow {
    /// The form with this root, whose markup is [`view`](crate::view)'s, is shown: says so to `on_event`, and brings back what
    /// was chosen before. What was chosen in it already stays; `pressed` if Send was, too, with the answer to what was sent
    /// then, or anything else if nothing was.
    #[must_use]
    pub fn begin(
        root: Element,
        text: Text,
        client: RatingClient,
        mut state: State,
        pressed: Option<Promise>,
        on_event: Box<dyn Fn(Event)>,
    ) -> Self {
        if pressed.is_some() {
            state.reached(Some(delivery::EARLY));
        }
        take_all(&root, &mut state);
        // Without what the loader's stylesheet goes by for as long as there is no code.
        root.set_class_name("rb");
        let form = Form {
            face: RefCell::new(Face::of(&root)),
            root,
            text,
            client: RefCell::new(client.clone()),
            state: RefCell::new(state),
            on_event,
            watch: RefCell::default(),
            gone: Cell::new(false),
            heard: RefCell::default(),
            came_from: RefCell::default(),
        };
        let flow = Self(Rc::new(form));
        flow.update(|_| ());
        flow.listen();
        let (refreshed, asked_last) = (flow.clone(), flow.clone());
        let watcher = Watcher {
            on_change: Box::new(move || refreshed.clone().refresh()),
            last_words: Box::new(move || asked_last.last_words()),
        };
        flow.0.watch.replace(Some(delivery::watch(&client, watcher)));
        let this = flow.clone();
        spawn(Box::pin(async move {
            this.tell(Event::Asked);
            this.tell_change();
            if pressed.is_some() {
                this.submit(pressed);
            }
            if this.0.state.borrow().is_draft() {
                this.keep();
            }
            if let Some(known) = delivery::known(&client).await
                && this.update(|state| state.restore(known))
            {
                fill(&this.0.root, &this.0.state.borrow());
            }
            // Whether this was counted is not the person's business, but that nothing can be sent is, before it is chosen.
            if let Err(error) = delivery::asked(&client).await
                && error.remedy() != Remedy::Wait
            {
                this.tell(told(error.clone()));
                this.update(|state| state.refuse(error));
            }
        }));
        flow
    }

    /// Hears of all that is done in the form, in the place of whoever has heard of it so far.
    fn listen(&self) {
        let this = self.clone();
        let heard = Closure::<dyn Fn(DomEvent)>::new(move |event| this.act(&event)).into_js_value();
        for name in HEARD {
            // Cannot fail on an element.
            drop(Reflect::set(&self.0.root, &name.into(), &heard));
        }
        // There is no such property for this one.
        drop(self.0.root.add_event_listener_with_callback(FOCUS, heard.unchecked_ref()));
        self.0.heard.replace(heard);
    }

    /// Changes the state and shows it.
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.0.state.borrow_mut());
        self.0.face.borrow_mut().draw(&self.0.text, &self.0.state.borrow());
        changed
    }

    /// The host wants something else of the form.
    pub fn wish(&self, wishes: Wishes) {
        self.update(|state| state.wish(wishes));
    }

    /// Where the rating goes.
    #[must_use]
    pub fn client(&self) -> RatingClient {
        self.0.client.borrow().clone()
    }

    /// The form is going.
    pub fn end(&self) {
        if let Some((client, _)) = self.last_words() {
            delivery::hand_over(client);
        }
        self.0.gone.set(true);
        self.0.watch.replace(None);
        for name in HEARD {
            drop(Reflect::set(&self.0.root, &name.into(), &JsValue::NULL));
        }
        let heard = self.0.heard.take();
        drop(self.0.root.remove_event_listener_with_callback(FOCUS, heard.unchecked_ref()));
    }

    /// The person did something in the form.
    fn act(&self, event: &DomEvent) {
        if self.0.gone.get() {
            return;
        }
        let Some(target) = event.target().map(JsCast::unchecked_into::<Element>) else { return };
        match event.type_().as_str() {
            "input" => {
                self.update(|state| take(&target, state));
                self.tell_change();
                self.keep();
                self.send_soon();
            }
            FOCUS => self.enter(event),
            "keydown" => walk(&self.0.root, event),
            "submit" => {
                event.prevent_default();
                self.submit(None);
            }
            _ => match target.get_attribute("part").as_deref() {
                Some("change") => {
                    self.update(State::edit);
                    focus(self.0.root.clone(), CHOSEN);
                }
                Some("undo") => {
                    self.update(State::take_back);
                    focus(self.0.root.clone(), CHOSEN);
                }
                Some("dismiss") => self.leave(false),
                Some("never") => self.leave(true),
                _ => {}
            },
        }
    }

    fn enter(&self, event: &DomEvent) {
        let from = event.unchecked_ref::<FocusEvent>().related_target();
        if let Some(from) = from.and_then(|from| from.dyn_into::<HtmlElement>().ok())
            && !self.0.root.contains(Some(&from))
        {
            self.0.came_from.replace(Some(from));
        }
    }

    /// The button that the person pressed goes away; the focus is not to be lost with it.
    fn leave(&self, forever: bool) {
        let back = self.0.came_from.borrow().clone();
        self.close(forever);
        if let Some(back) = back {
            drop(back.focus());
        }
    }

    /// The fifth star is sent by itself, if the host wants that, unless something else happens before.
    fn send_soon(&self) {
        let phase = self.0.state.borrow().phase().clone();
        if matches!(phase, Phase::Soon(_)) {
            let this = self.clone();
            spawn(Box::pin(async move {
                pause(MOMENT_MS).await;
                let is_still = !this.0.gone.get() && *this.0.state.borrow().phase() == phase;
                if is_still {
                    this.submit(None);
                }
            }));
        }
    }

    fn tell_change(&self) {
        let rating = self.0.state.borrow().rating();
        if let Some(rating) = rating {
            self.tell(Event::Change(rating));
        }
    }

    /// What is chosen is kept at once, so that neither a crash nor a closed tab loses it.
    fn keep(&self) {
        let (draft, partial) = {
            let state = self.0.state.borrow();
            (state.draft(), !state.wishes().only_sent)
        };
        let Some(mut form) = draft else { return };
        let this = self.clone();
        spawn(Box::pin(async move {
            delivery::keep_draft(&this.client(), &mut form, partial).await;
            this.0.state.borrow_mut().reached(form.revision);
        }));
    }

    /// Send was pressed. `early` is the answer to what was sent then, if anything was.
    fn submit(&self, early: Option<Promise>) {
        let Some(mut form) = self.update(State::send) else {
            return focus_invalid(&self.0.root, &self.0.state.borrow());
        };
        let this = self.clone();
        spawn(Box::pin(async move {
            let outcome = delivery::submit(&this.client(), &mut form, early).await;
            this.tell(match outcome.clone() {
                Outcome::Delivered => Event::Submitted(form.rating),
                Outcome::Kept(error) if error.remedy() == Remedy::Wait => Event::Queued(form.rating, error),
                Outcome::Kept(error) | Outcome::Failed(error) => told(error),
            });
            // Who has gone elsewhere meanwhile is left there.
            let focused = this.0.root.matches(":focus-within") == Ok(true);
            let is_done = this.update(|state| {
                state.sent(&form, outcome);
                state.is_done()
            });
            if focused && is_done {
                focus(this.0.root.clone(), ".rb-thanks button");
            }
        }));
    }

    /// The person closes the form; before Send, that is a no.
    fn close(&self, forever: bool) {
        if self.update(State::close) {
            delivery::dismiss(self.client());
            self.tell(Event::Dismissed { forever });
        }
        self.tell(Event::Closed);
    }

    /// What was chosen and not sent is forgotten.
    pub fn discard(&self) {
        if self.update(State::close) {
            delivery::discard(self.client());
        }
    }

    /// From now on this client is used, which has another token for the same leg.
    pub fn renew(&self, client: RatingClient) {
        if client != *self.0.client.borrow() {
            self.0.client.replace(client.clone());
            self.update(State::renew);
            delivery::renew(client);
        }
    }

    /// Something may have happened to what was kept.
    fn refresh(self) {
        spawn(Box::pin(async move {
            let known = delivery::known(&self.client()).await;
            match known.and_then(|known| self.update(|state| state.learn(known))) {
                Some(News::Delivered(rating)) => self.tell(Event::Submitted(rating)),
                Some(News::TokenNeeded) => self.tell(Event::TokenNeeded),
                Some(News::Refused(error)) => self.tell(Event::Error(error)),
                None => {}
            }
        }));
    }

    fn last_words(&self) -> Option<(RatingClient, ringback_api::RatingForm)> {
        Some((self.client(), self.0.state.borrow().last_words()?))
    }

    fn tell(&self, event: Event) {
        if !self.0.gone.get() {
            (self.0.on_event)(event);
        }
    }
}

/// The properties of the root that hear of what is done in the form.
const HEARD: [&str; 4] = ["oninput", "onsubmit", "onclick", "onkeydown"];

/// The error, as the host is told of it.
fn told(error: Error) -> Event {
    if error.remedy() == Remedy::Token { Event::TokenNeeded } else { Event::Error(error) }
}
