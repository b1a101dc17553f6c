use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{Session, SignIn as Credentials};
use ringback_client::v1::{self, Error};

use super::Mark;

mod text {
    pub(super) const TITLE: &str = "Sign in to Ringback";
    pub(super) const EXPIRED: &str = "Your session has ended. Sign in again to go on where you were.";
    pub(super) const USERNAME: &str = "Account SID or API key SID";
    pub(super) const PASSWORD: &str = "Auth token or API key secret";
    pub(super) const WHERE: &str = "The server printed the account's SID and token when it first started.";
    pub(super) const SUBMIT: &str = "Sign in";
    pub(super) const PENDING: &str = "Signing in…";
    pub(super) const WRONG: &str = "This SID and token do not belong together. Check both and try again.";
    pub(super) const TOO_MANY: &str = "Too many tries. Wait a minute, then try again.";
    pub(super) const NETWORK: &str = "The server cannot be reached. Check that it is running, then try again.";
}

/// Asks who is there.
#[component]
pub(crate) fn SignIn(
    /// The last session ended by itself.
    expired: bool,
    #[prop(into)] signed_in: Callback<Session>,
) -> impl IntoView {
    let username = NodeRef::<Input>::new();
    let password = NodeRef::<Input>::new();
    let pending = RwSignal::new(false);
    let failure = RwSignal::new(None);
    username.on_load(|input| {
        // Without focus the person clicks into the field; nothing else is lost.
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
                <Mark />
                <h1>{text::TITLE}</h1>
                {expired.then(|| view! { <p class="notice" role="status">{text::EXPIRED}</p> })}
                <form on:submit=submit>
                    <label for="username">{text::USERNAME}</label>
                    <input
                        node_ref=username
                        id="username"
                        name="username"
                        autocomplete="username"
                        autocapitalize="off"
                        spellcheck="false"
                        required
                    />
                    <label for="password">{text::PASSWORD}</label>
                    <input
                        node_ref=password
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        aria-describedby="where"
                        required
                    />
                    <p id="where" class="hint">{text::WHERE}</p>
                    <p class="problem" role="alert">{failure}</p>
                    <button class="primary" aria-disabled=move || pending.get().to_string()>
                        {move || if pending.get() { text::PENDING } else { text::SUBMIT }}
                    </button>
                </form>
            </div>
        </main>
    }
}

fn explain(error: Error) -> String {
    match error {
        Error::SignedOut => text::WRONG.into(),
        Error::Refused { status: 429, .. } => text::TOO_MANY.into(),
        Error::Network => text::NETWORK.into(),
        refused @ Error::Refused { .. } => refused.to_string(),
    }
}
