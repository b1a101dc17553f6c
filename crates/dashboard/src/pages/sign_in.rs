use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{Session, SignIn as Credentials};
use ringback_client::v1::{self, Error};

use super::Logo;
use crate::text::t;

/// The form to sign in.
#[component]
pub(crate) fn SignIn(
    /// The last session has expired or was revoked.
    expired: bool,
    #[prop(into)] signed_in: Callback<Session>,
) -> impl IntoView {
    let text = &t().sign_in;
    let username = NodeRef::<Input>::new();
    let password = NodeRef::<Input>::new();
    let pending = RwSignal::new(false);
    let failure = RwSignal::new(None);
    username.on_load(|input| {
        let _ = input.focus();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(username), Some(password)) = (username.get(), password.get()) else { return };
        if pending.get() {
            return;
        }
        let credentials =
            Credentials { username: username.value().trim().into(), password: password.value().trim().into() };
        pending.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = v1::sign_in(&credentials).await;
            pending.set(false);
            match answer {
                Ok(session) => signed_in.run(session),
                Err(error) => {
                    failure.set(Some(explain(error)));
                    let _ = password.focus();
                }
            }
        });
    };
    view! {
        <main class="lone">
            <div class="card sign-in">
                <Logo />
                <h1>{text.title}</h1>
                {expired.then(|| view! { <p class="notice" role="status">{text.expired}</p> })}
                <form on:submit=submit>
                    <label for="username">{text.username}</label>
                    <input
                        node_ref=username
                        id="username"
                        name="username"
                        autocomplete="username"
                        autocapitalize="off"
                        spellcheck="false"
                        required
                    />
                    <label for="password">{text.password}</label>
                    <input
                        node_ref=password
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        aria-describedby="where"
                        required
                    />
                    <p id="where" class="hint">{text.credentials_hint}</p>
                    <p class="problem" role="alert">{failure}</p>
                    <button class="primary" aria-disabled=move || pending.get().to_string()>
                        {move || if pending.get() { text.pending } else { text.submit }}
                    </button>
                </form>
            </div>
        </main>
    }
}

fn explain(error: Error) -> String {
    let text = &t().sign_in;
    match error {
        Error::SignedOut => text.wrong.into(),
        Error::Network => text.network.into(),
        error @ (Error::TooMany { .. } | Error::Refused { .. }) => super::error_message(error),
    }
}
