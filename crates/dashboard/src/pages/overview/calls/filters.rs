use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use ringback_api::{AccountSid, Issue, KnownLabel, Score};
use ringback_client::v1::{self, Parameters};

use crate::address::{Address, Label, List, Within};
use crate::loader::Loader;
use crate::nav::Nav;
use crate::pages::overview::report::hour_name;
use crate::text::{fill, t};
use crate::view::CollectAny;
use crate::{format, words};

/// Fields that each filter the list.
#[component]
pub(super) fn Filters(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let list = Memo::new(move |_| nav.address.with(|address| address.list.clone()));
    let change = move |change: &dyn Fn(&mut List)| nav.change(|address| address.with_list(change));

    let rated = [("true", Some(true)), ("false", Some(false)), ("all", None)];
    let rated_options = rated.into_iter().zip(text.rated_options).map(|((value, _), name)| (value.into(), name.into()));
    let rated_now = move || list.with(|list| list.rated.map_or_else(|| "all".into(), |rated| rated.to_string()));
    let choose_rated = move |value: String| {
        let chosen = rated.into_iter().find(|(name, _)| *name == value).map_or(Some(true), |(_, rated)| rated);
        change(&|list| list.rated = chosen);
    };
    let any = |name: &'static str| (String::new(), name.to_owned());
    let scores = Score::ALL.iter().map(|score| (score.to_string(), words::score(*score)));
    let issues = Issue::ALL.iter().map(|issue| (issue.to_string(), words::issue(*issue).to_owned()));
    let comments =
        ["", "true", "false"].into_iter().zip(text.comment_options).map(|(value, name)| (value.into(), name.into()));
    let only = |values: Vec<String>| if let [one] = values.as_slice() { one.clone() } else { String::new() };
    view! {
        <div class="filters" role="group" aria-label=text.filters>
            <Choice label=text.rated options=rated_options.collect() now=Signal::derive(rated_now) choose=choose_rated />
            <Choice
                label=t().charts.score
                options=[any(text.any_score)].into_iter().chain(scores).collect()
                now=Signal::derive(move || list.with(|list| only(list.scores.iter().map(ToString::to_string).collect())))
                choose=move |value: String| change(&|list| list.scores = value.parse().into_iter().collect())
            />
            <Choice
                label=text.issues
                options=[any(text.any_issue)].into_iter().chain(issues).collect()
                now=Signal::derive(move || list.with(|list| only(list.issues.iter().map(ToString::to_string).collect())))
                choose=move |value: String| change(&|list| list.issues = value.parse().into_iter().collect())
            />
            <Choice
                label=text.comment
                options=comments.collect()
                now=Signal::derive(move || {
                    list.with(|list| list.has_comment.map(|has| has.to_string()).unwrap_or_default())
                })
                choose=move |value: String| change(&|list| list.has_comment = value.parse().ok())
            />
            <LabelChoice account />
        </div>
    }
}

#[component]
fn Choice(
    label: &'static str,
    /// Values and their names.
    options: Vec<(String, String)>,
    now: Signal<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let select = NodeRef::<Select>::new();
    let options = options.into_iter().map(|(value, name)| {
        let this = value.clone();
        view! {
            <option value=value selected=move || now.with(|now| *now == this)>
                {name}
            </option>
        }
    });
    let changed = move |_| {
        if let Some(select) = select.get() {
            choose.run(select.value());
        }
    };
    view! {
        <label>
            <span>{label}</span>
            <select node_ref=select on:change=changed>
                {options.collect_any()}
            </select>
        </label>
    }
}

/// What is chosen to type a label.
const OTHER: &str = "…";

/// The labels that there are, to choose from; another can be typed.
#[component]
fn LabelChoice(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let span = Memo::new(move |_| {
        // The labels of one direction are those of the other, too, or near enough.
        nav.address.with(|address| Address { direction: None, ..address.clone() }.span())
    });
    let known =
        Loader::new(move || span.get(), move |span: Parameters| async move { v1::labels(&account, &span).await });
    let types = RwSignal::new(false);
    let select = NodeRef::<Select>::new();
    let chosen = move |_| {
        let Some(select) = select.get() else { return };
        let value = select.value();
        types.set(value == OTHER);
        if let Ok(label) = value.parse() {
            add(nav, label);
            select.set_value("");
        }
    };
    let groups = move || {
        let labels = known.value.get().map(|known| known.labels).unwrap_or_default();
        let group = |labels: &[KnownLabel]| {
            let option = |KnownLabel { key, value }: &KnownLabel| {
                view! { <option value=format!("{key}:{value}")>{value.clone()}</option> }
            };
            let key = labels.first().map(|label| label.key.clone());
            view! { <optgroup label=key>{labels.iter().map(option).collect_any()}</optgroup> }
        };
        labels.chunk_by(|a, b| a.key == b.key).map(group).collect_any()
    };
    view! {
        <label>
            <span>{text.label}</span>
            <select node_ref=select on:change=chosen>
                <option value="">{text.any_label}</option>
                {move || groups()}
                <option value=OTHER>{text.other_label}</option>
            </select>
        </label>
        {move || types.get().then(|| view! { <LabelField /> })}
    }
}

