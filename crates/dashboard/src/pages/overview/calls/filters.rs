use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use ringback_api::{AccountSid, Issue, KnownLabel, Score};
use ringback_client::v1::{self, Parameters};

use crate::address::{Address, CallList, Label, TimeFilter};
use crate::nav::Nav;
use crate::pages::overview::chart_data::hour_name;
use crate::query::Query;
use crate::text::{fill, t};
use crate::view::CollectAny;
use crate::{format, names};

/// The filters of the list of calls.
#[component]
pub(super) fn Filters(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let list = Memo::new(move |_| nav.address.with(|address| address.list.clone()));
    let change = move |change: &dyn Fn(&mut CallList)| nav.change(|address| address.with_list(change));

    let options = &text.rated_options;
    let rated =
        [("true", Some(true), options.rated), ("false", Some(false), options.unrated), ("all", None, options.all)];
    let rated_options = rated.map(|(value, _, name)| (value.into(), name.into()));
    let rated_now = move || list.with(|list| list.rated.map_or_else(|| "all".into(), |rated| rated.to_string()));
    let choose_rated = move |value: String| {
        let chosen = rated.into_iter().find(|(name, ..)| *name == value).map_or(Some(true), |(_, rated, _)| rated);
        change(&|list| list.rated = chosen);
    };
    let any = |name: &'static str| (String::new(), name.to_owned());
    let scores = Score::ALL.iter().map(|score| (score.to_string(), names::score(*score)));
    let issues = Issue::ALL.iter().map(|issue| (issue.to_string(), names::issue(*issue).to_owned()));
    let options = &text.comment_options;
    let comments = [("", options.any), ("true", options.with), ("false", options.without)]
        .map(|(value, name)| (value.into(), name.into()));
    let only = |values: Vec<String>| if let [one] = values.as_slice() { one.clone() } else { String::new() };
    view! {
        <div class="filters" role="group" aria-label=text.filters>
            <Choice label=text.rated options=rated_options.into() now=Signal::derive(rated_now) choose=choose_rated />
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
                options=comments.into()
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
    /// Values and their labels.
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

/// The value of the option to type a label.
const OTHER: &str = "…";

/// A choice of the labels that calls have. Another label can be typed.
#[component]
fn LabelChoice(account: AccountSid) -> impl IntoView {
    let nav = expect_context::<Nav>();
    let text = &t().calls;
    let span = Memo::new(move |_| {
        // Without the direction, because both directions have nearly the same labels.
        nav.address.with(|address| Address { direction: None, ..address.clone() }.range_parameters())
    });
    let labels =
        Query::new(move || span.get(), move |span: Parameters| async move { v1::labels(&account, &span).await });
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
        let labels = labels.value.get().map(|known| known.labels).unwrap_or_default();
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

/// The active filters. A press on a filter removes it.
#[component]
pub(super) fn ActiveFilters() -> impl IntoView {
    let nav = expect_context::<Nav>();
    let list = Memo::new(move |_| nav.address.with(|address| address.list.clone()));
    let chips = move || {
        let chip = |(name, without): (String, CallList)| {
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
        list.with(active_filters).into_iter().map(chip).collect_any()
    };
    let all = move || {
        (!list.with(CallList::is_unfiltered)).then(|| {
            let clear = move |_| nav.change(|address| address.with_list(|list| *list = CallList::default()));
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

/// The name of each active filter, and the list without it.
fn active_filters(list: &CallList) -> Vec<(String, CallList)> {
    let mut active = Vec::new();
    let mut add = |name: String, change: &dyn Fn(&mut CallList)| {
        let mut without = list.clone();
        change(&mut without);
        active.push((name, without));
    };
    match list.time {
        Some(TimeFilter::Days { first, last }) => add(format::days(first, last), &|list| list.time = None),
        Some(TimeFilter::HourOfWeek { weekday, hour }) => add(hour_name(weekday, hour), &|list| list.time = None),
        None => {}
    }
    let options = &t().calls.rated_options;
    match list.rated {
        Some(true) => {}
        Some(false) => add(options.unrated.into(), &|list| list.rated = Some(true)),
        None => add(options.all.into(), &|list| list.rated = Some(true)),
    }
    for score in &list.scores {
        add(names::score(*score), &|list| list.scores.retain(|other| other != score));
    }
    for issue in &list.issues {
        add(names::issue(*issue).into(), &|list| list.issues.retain(|other| other != issue));
    }
    if let Some(has) = list.has_comment {
        let options = &t().calls.comment_options;
        let name = if has { options.with } else { options.without };
        add(name.into(), &|list| list.has_comment = None);
    }
    for label in &list.labels {
        add(label.to_string(), &|list| list.labels.retain(|other| other != label));
    }
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_active_filter_has_a_name_and_can_be_removed_alone() {
        let list = CallList {
            rated: None,
            scores: vec![Score::One, Score::Two],
            issues: vec![Issue::DroppedCall],
            has_comment: Some(true),
            labels: vec!["queue:sales".parse().unwrap()],
            time: Some(TimeFilter::HourOfWeek { weekday: 1, hour: 8 }),
            ..CallList::default()
        };
        let active = active_filters(&list);
        let names: Vec<_> = active.iter().map(|(name, _)| name.as_str()).collect();
        let expected =
            ["Tuesday 08:00", "All calls", "1 star", "2 stars", "Dropped call", "With comment", "queue:sales"];
        assert_eq!(names, expected);
        assert_eq!(active[2].1, CallList { scores: vec![Score::Two], ..list.clone() });
        let rest = active.iter().fold(list, |mut list, (_, without)| {
            list.time = list.time.and(without.time);
            list
        });
        assert_eq!(rest.time, None);
        assert_eq!(active_filters(&CallList::default()), []);
    }
}
