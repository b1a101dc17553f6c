//! The session, as a context for all pages.

use leptos::prelude::*;
use ringback_api::Session;

/// The session of the signed-in account, from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct CurrentSession(pub(crate) RwSignal<Session>);

/// The callback for a response that says that the session has ended, from `expect_context`.
#[derive(Clone, Copy)]
pub(crate) struct OnSessionExpired(pub(crate) Callback<()>);
