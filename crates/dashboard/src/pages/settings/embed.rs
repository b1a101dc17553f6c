use std::collections::BTreeMap;

use leptos::html::Div;
use leptos::prelude::*;
use ringback_api::{Labels, Sample, Scope, Score};
use ringback_client::js::get;
use wasm_bindgen::JsValue;
use web_sys::CustomEvent;

use super::Settings;
use super::form::{self, FormState, copyable, line, messages, named};
use crate::address::{Address, CallList, Label, Page};
use crate::names;
use crate::nav::Nav;
use crate::pages::mint;
use crate::range::Preset;
use crate::session::CurrentSession;
use crate::text::t;
use crate::view::dynamic;

const WIDGET: &str = "/embed/ringback.js";
/// The label of calls from trials.
const TRIAL: [&str; 2] = ["trial", "settings"];
/// Stands in the snippet until there is a token.
const NO_TOKEN: &str = "TOKEN";

/// The snippet and the command for embedding the widget, and a trial of it.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let origin = window().location().origin().unwrap_or_default();
    let command = mint_command(&origin, &settings.sid.to_string());
    let token = RwSignal::new(NO_TOKEN.to_owned());
    let page = Signal::derive(move || {
        let sample = settings.data.with(|data| data.account.sample);
        snippet(&origin, sample, &token.read())
    });
    let trial = if settings.may(Scope::Mint) { trial(settings, token) } else { line("", text.no_mint.to_owned()) };
    let in_page = if settings.may(Scope::Mint) { text.in_page } else { text.in_page_alone };
    let controls = vec![copyable(in_page, page), copyable(text.in_backend, command), trial];
    form::section("embed", text.embed, text.embed_hint, controls)
}

/// Shows the real widget with a token for a made-up call.
fn trial(
    settings: Settings,
    // Set to the token, for the snippet.
    token: RwSignal<String>,
) -> AnyView {
    let text = &t().settings;
    let state = FormState::new();
    let (is_shown, has_arrived) = (RwSignal::new(false), RwSignal::new(false));
    // Each trial is another call.
    let renew = move || {
        state.send(Box::pin(async move {
            let call = format!("trial-{}", js_sys::Date::now());
            let labels = Labels::try_from(BTreeMap::from([TRIAL.map(str::to_owned).into()])).unwrap_or_default();
            token.set(mint(&settings.sid, &call, labels).await?.token);
            has_arrived.set(false);
            Ok(String::new())
        }));
    };
    renew();
    let show = move |_| {
        is_shown.set(true);
        if token.with_untracked(|token| token == NO_TOKEN) {
            renew();
        }
    };
    let place = NodeRef::<Div>::new();
    // The element is replaced when the token changes.
    Effect::new(move |_| {
        let (Some(place), true) = (place.get(), is_shown.get()) else { return };
        if token.with(|token| token != NO_TOKEN) {
            let result = load_widget().and_then(|()| {
                let element = document().create_element("ringback-rating")?;
                element.set_attribute("token", &token.read_untracked())?;
                place.replace_children_with_node_1(&element);
                Ok(())
            });
            if result.is_err() {
                state.reject(t().common.failed);
            }
        }
    });
    let arrived = window_event_listener_untyped("ringback-submitted", move |event| {
        let detail = CustomEvent::from(JsValue::from(event)).detail();
        let given = get(&detail, "score").as_f64();
        let is_given = |score: &&Score| Some(f64::from(score.get())) == given;
        if let Some(score) = Score::ALL.iter().find(is_given) {
            state.done.set(named(text.arrived, &names::score(*score)));
            has_arrived.set(true);
        }
    });
    on_cleanup(move || arrived.remove());
    let next_steps = dynamic(move || {
        if !has_arrived.get() {
            return ().into_any();
        }
        let nav = expect_context::<Nav>();
        let trials = trials_address(nav);
        let href = trials.write();
        view! {
            <div class="buttons">
                <a class="button small" href=href on:click=move |event| nav.follow(&event, trials.clone())>
                    {text.show_trial}
                </a>
                <button type="button" class="small" on:click=move |_| renew()>
                    {text.try_another}
                </button>
            </div>
        }
        .into_any()
    });
    view! {
        <div class="trial">
            <p class="name">{text.trial}</p>
            <p class="hint">{named(text.trial_hint, &TRIAL.join(":"))}</p>
            <button type="button" hidden=is_shown on:click=show>
                {text.try_it}
            </button>
            <div node_ref=place class="place"></div>
            {messages("trial", state)}
            {next_steps}
        </div>
    }
    .into_any()
}

/// The address of the overview that lists today's trials.
fn trials_address(nav: Nav) -> Address {
    let CurrentSession(session) = expect_context();
    let [key, value] = TRIAL.map(str::to_owned);
    let list = CallList { labels: vec![Label { key, value }], ..CallList::default() };
    let range = Preset::Today.range(session.with_untracked(|session| session.today));
    nav.address.with_untracked(|address| Address { range, list, ..address.to_page(Page::Overview) })
}

/// Loads the widget's script, once per page.
fn load_widget() -> Result<(), JsValue> {
    if document().query_selector("script[src='/embed/ringback.js']")?.is_none() {
        let script = document().create_element("script")?;
        script.set_attribute("type", "module")?;
        script.set_attribute("src", WIDGET)?;
        document().body().ok_or(JsValue::UNDEFINED)?.append_child(&script)?;
    }
    Ok(())
}

/// The HTML that embeds the widget. Has the attribute `sample` if not every call is asked about.
fn snippet(origin: &str, sample: Sample, token: &str) -> String {
    let sample = if sample == Sample::ALL { String::new() } else { format!(" sample=\"{sample}\"") };
    format!(
        "<script type=\"module\" src=\"{origin}{WIDGET}\"></script>\n<ringback-rating{sample} token=\"{token}\"></ringback-rating>\n"
    )
}

/// A shell command that creates a token.
fn mint_command(origin: &str, account: &str) -> String {
    format!(
        "curl -u \"$KEY_SID:$KEY_SECRET\" {origin}/v1/accounts/{account}/rating-tokens \\\n  \
         -H 'Content-Type: application/json' -d '{{\"call\": \"CALL_ID\"}}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_has_the_share_of_calls_unless_it_is_all() {
        let script = "<script type=\"module\" src=\"https://x.example/embed/ringback.js\"></script>\n";
        for (share, element) in [
            (1.0, "<ringback-rating token=\"T\"></ringback-rating>\n"),
            (0.25, "<ringback-rating sample=\"0.25\" token=\"T\"></ringback-rating>\n"),
        ] {
            let sample = Sample::try_from(share).unwrap();
            assert_eq!(snippet("https://x.example", sample, "T"), format!("{script}{element}"));
        }
    }
}
