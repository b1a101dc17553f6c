//! The parts of the sections.

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
use crate::pages::{Copyable, error_message};
use crate::session::OnSessionExpired;
use crate::text::{fill, t};
use crate::view::dynamic;

/// A request that changes a setting. Resolves to the message for the user.
pub(super) type Change = Pin<Box<dyn Future<Output = Result<String, Error>>>>;

/// The state of a form: its request, and the messages about the last one.
#[derive(Clone, Copy)]
pub(super) struct FormState {
    pending: RwSignal<bool>,
    /// Why the change failed.
    problem: RwSignal<String>,
    /// The message about a change that succeeded.
    pub(super) done: RwSignal<String>,
    expired: OnSessionExpired,
}

impl FormState {
    pub(super) fn new() -> Self {
        Self {
            pending: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
            done: RwSignal::new(String::new()),
            expired: expect_context(),
        }
    }

    /// Shows a problem with the input.
    pub(super) fn reject(self, problem: impl Into<String>) {
        self.done.set(String::new());
        self.problem.set(problem.into());
    }

    /// Sends a change, unless another one is pending.
    pub(super) fn send(self, change: Change) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.reject("");
        spawn_local(async move {
            let answer = change.await;
            // The page is gone.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(done) => self.done.set(done),
                Err(Error::SignedOut) => self.expired.0.run(()),
                Err(error) => self.problem.set(error_message(error)),
            }
        });
    }

    /// The value of `aria-invalid` for the fields of the form.
    pub(super) fn is_invalid(self) -> Signal<String> {
        Signal::derive(move || self.problem.with(|problem| !problem.is_empty()).to_string())
    }
}

/// The message that a change was saved.
pub(super) fn saved() -> String {
    t().settings.saved.to_owned()
}

/// Puts a name into a text.
pub(super) fn named(template: &str, name: &str) -> String {
    fill(template, &[name])
}

/// A paragraph.
pub(super) fn line(class: &'static str, text: impl Into<Signal<String>>) -> AnyView {
    let text: Signal<String> = text.into();
    view! { <p class=class>{text}</p> }.into_any()
}

/// A text to copy, below its name.
pub(super) fn copyable(name: &'static str, text: impl Into<Signal<String>>) -> AnyView {
    let text: Signal<String> = text.into();
    view! {
        <p class="name">{name}</p>
        <Copyable text name />
    }
    .into_any()
}

/// A group of settings: its description on one side, the controls on the other. `id` is the heading's.
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

/// The messages about the last change. The problem has the `id` `{id}-problem`, which describes the fields.
pub(super) fn messages(id: &'static str, state: FormState) -> AnyView {
    view! {
        <p id=format!("{id}-problem") class="problem" role="alert">{state.problem}</p>
        <p class="done" role="status">{state.done}</p>
    }
    .into_any()
}

/// A form with its button and messages. Disabled if the session may not change settings.
pub(super) fn form(
    settings: Settings,
    id: &'static str,
    state: FormState,
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
            <button class="primary" aria-disabled=move || state.pending.get().to_string()>
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
            {messages(id, state)}
        </form>
    }
    .into_any()
}

/// A field of a form.
pub(super) struct Field {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) state: FormState,
    pub(super) input: NodeRef<Input>,
}

impl Field {
    pub(super) fn new(id: &'static str, label: &'static str, state: FormState) -> Self {
        Self { id, label, kind: "text", placeholder: "", state, input: NodeRef::new() }
    }

    /// The view of the field. Keeps the user's input until `value` changes.
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
                aria-invalid=self.state.is_invalid()
            />
        }
        .into_any()
    }
}

/// The user's input, trimmed.
pub(super) fn typed(field: NodeRef<Input>) -> String {
    field.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default()
}

/// Clears the field.
pub(super) fn clear(field: NodeRef<Input>) {
    if let Some(field) = field.get_untracked() {
        field.set_value("");
    }
}

/// Focuses the element with this `id`.
pub(super) fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// A list of rows, or the text `none` if it is empty.
pub(super) fn rows(rows: Vec<AnyView>, none: &'static str) -> AnyView {
    if rows.is_empty() { line("", none.to_owned()) } else { view! { <ul class="rows">{rows}</ul> }.into_any() }
}

/// A row of a list. `parts` are details and actions below its title.
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

/// A short label.
pub(super) fn chip(text: &'static str) -> AnyView {
    view! { <span class="chip">{text}</span> }.into_any()
}

/// A small button. `name` is the accessible name, which says what the button applies to.
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

/// New credentials, shown until the user confirms that they have copied them.
pub(super) fn secret(shown: RwSignal<Option<Credentials>>, title: &'static str, name: &'static str) -> AnyView {
    let text = &t().settings;
    dynamic(move || {
        let Some(credentials) = shown.get() else { return ().into_any() };
        let heading = NodeRef::<H3>::new();
        heading.on_load(|heading| {
            let _ = heading.focus();
        });
        view! {
            <div class="secret">
                <h3 node_ref=heading tabindex="-1">{title}</h3>
                <p>{text.copy_now}</p>
                {copyable(t().calls.sid, credentials.sid)}
                {copyable(name, credentials.secret)}
                <button type="button" on:click=move |_| shown.set(None)>
                    {text.confirm_copied}
                </button>
            </div>
        }
        .into_any()
    })
}
