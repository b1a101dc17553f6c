//! What sections are made of.

use std::future::Future;
use std::pin::Pin;

use leptos::ev::SubmitEvent;
use leptos::html::{H3, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Scope;
use ringback_client::v1::{Credentials, Error};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Settings;
use crate::loader::Expired;
use crate::pages::{Copied, problem};
use crate::text::{fill, t};
use crate::view::live;

/// A change that is to be made; it ends with what there is to say of it.
pub(super) type Change = Pin<Box<dyn Future<Output = Result<String, Error>>>>;

/// What became of the last change that a form sent.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    pending: RwSignal<bool>,
    /// Why it was not made.
    problem: RwSignal<String>,
    /// What was done.
    pub(super) done: RwSignal<String>,
    expired: Expired,
}

impl Saving {
    /// Nothing was sent so far.
    pub(super) fn new() -> Self {
        Self {
            pending: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
            done: RwSignal::new(String::new()),
            expired: expect_context(),
        }
    }

    /// Says what is wrong with what was typed; nothing is sent.
    pub(super) fn refuse(self, problem: impl Into<String>) {
        self.done.set(String::new());
        self.problem.set(problem.into());
    }

    /// Sends a change, unless one is on its way.
    pub(super) fn send(self, change: Change) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.refuse("");
        spawn_local(async move {
            let answer = change.await;
            // Gone with its page.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(done) => self.done.set(done),
                Err(Error::SignedOut) => self.expired.0.run(()),
                Err(error) => self.problem.set(problem(error)),
            }
        });
    }

    /// Whether the fields of its form hold what cannot be saved.
    pub(super) fn is_refused(self) -> Signal<String> {
        Signal::derive(move || self.problem.with(|problem| !problem.is_empty()).to_string())
    }
}

/// What is there says `Saved.`
pub(super) fn saved() -> String {
    t().settings.saved.to_owned()
}

/// Text with a name in it.
pub(super) fn named(template: &str, name: &str) -> String {
    fill(template, &[name])
}

/// A paragraph.
pub(super) fn line(class: &'static str, text: impl Into<Signal<String>>) -> AnyView {
    let text: Signal<String> = text.into();
    view! { <p class=class>{text}</p> }.into_any()
}

/// What a text is, and the text to copy.
pub(super) fn copied(name: &'static str, text: impl Into<Signal<String>>) -> AnyView {
    let text: Signal<String> = text.into();
    view! {
        <p class="name">{name}</p>
        <Copied text name />
    }
    .into_any()
}

/// A group of settings: what it is on one side, the controls on the other. `id` is its heading's.
pub(super) fn section(id: &'static str, title: &'static str, hint: &'static str, controls: Vec<AnyView>) -> AnyView {
    view! {
        <section class="card setting" aria-labelledby=id>
            <div>
                <h2 id=id tabindex="-1">{title}</h2>
                <p class="hint">{hint}</p>
            </div>
            <div class="controls">{controls}</div>
        </section>
    }
    .into_any()
}

/// What a change was answered with; `{id}-problem` describes the fields.
pub(super) fn outcome(id: &'static str, saving: Saving) -> AnyView {
    view! {
        <p id=format!("{id}-problem") class="problem" role="alert">{saving.problem}</p>
        <p class="done" role="status">{saving.done}</p>
    }
    .into_any()
}

/// A form with its button and what became of it; who may not change settings sees what is set.
pub(super) fn form(
    settings: Settings,
    id: &'static str,
    saving: Saving,
    button: &'static str,
    fields: Vec<AnyView>,
    submit: impl Fn() + 'static,
) -> AnyView {
    let submit: Box<dyn Fn()> = Box::new(submit);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let may_save = settings.may(Scope::Admin);
    let button = may_save.then(|| {
        view! {
            <button class="primary" aria-disabled=move || saving.pending.get().to_string()>
                {button}
            </button>
        }
    });
    view! {
        <form class="setting-form" novalidate on:submit=on_submit>
            <fieldset disabled=!may_save>
                {fields}
                {button}
            </fieldset>
            {outcome(id, saving)}
        </form>
    }
    .into_any()
}

/// A field of such a form.
pub(super) struct Field {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) saving: Saving,
    pub(super) input: NodeRef<Input>,
}

impl Field {
    pub(super) fn new(id: &'static str, label: &'static str, saving: Saving) -> Self {
        Self { id, label, kind: "text", placeholder: "", saving, input: NodeRef::new() }
    }

    /// Shows it. What a person typed stays there until the value is another.
    pub(super) fn view(&self, value: impl Into<Signal<String>>) -> AnyView {
        let value: Signal<String> = value.into();
        view! {
            <label for=self.id>{self.label}</label>
            <input
                node_ref=self.input
                id=self.id
                type=self.kind
                step="any"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=self.placeholder
                prop:value=value
                aria-describedby=format!("{}-problem", self.id)
                aria-invalid=self.saving.is_refused()
            />
        }
        .into_any()
    }
}

/// What was typed into a field.
pub(super) fn typed(field: NodeRef<Input>) -> String {
    field.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default()
}

/// Takes what was typed out of a field.
pub(super) fn empty(field: NodeRef<Input>) {
    if let Some(field) = field.get_untracked() {
        field.set_value("");
    }
}

/// Gives the focus to an element, because that which had it goes.
pub(super) fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Things one below the other, or that there is none.
pub(super) fn rows(rows: Vec<AnyView>, none: &'static str) -> AnyView {
    if rows.is_empty() { line("", none.to_owned()) } else { view! { <ul class="rows">{rows}</ul> }.into_any() }
}

/// One of them; `parts` are what is known of it, and what can be done.
pub(super) fn row(is_over: bool, title: String, parts: Vec<AnyView>, end: AnyView) -> AnyView {
    view! {
        <li class:over=is_over>
            <div>
                <strong>{title}</strong>
                {parts}
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// A short word.
pub(super) fn chip(text: &'static str) -> AnyView {
    view! { <span class="chip">{text}</span> }.into_any()
}

/// A small button; `name` says what it is about to those who do not see where it stands.
pub(super) fn button(
    id: String,
    text: &'static str,
    name: String,
    is_disabled: bool,
    press: impl Fn() + 'static,
) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    view! {
        <button type="button" class="small" id=id aria-label=name disabled=is_disabled on:click=move |_| press()>
            {text}
        </button>
    }
    .into_any()
}

/// New credentials, until a person says that they have them.
pub(super) fn secret(shown: RwSignal<Option<Credentials>>, title: &'static str, name: &'static str) -> AnyView {
    let text = &t().settings;
    live(move || {
        let Some(credentials) = shown.get() else { return ().into_any() };
        let heading = NodeRef::<H3>::new();
        heading.on_load(|heading| {
            let _ = heading.focus();
        });
        view! {
            <div class="secret">
                <h3 node_ref=heading tabindex="-1">{title}</h3>
                <p>{text.only_now}</p>
                {copied(t().calls.sid, credentials.sid)}
                {copied(name, credentials.secret)}
                <button type="button" on:click=move |_| shown.set(None)>
                    {text.have_it}
                </button>
            </div>
        }
        .into_any()
    })
}
