//! The overview: ratings in a range of days, and their calls.

mod calls;
mod chart_cards;
mod chart_data;
mod empty;
mod picker;
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
use self::chart_cards::Charts;
use self::chart_data::Periods;
use self::empty::Empty;
use self::picker::Picker;
use self::tiles::Tiles;
use super::{Failure, Heading};
use crate::address::encode;
use crate::event_stream::{self, ConnectionState};
use crate::format;
use crate::nav::Nav;
use crate::query::Query;
use crate::text::{fill, t};
use crate::view::CollectAny;

/// The page at `/`.
#[component]
pub(crate) fn Overview(session: Session) -> impl IntoView {
    let Session { account_sid, today, .. } = session;
    let text = &t().overview;
    let nav = expect_context::<Nav>();
    let request = Memo::new(move |_| {
        nav.address.with(|address| {
            let step = || ("step", address.range.step().as_str().to_owned());
            let mut now = address.range_parameters();
            now.extend([step(), ("weekday_hours", "true".to_owned())]);
            let mut before = address.range_parameters_of(address.range.previous());
            before.push(step());
            (now, before)
        })
    });
    let query = Query::new(
        move || request.get(),
        move |(now, before): (Parameters, Parameters)| async move {
            let (now, before) = join(v1::stats(&account_sid, &now), v1::stats(&account_sid, &before)).await;
            Ok(Periods { now: now?, before: before? })
        },
    );
    let reload_list = Trigger::new();
    let refresh = move || {
        query.reload();
        reload_list.notify();
    };
    refresh_when_visible(today, refresh);
    let with_subaccounts = Memo::new(move |_| nav.address.with(|address| address.subaccounts));
    let connection = event_stream::subscribe(account_sid, with_subaccounts, refresh);

    let zone = Memo::new(move |_| nav.address.with(|address| address.time_zone.clone()));
    let days = move || nav.address.with(|address| format::days(address.range.from(), address.range.to()));
    let compared = move || {
        let previous = nav.address.with(|address| address.range.previous());
        fill(text.compared, &[&format::days(previous.from(), previous.to())])
    };
    let has_value = Memo::new(move |_| query.value.with(Option::is_some));
    let report = move || {
        if has_value.get() {
            let first = query.value.get_untracked();
            first.map(|first| view! { <Report first query account=account_sid today zone reload_list /> }.into_any())
        } else if let Some(error) = query.error.get() {
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
                    <ConnectionStatus connection />
                </div>
                <Picker today />
            </div>
            <Exports account=account_sid />
            <div class="answer" aria-busy=move || query.pending.get().to_string()>
                {move || report()}
            </div>
        </main>
    }
}

/// Whether new ratings appear by themselves, in words and as a dot.
#[component]
fn ConnectionStatus(connection: ReadSignal<ConnectionState>) -> impl IntoView {
    let text = &t().overview;
    let state = move || match connection.get() {
        ConnectionState::Connecting => ("live", text.connecting),
        ConnectionState::Live => ("live on", text.live),
        ConnectionState::Lost => ("live off", text.stale),
    };
    view! { <p class=move || state().0 role="status">{move || state().1}</p> }
}

/// Exports of the figures: a CSV file, and printing.
#[component]
fn Exports(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().overview;
    let csv = move || {
        nav.address.with(|address| {
            let mut parameters = address.range_parameters();
            parameters.push(("step", address.range.step().as_str().to_owned()));
            format!("/v1/accounts/{account}/stats.csv?{}", encode(&parameters))
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

/// The figures and charts. When newer figures arrive, only the differences are rendered.
#[component]
fn Report(
    first: Periods,
    query: Query<Periods>,
    account: AccountSid,
    today: Date,
    zone: Memo<String>,
    /// Reloads the list of calls.
    reload_list: Trigger,
) -> impl IntoView {
    let periods = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(newer) = query.value.get() {
            periods.set(newer);
        }
    });
    let calls = NodeRef::<H2>::new();
    let on_filter = move |()| {
        if let Some(heading) = calls.get_untracked() {
            let _ = heading.focus();
        }
    };
    let totals = Memo::new(move |_| periods.with(|periods| periods.now.totals));
    let is_rated = Memo::new(move |_| totals.with(|totals| totals.rated() > 0));
    let is_empty = Memo::new(move |_| totals.with(|totals| totals.calls == 0));
    let stale = move || query.error.get().map(|_| view! { <p class="notice">{t().overview.refresh_failed}</p> });
    view! {
        <div role="status">{move || stale()}</div>
        <Tiles periods />
        {move || if is_rated.get() {
            view! { <Charts periods on_filter /> }.into_any()
        } else {
            view! { <Empty totals account today /> }.into_any()
        }}
        {move || (!is_empty.get()).then(|| view! { <Calls account zone reload_list heading=calls /> })}
    }
}

/// Refreshes when the user comes back to the tab. Reloads the page on another day, because all presets have changed.
fn refresh_when_visible(today: Date, refresh: impl Fn() + Copy + 'static) {
    let listener = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            spawn_local(async move {
                match v1::session().await {
                    Ok(session) if session.today != today => drop(window().location().reload()),
                    _ => refresh(),
                }
            });
        }
    });
    on_cleanup(move || listener.remove());
}

/// A placeholder of the report's size while the first figures load.
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
