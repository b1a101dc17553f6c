use leptos::prelude::*;
use ringback_api::{AccountSid, CallDetails, Name};
use ringback_client::v1::{self, Error};

use super::row::{labels, stars};
use crate::address::{Address, OpenCall};
use crate::local_time::exact_time;
use crate::nav::Nav;
use crate::pages::{Failure, Modal, facts};
use crate::query::Query;
use crate::text::{fill, t};
use crate::view::{CollectAny, dynamic};
use crate::{format, names};

/// The details of the call that the page's address names.
#[component]
pub(super) fn Dialog(account: AccountSid, zone: Memo<String>) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let open = Memo::new(move |_| nav.address.with(|address| address.open));
    let call = RwSignal::new(None::<CallDetails>);
    let title = move || {
        let started = call.with(|call| call.as_ref().map(|call| exact_time(call.started_at, &zone.get())));
        let named = || open.get().map(|open| open.sid.to_string());
        fill(t().calls.call, &[&started.or_else(named).unwrap_or_default()])
    };
    view! {
        <Modal
            is_open=Signal::derive(move || open.get().is_some())
            id="call-title"
            title=Signal::derive(title)
            close=move |()| nav.change(|address| Address { open: None, ..address.clone() })
        >
            {move || open.get().map(|open| view! { <OpenedCall open account zone call /> })}
        </Modal>
    }
}

#[component]
fn OpenedCall(
    open: OpenCall,
    account: AccountSid,
    zone: Memo<String>,
    /// Set to the call when it is loaded, for the title of the dialog.
    call: RwSignal<Option<CallDetails>>,
) -> impl IntoView {
    let query = Query::new(
        move || open,
        move |OpenCall { sid, account: owner }| async move { v1::call(&owner.unwrap_or(account), sid).await },
    );
    Effect::new(move |_| call.set(query.value.get()));
    dynamic(move || match (query.value.get(), query.error.get()) {
        (Some(call), _) => details(&call, &zone.get()).into_any(),
        (None, Some(Error::Refused { status: 404, .. })) => view! { <p>{t().calls.unknown_call}</p> }.into_any(),
        (None, Some(error)) => view! { <Failure error retry=move || query.reload() /> }.into_any(),
        (None, None) => view! { <p role="status">{t().common.loading}</p> }.into_any(),
    })
}

fn details(call: &CallDetails, zone: &str) -> impl IntoView + use<> {
    let text = &t().calls;
    let time = |at| exact_time(at, zone);
    let name = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_owned());
    let feedback = call.feedback.as_ref();
    let terms = vec![
        (text.from, name(&call.from)),
        (text.to, name(&call.to)),
        (t().overview.direction, Some(names::direction(call.direction).to_owned())),
        (text.status, call.status.map(|status| names::status(status).to_owned())),
        (text.duration, call.duration.map(format::duration)),
        (text.asked_at, call.asked_at.map(time)),
        (text.dismissed_at, call.dismissed_at.map(time)),
        (text.rated_at, feedback.map(|feedback| time(feedback.created_at))),
        (text.changed_at, feedback.filter(|f| f.updated_at != f.created_at).map(|f| time(f.updated_at))),
        (text.revision, feedback.map(|feedback| feedback.revision.to_string())),
        (text.first_reported, Some(time(call.created_at))),
        (text.updated, Some(time(call.updated_at))),
        (text.foreign_id, name(&call.call)),
        (text.party, name(&call.party)),
        (text.sid, Some(call.sid.to_string())),
        (text.account, Some(call.account_sid.to_string())),
    ];
    let rating = match feedback {
        Some(feedback) => {
            let issues = feedback.issues.iter().map(|issue| view! { <li>{names::issue(issue)}</li> }).collect_any();
            let comment = match &feedback.comment {
                Some(comment) => view! { <blockquote>{comment.as_str().to_owned()}</blockquote> }.into_any(),
                None => view! { <p class="hint">{text.no_comment}</p> }.into_any(),
            };
            view! {
                <p class="said">{stars(Some(feedback.score))}</p>
                <ul class="named">{issues}</ul>
                {comment}
            }
            .into_any()
        }
        None => view! { <p class="hint">{text.not_rated}</p> }.into_any(),
    };
    view! {
        {rating}
        {facts(terms)}
        <div class="chips">{labels(&call.labels)}</div>
    }
}
