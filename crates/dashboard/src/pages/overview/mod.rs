//! How calls were rated in a range of days.

mod clock;
mod figures;
mod picker;
mod report;
mod text;

use jiff::civil::Date;
use leptos::ev;
use leptos::html::H1;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::Session;
use ringback_client::v1::{self, Error};
use wasm_bindgen::JsValue;

use self::picker::{Picker, Problem};
use self::report::{Report, Skeleton};
use super::Failure;
use crate::format;
use crate::range::{Preset, Range};

/// The page of a signed-in account.
#[component]
pub(crate) fn Overview(
    session: Session,
    /// Whether a person came from signing in, and reads on at the heading.
    fresh: bool,
    /// The session has ended.
    #[prop(into)]
    expired: Callback<()>,
) -> impl IntoView {
    let Session { account_sid, time_zone, today, .. } = session;
    let (first, unreadable) = from_address(today);
    let range = RwSignal::new(first);
    let problem = RwSignal::new(unreadable);
    let back = window_event_listener(ev::popstate, move |_| {
        let (named, unreadable) = from_address(today);
        range.set(named);
        problem.set(unreadable);
    });
    on_cleanup(move || back.remove());
    let choose = move |chosen: Range| {
        problem.set(None);
        to_address(chosen);
        // Also when they are the same: choosing again means to see what has come in since.
        range.set(chosen);
    };

    let stats = {
        let time_zone = time_zone.clone();
        LocalResource::new(move || {
            let (range, time_zone) = (range.get(), time_zone.clone());
            async move { v1::stats(&account_sid, range.from(), range.to(), range.step(), &time_zone).await }
        })
    };
    // Who comes back to the page wants to see what has come in meanwhile; on another day, all presets are others.
    let shown = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            spawn_local(async move {
                match v1::session().await {
                    Ok(session) if session.today != today => drop(window().location().reload()),
                    _ => stats.refetch(),
                }
            });
        }
    });
    on_cleanup(move || shown.remove());
    Effect::new(move |_| {
        if matches!(stats.get(), Some(Err(Error::SignedOut))) {
            expired.run(());
        }
    });
    let pending = RwSignal::new(false);
    let answer = move || {
        Some(match stats.get()? {
            Ok(stats) => view! { <Report stats choose today /> }.into_any(),
            // The effect above is about to leave this page.
            Err(Error::SignedOut) => ().into_any(),
            Err(error) => view! { <Failure error retry=move || stats.refetch() /> }.into_any(),
        })
    };

    let heading = NodeRef::<H1>::new();
    heading.on_load(move |heading| {
        if fresh {
            let _ = heading.focus();
        }
    });
    let zone = text::days_in(&time_zone);
    view! {
        <main class="overview">
            <div class="lead">
                <div>
                    <h1 node_ref=heading tabindex="-1">{text::TITLE}</h1>
                    <p class="days">
                        <strong>{move || format::days(range.get().from(), range.get().to())}</strong>
                        <span>{move || format::counted(range.get().days().unsigned_abs(), "day")}</span>
                        <span>{zone}</span>
                    </p>
                </div>
                <Picker range problem choose today />
            </div>
            <div class="answer" aria-busy=move || pending.get().to_string()>
                <Transition fallback=Skeleton set_pending=pending>
                    {answer}
                </Transition>
            </div>
        </main>
    }
}

/// The range that the page's address names, else the default; with the reason when it names one that is none.
fn from_address(today: Date) -> (Range, Option<Problem>) {
    let query = window().location().search().unwrap_or_default();
    let default = || Preset::DEFAULT.range(today);
    match Range::from_query(&query) {
        None => (default(), None),
        Some(Ok(range)) => (range, None),
        Some(Err(error)) => (default(), Some(Problem::Link(error))),
    }
}

/// Makes the range part of the page's address, one step back in the history from now.
fn to_address(range: Range) {
    let query = range.to_query();
    if window().location().search().is_ok_and(|named| named == query) {
        return;
    }
    // Without a history the page works all the same, only its address does not follow.
    let _ = window().history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&query)));
}
