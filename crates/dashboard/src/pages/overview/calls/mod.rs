//! The list of calls, and the dialog of one of them.

mod dialog;
mod filters;
mod row;

use leptos::html::H2;
use leptos::prelude::*;
use ringback_api::{AccountSid, CallPage, Order};
use ringback_client::v1::{self, Parameters};

use self::dialog::Dialog;
use self::filters::{ActiveFilters, Filters};
use self::row::row;
use crate::address::encode;
use crate::nav::Nav;
use crate::pages::{Failure, Pager};
use crate::query::Query;
use crate::text::t;
use crate::view::CollectAny;

/// Calls per page of the list.
const LIMIT: &str = "25";

/// The list with its filters and pages.
#[component]
pub(super) fn Calls(
    account: AccountSid,
    zone: Memo<String>,
    /// Reloads the list.
    reload_list: Trigger,
    /// Takes the focus when a chart has filtered the list.
    heading: NodeRef<H2>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let request = Memo::new(move |_| {
        nav.address.with(|address| {
            let mut parameters = address.call_list_parameters();
            parameters.push(("limit", LIMIT.to_owned()));
            parameters.extend(address.list.cursor.clone().map(|cursor| ("cursor", cursor)));
            parameters
        })
    });
    let query = Query::new(
        move || {
            reload_list.track();
            request.get()
        },
        move |parameters: Parameters| async move { v1::calls(&account, &parameters).await },
    );
    let page = move || match (query.value.get(), query.error.get()) {
        (Some(page), _) => view! { <CallTable page zone account /> }.into_any(),
        (None, Some(error)) => view! { <Failure error retry=move || query.reload() /> }.into_any(),
        (None, None) => view! { <div class="list-skeleton" aria-hidden="true"></div> }.into_any(),
    };
    let cursor = Memo::new(move |_| nav.address.with(|address| address.list.cursor.clone()));
    let csv = move || {
        nav.address
            .with(|address| format!("/v1/accounts/{account}/feedback.csv?{}", encode(&address.call_list_parameters())))
    };
    view! {
        <section class="card calls" aria-labelledby="calls">
            <div class="chart-head">
                <h2 id="calls" tabindex="-1" node_ref=heading>{text.title}</h2>
                <a class="button small" href=move || csv() download="">{text.csv}</a>
            </div>
            <Filters account />
            <ActiveFilters />
            <div class="answer" aria-busy=move || query.pending.get().to_string()>
                {move || page()}
            </div>
            <Pager
                cursor
                next=Signal::derive(move || query.value.with(|page| page.as_ref()?.next.clone()))
                go=move |cursor| nav.change(|address| address.with_list(|list| list.cursor = cursor))
            />
            <Dialog account zone />
        </section>
    }
}

/// The head of a column that sorts the list. A second press reverses the order.
#[component]
fn SortHead(name: &'static str, up: Order, down: Order) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let order = Memo::new(move |_| nav.address.with(|address| address.list.order));
    // The first press shows the lowest scores, or the newest calls.
    let first = if up.is_by_score() { up } else { down };
    let second = if first == up { down } else { up };
    let sort = move |_| {
        nav.change(|address| {
            address.with_list(|list| {
                list.order = if list.order == first { second } else { first };
                // Calls without a rating have no score.
                if list.order.is_by_score() {
                    list.rated = Some(true);
                }
            })
        });
    };
    let (sorted, arrow) = (
        move || match order.get() {
            order if order == up => "ascending",
            order if order == down => "descending",
            _ => "none",
        },
        move || match order.get() {
            order if order == up => " ▲",
            order if order == down => " ▼",
            _ => "",
        },
    );
    view! {
        <th scope="col" role="columnheader" class="sort" aria-sort=move || sorted()>
            <button type="button" class="quiet" on:click=sort>
                {name}
                <span aria-hidden="true">{move || arrow()}</span>
            </button>
        </th>
    }
}

#[component]
fn CallTable(page: CallPage, zone: Memo<String>, account: AccountSid) -> impl IntoView {
    let text = &t().calls;
    let cut_short = page.cut_short.then(|| view! { <p class="notice">{text.cut_short}</p> });
    if page.calls.is_empty() {
        let none = (!page.cut_short).then(|| {
            view! {
                <div class="message">
                    <h3>{text.none}</h3>
                    <p>{text.none_advice}</p>
                </div>
            }
        });
        return view! {
            {cut_short}
            {none}
        }
        .into_any();
    }
    let heads = [t().overview.direction, text.parties, text.duration, text.issues, text.comment, text.labels];
    let heads = heads.into_iter().map(|head| view! { <th scope="col" role="columnheader">{head}</th> }).collect_any();
    let rows = zone.with(|zone| page.calls.iter().map(|call| row(call, zone, account)).collect_any());
    // Explicit roles, because the elements lose theirs on a narrow screen, where CSS shows each call as a block.
    view! {
        {cut_short}
        <table class="call-list" role="table" aria-labelledby="calls">
            <thead role="rowgroup">
                <tr role="row">
                    <SortHead name=text.started up=Order::Oldest down=Order::Newest />
                    <SortHead name=t().charts.score up=Order::Lowest down=Order::Highest />
                    {heads}
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}