fn add(nav: Nav, label: Label) {
    nav.change(|address| {
        address.with_list(|list| {
            // A call has one value of each key.
            list.labels.retain(|other| other.key != label.key);
            list.labels.push(label);
        })
    });
}

#[component]
fn LabelField() -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let field = NodeRef::<Input>::new();
    field.on_load(|field| drop(field.focus()));
    let wrong = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get() else { return };
        let label = field.value().parse::<Label>();
        wrong.set(label.is_err());
        if let Ok(label) = label {
            field.set_value("");
            add(nav, label);
        }
    };
    view! {
        <form class="label-field" novalidate on:submit=submit>
            <label>
                <span>{text.other_label}</span>
                <input
                    node_ref=field
                    name="label"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=text.label_hint
                    aria-describedby="label-problem"
                    aria-invalid=move || wrong.get().to_string()
                />
            </label>
            <button>{text.add}</button>
            <p id="label-problem" class="problem" role="alert">{move || wrong.get().then_some(text.bad_label)}</p>
        </form>
    }
}

/// What the list is narrowed to; each filter goes with a press.
#[component]
pub(super) fn Chosen() -> impl IntoView {
    let nav = expect_context::<Nav>();
    let list = Memo::new(move |_| nav.address.with(|address| address.list.clone()));
    let chips = move || {
        let chip = |(name, without): (String, List)| {
            let remove = move |_| nav.change(|address| address.with_list(|list| *list = without.clone()));
            view! {
                <li>
                    <button type="button" class="chip chosen" aria-label=fill(t().calls.without, &[&name]) on:click=remove>
                        {name.clone()}
                        <span aria-hidden="true">" ✕"</span>
                    </button>
                </li>
            }
        };
        list.with(chosen).into_iter().map(chip).collect_any()
    };
    let all = move || {
        (!list.with(List::is_unfiltered)).then(|| {
            let clear = move |_| nav.change(|address| address.with_list(|list| *list = List::default()));
            view! {
                <button type="button" class="quiet" on:click=clear>
                    {t().calls.clear}
                </button>
            }
        })
    };
    view! {
        <div class="chosen-filters">
            <ul>{move || chips()}</ul>
            {move || all()}
        </div>
    }
}

/// Each filter by name, and the list without it.
fn chosen(list: &List) -> Vec<(String, List)> {
    let mut chosen = Vec::new();
    let mut add = |name: String, change: &dyn Fn(&mut List)| {
        let mut without = list.clone();
        change(&mut without);
        chosen.push((name, without));
    };
    match list.within {
        Some(Within::Days { first, last }) => add(format::days(first, last), &|list| list.within = None),
        Some(Within::Hour { weekday, hour }) => add(hour_name(weekday, hour), &|list| list.within = None),
        None => {}
    }
    let [_, unrated, all] = t().calls.rated_options;
    match list.rated {
        Some(true) => {}
        Some(false) => add(unrated.into(), &|list| list.rated = Some(true)),
        None => add(all.into(), &|list| list.rated = Some(true)),
    }
    for score in &list.scores {
        add(words::score(*score), &|list| list.scores.retain(|other| other != score));
    }
    for issue in &list.issues {
        add(words::issue(*issue).into(), &|list| list.issues.retain(|other| other != issue));
    }
    if let Some(has) = list.has_comment {
        let [_, with, without] = t().calls.comment_options;
        let name = if has { with } else { without };
        add(name.into(), &|list| list.has_comment = None);
    }
    for label in &list.labels {
        add(label.to_string(), &|list| list.labels.retain(|other| other != label));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_has_a_name_and_goes_by_itself() {
        let list = List {
            rated: None,
            scores: vec![Score::One, Score::Two],
            issues: vec![Issue::DroppedCall],
            has_comment: Some(true),
            labels: vec!["queue:sales".parse().unwrap()],
            within: Some(Within::Hour { weekday: 1, hour: 8 }),
            ..List::default()
        };
        let chosen = chosen(&list);
        let names: Vec<_> = chosen.iter().map(|(name, _)| name.as_str()).collect();
        let expected =
            ["Tuesday 08:00", "All calls", "1 star", "2 stars", "Dropped call", "With comment", "queue:sales"];
        assert_eq!(names, expected);
        assert_eq!(chosen[2].1, List { scores: vec![Score::Two], ..list.clone() });
        let rest = chosen.iter().fold(list, |mut list, (_, without)| {
            list.within = list.within.and(without.within);
            list
        });
        assert_eq!(rest.within, None);
        assert_eq!(super::chosen(&List::default()), []);
    }
}
