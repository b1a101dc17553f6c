//! The calls under what is chosen, a page at a time, and one of them opened.

mod dialog;
mod filters;
mod row;

use leptos::html::H2;
use leptos::prelude::*;
use ringback_api::{AccountSid, CallPage, Order};
use ringback_client::v1::{self, Parameters};

use self::dialog::Dialog;
use self::filters::{Chosen, Filters};
use self::row::row;
use crate::address::encode;
use crate::loader::Loader;
use crate::nav::Nav;
use crate::pages::{Failure, Pager};
use crate::text::t;
use crate::view::CollectAny;

/// Calls on a page.
const LIMIT: &str = "25";

/// The list, its filters, and its pages.
#[component]
pub(super) fn Calls(
    account: AccountSid,
    zone: Memo<String>,
    /// The list is to be fetched again.
    listed: Trigger,
    /// Where the focus goes when the list was narrowed.
    heading: NodeRef<H2>,
) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let question = Memo::new(move |_| {
        nav.address.with(|address| {
            let mut asked = address.listed();
            asked.push(("limit", LIMIT.to_owned()));
            asked.extend(address.list.cursor.clone().map(|cursor| ("cursor", cursor)));
            asked
        })
    });
    let loader = Loader::new(
        move || {
            listed.track();
            question.get()
        },
        move |asked: Parameters| async move { v1::calls(&account, &asked).await },
    );
    let page = move || match (loader.value.get(), loader.error.get()) {
        (Some(page), _) => view! { <Listed page zone account /> }.into_any(),
        (None, Some(error)) => view! { <Failure error retry=move || loader.again() /> }.into_any(),
        (None, None) => view! { <div class="list-skeleton" aria-hidden="true"></div> }.into_any(),
    };
    let cursor = Memo::new(move |_| nav.address.with(|address| address.list.cursor.clone()));
    let csv = move || {
        nav.address.with(|address| format!("/v1/accounts/{account}/feedback.csv?{}", encode(&address.listed())))
    };
    view! {
        <section class="card calls" aria-labelledby="calls">
            <div class="chart-head">
                <h2 id="calls" tabindex="-1" node_ref=heading>{text.title}</h2>
                <a class="button small" href=move || csv() download="">{text.csv}</a>
            </div>
            <Filters account />
            <Chosen />
            <div class="answer" aria-busy=move || loader.pending.get().to_string()>
                {move || page()}
            </div>
            <Pager
                cursor
                next=Signal::derive(move || loader.value.with(|page| page.as_ref()?.next.clone()))
                go=move |cursor| nav.change(|address| address.with_list(|list| list.cursor = cursor))
            />
            <Dialog account zone />
        </section>
    }
}

/// The head of a column that the list can be sorted by; a second press turns it round.
#[component]
fn SortHead(name: &'static str, up: Order, down: Order) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let order = Memo::new(move |_| nav.address.with(|address| address.list.order));
    // What is bad, and what is new, is looked for first.
    let first = if up.is_by_score() { up } else { down };
    let second = if first == up { down } else { up };
    let sort = move |_| {
        nav.change(|address| {
            address.with_list(|list| {
                list.order = if list.order == first { second } else { first };
                // A call without a rating has no score.
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
fn Listed(page: CallPage, zone: Memo<String>, account: AccountSid) -> impl IntoView {
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
    // The roles are those that the elements have anyway, but not where a narrow screen shows each call as a block.
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
