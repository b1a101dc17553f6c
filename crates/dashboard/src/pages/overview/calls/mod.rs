//! The calls under what is chosen, a page at a time, and one of them opened.

mod dialog;
mod filters;
mod row;

use leptos::html::H2;
use leptos::prelude::*;
use ringback_api::{AccountSid, CallPage};
use ringback_client::v1::{self, Parameters};

use self::dialog::Dialog;
use self::filters::{Chosen, Filters};
use self::row::row;
use crate::address::encode;
use crate::loader::Loader;
use crate::nav::Nav;
use crate::pages::Failure;
use crate::text::t;

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
    let csv = move || {
        nav.address.with(|address| format!("/v1/accounts/{account}/feedback.csv?{}", encode(&address.listed())))
    };
    view! {
        <section class="card calls" aria-labelledby="calls">
            <div class="chart-head">
                <h2 id="calls" tabindex="-1" node_ref=heading>{text.title}</h2>
                <a class="button small" href=csv download="">{text.csv}</a>
            </div>
            <Filters />
            <Chosen />
            <div class="answer" aria-busy=move || loader.pending.get().to_string()>
                {page}
            </div>
            <Pager next=Signal::derive(move || loader.value.with(|page| page.as_ref()?.next.clone())) />
            <Dialog account zone />
        </section>
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
    let heads = [
        text.started,
        t().charts.score,
        t().overview.direction,
        text.parties,
        text.duration,
        text.issues,
        text.comment,
        text.labels,
    ];
    let heads = heads.map(|head| view! { <th scope="col" role="columnheader">{head}</th> });
    let rows = zone.with(|zone| page.calls.iter().map(|call| row(call, zone, account)).collect_view());
    // The roles are those that the elements have anyway, but not where a narrow screen shows each call as a block.
    view! {
        {cut_short}
        <table class="call-list" role="table" aria-labelledby="calls">
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Forward by the server's cursors; back by those that were seen on the way.
#[component]
fn Pager(next: Signal<Option<String>>) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let cursor = Memo::new(move |_| nav.address.with(|address| address.list.cursor.clone()));
    let seen = StoredValue::new(Vec::<Option<String>>::new());
    let go = move |cursor: Option<String>| {
        nav.change(|address| address.with_list(|list| list.cursor = cursor));
    };
    let back = move |_| {
        let mut before = None;
        seen.update_value(|seen| before = seen.pop());
        go(before.flatten());
    };
    let forward = move |_| {
        seen.update_value(|seen| seen.push(cursor.get_untracked()));
        go(next.get_untracked());
    };
    // Another list has other pages.
    Effect::new(move |_| {
        if cursor.get().is_none() {
            seen.update_value(Vec::clear);
        }
    });
    let previous = move || {
        cursor.get().map(|_| {
            view! {
                <button type="button" on:click=move |_| go(None)>
                    {text.first_page}
                </button>
                <button type="button" on:click=back>
                    {text.previous_page}
                </button>
            }
        })
    };
    let following = move || {
        next.get().map(|_| {
            view! {
                <button type="button" on:click=forward>
                    {text.next_page}
                </button>
            }
        })
    };
    view! {
        <div class="pager">
            {previous}
            {following}
        </div>
    }
}
