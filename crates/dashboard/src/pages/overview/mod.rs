//! How calls were rated in a range of days, and the calls behind it.

mod calls;
mod charts;
mod empty;
mod picker;
mod report;
mod tiles;

use futures_util::future::join;
use jiff::civil::Date;
use leptos::ev;
use leptos::html::H2;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ringback_api::{AccountSid, Session};
use ringback_client::v1::{self, Parameters};

use self::calls::Calls;
use self::charts::Charts;
use self::empty::Empty;
use self::picker::Picker;
use self::report::Periods;
use self::tiles::Tiles;
use super::{Failure, Heading};
use crate::address::encode;
use crate::format;
use crate::live::{self, Liveness};
use crate::loader::Loader;
use crate::nav::Nav;
use crate::text::{fill, t};
use crate::view::CollectAny;

/// The first page of a signed-in account.
#[component]
pub(crate) fn Overview(session: Session) -> impl IntoView {
    let Session { account_sid, today, .. } = session;
    let text = &t().overview;
    let nav = expect_context::<Nav>();
    let question = Memo::new(move |_| {
        nav.address.with(|address| {
            let step = || ("step", address.range.step().as_str().to_owned());
            let mut now = address.span();
            now.extend([step(), ("weekday_hours", "true".to_owned())]);
            let mut before = address.span_of(address.range.previous());
            before.push(step());
            (now, before)
        })
    });
    let loader = Loader::new(
        move || question.get(),
        move |(now, before): (Parameters, Parameters)| async move {
            let (now, before) = join(v1::stats(&account_sid, &now), v1::stats(&account_sid, &before)).await;
            Ok(Periods { now: now?, before: before? })
        },
    );
    let listed = Trigger::new();
    let refresh = move || {
        loader.again();
        listed.notify();
    };
    refresh_when_shown(today, refresh);
    let with_subaccounts = Memo::new(move |_| nav.address.with(|address| address.subaccounts));
    let liveness = live::follow(account_sid, with_subaccounts, refresh);

    let zone = Memo::new(move |_| nav.address.with(|address| address.time_zone.clone()));
    let days = move || nav.address.with(|address| format::days(address.range.from(), address.range.to()));
    let compared = move || {
        let previous = nav.address.with(|address| address.range.previous());
        fill(text.compared, &[&format::days(previous.from(), previous.to())])
    };
    let has_value = Memo::new(move |_| loader.value.with(Option::is_some));
    let report = move || {
        if has_value.get() {
            let first = loader.value.get_untracked();
            first.map(|first| view! { <Shown first loader account=account_sid today zone listed /> }.into_any())
        } else if let Some(error) = loader.error.get() {
            Some(view! { <Failure error retry=refresh /> }.into_any())
        } else {
            Some(view! { <Skeleton /> }.into_any())
        }
    };
    view! {
        <main id="content" class="page">
            <div class="lead">
                <div>
                    <Heading text=text.title />
                    <p class="days">
                        <strong>{move || days()}</strong>
                        <span>{move || compared()}</span>
                        <span>{move || zone.with(|zone| fill(text.days_in, &[zone]))}</span>
                    </p>
                    <Live liveness />
                </div>
                <Picker today />
            </div>
            <Exports account=account_sid />
            <div class="answer" aria-busy=move || loader.pending.get().to_string()>
                {move || report()}
            </div>
        </main>
    }
}

/// Whether new ratings appear by themselves, in words and by a dot that is filled or not.
#[component]
fn Live(liveness: ReadSignal<Liveness>) -> impl IntoView {
    let text = &t().overview;
    let state = move || match liveness.get() {
        Liveness::Connecting => ("live", text.connecting),
        Liveness::Live => ("live on", text.live),
        Liveness::Stale => ("live off", text.stale),
    };
    view! { <p class=move || state().0 role="status">{move || state().1}</p> }
}

/// The figures for a spreadsheet, as they are filtered, and for paper.
#[component]
fn Exports(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().overview;
    let csv = move || {
        nav.address.with(|address| {
            let mut asked = address.span();
            asked.push(("step", address.range.step().as_str().to_owned()));
            format!("/v1/accounts/{account}/stats.csv?{}", encode(&asked))
        })
    };
    view! {
        <div class="exports" role="group" aria-label=text.export>
            <a class="button small" href=move || csv() download="">{text.steps_csv}</a>
            <button type="button" class="small" on:click=move |_| drop(window().print())>
                {text.print}
            </button>
        </div>
    }
}

/// What the server answered, drawn; when it answers anew, only what differs is drawn again.
#[component]
fn Shown(
    first: Periods,
    loader: Loader<Periods>,
    account: AccountSid,
    today: Date,
    zone: Memo<String>,
    /// The list is to be fetched again.
    listed: Trigger,
) -> impl IntoView {
    let periods = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(newer) = loader.value.get() {
            periods.set(newer);
        }
    });
    let calls = NodeRef::<H2>::new();
    let narrowed = move |()| {
        if let Some(heading) = calls.get_untracked() {
            let _ = heading.focus();
        }
    };
    let totals = Memo::new(move |_| periods.with(|periods| periods.now.totals));
    let is_rated = Memo::new(move |_| totals.with(|totals| totals.rated() > 0));
    let is_empty = Memo::new(move |_| totals.with(|totals| totals.calls == 0));
    let stale = move || loader.error.get().map(|_| view! { <p class="notice">{t().overview.refresh_failed}</p> });
    view! {
        <div role="status">{move || stale()}</div>
        <Tiles periods />
        {move || if is_rated.get() {
            view! { <Charts periods narrowed /> }.into_any()
        } else {
            view! { <Empty totals account today /> }.into_any()
        }}
        {move || (!is_empty.get()).then(|| view! { <Calls account zone listed heading=calls /> })}
    }
}

/// Who comes back to the page wants to see what has come in meanwhile; on another day, all presets are others.
fn refresh_when_shown(today: Date, refresh: impl Fn() + Copy + 'static) {
    let shown = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            spawn_local(async move {
                match v1::session().await {
                    Ok(session) if session.today != today => drop(window().location().reload()),
                    _ => refresh(),
                }
            });
        }
    });
    on_cleanup(move || shown.remove());
}

/// What stands in the place of the report while the first answer is on its way, of the same size.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status">{t().common.loading}</p>
        <div class="skeleton" aria-hidden="true">
            <div class="tiles">{(0..6).map(|_| view! { <div class="tile card"></div> }).collect_any()}</div>
            <div class="card trend-card"></div>
            <div class="pair">
                <div class="card"></div>
                <div class="card"></div>
            </div>
        </div>
    }
}
