use leptos::ev::MouseEvent;
use leptos::prelude::*;
use ringback_api::{AccountSid, CallDetails, Labels, Name, Score};

use crate::address::{Address, Label, OpenCall};
use crate::local_time::day_and_time;
use crate::nav::Nav;
use crate::text::{fill, t};
use crate::view::CollectAny;
use crate::{format, names};

/// A call in the list. Its time is a link that opens it.
pub(super) fn row(call: &CallDetails, zone: &str, account: AccountSid) -> impl IntoView + use<> {
    let nav = expect_context::<Nav>();
    let started = day_and_time(call.started_at, zone);
    let owner = (call.account_sid != account).then_some(call.account_sid);
    let open = OpenCall { sid: call.sid, account: owner };
    let opened = move || nav.address.with_untracked(|address| Address { open: Some(open), ..address.clone() });
    let feedback = call.feedback.as_ref();
    let issues = feedback.map(|feedback| feedback.issues.iter().map(names::issue).collect::<Vec<_>>().join(", "));
    let comment = feedback.and_then(|feedback| feedback.comment.as_ref()).map(|comment| comment.as_str().to_owned());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a
                    href=move || nav.address.with(|address| Address { open: Some(open), ..address.clone() }.write())
                    aria-label=fill(t().calls.open, &[&started])
                    on:click=move |event: MouseEvent| nav.follow(&event, opened())
                >
                    {started.clone()}
                </a>
            </th>
            <td role="cell" class="score-cell">{stars(feedback.map(|feedback| feedback.score))}</td>
            <td role="cell">{names::direction(call.direction)}</td>
            <td role="cell" class="parties">{parties(call.from.as_ref(), call.to.as_ref())}</td>
            <td role="cell" class="number">{call.duration.map_or_else(|| format::NONE.into(), format::duration)}</td>
            <td role="cell" class="wide">{issues}</td>
            <td role="cell" class="wide comment"><span>{comment}</span></td>
            <td role="cell" class="wide">{labels(&call.labels)}</td>
        </tr>
    }
}

/// The score as `★ 4`, with its accessible name.
pub(super) fn stars(score: Option<Score>) -> impl IntoView + use<> {
    score.map(|score| {
        let class = match score {
            Score::One | Score::Two => "stars bad",
            Score::Three => "stars neutral",
            Score::Four | Score::Five => "stars good",
        };
        view! {
            <span class=class>
                <span aria-hidden="true">"★ "{score.get()}</span>
                <span class="visually-hidden">{names::score(score)}</span>
            </span>
        }
    })
}

fn parties(from: Option<&Name>, to: Option<&Name>) -> String {
    let name = |name: Option<&Name>| name.map_or(format::NONE, Name::as_str).to_owned();
    match (from, to) {
        (None, None) => format::NONE.into(),
        _ => format!("{} → {}", name(from), name(to)),
    }
}

/// The labels of a call. A press on a label filters the list by it.
pub(super) fn labels(labels: &Labels) -> impl IntoView + use<> {
    let nav = expect_context::<Nav>();
    let label = |(key, value): (&str, &str)| {
        let label = Label { key: key.to_owned(), value: value.to_owned() };
        let text = label.to_string();
        let filter = move |_| {
            let label = label.clone();
            nav.change(|address| {
                address.with_list(|list| {
                    if !list.labels.contains(&label) {
                        list.labels.push(label);
                    }
                })
            });
        };
        view! {
            <button type="button" class="chip" on:click=filter>
                {text}
            </button>
        }
    };
    labels.iter().map(label).collect_any()
}
