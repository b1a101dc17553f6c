//! The filters and the order of lists of calls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringback_api::{FormError, Issue, Labels, Order, Score};
use utoipa::openapi::schema::Type;

use super::parameters::{DIRECTION, FROM, TO, digits, parse_flag};
use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, Query, from_str};
use super::schema;
use super::steps::{Weekday, days, hours_of_week};
use crate::store::{Account, Listing};

const WEEKDAY: Parameter<Weekday> = Parameter::new(
    "weekday",
    "Only calls that started on one of these weekdays in `tz`",
    || schema::one_of(Weekday::NAMES),
    from_str,
)
.comma_separated();
const HOUR: Parameter<u8> = Parameter::new(
    "hour",
    "Only calls that started in one of these hours of the day in `tz`",
    || schema::integer(0, 23),
    parse_hour,
)
.comma_separated();
const RATED: Parameter<Option<bool>> = Parameter::new(
    "rated",
    "Only rated calls (`true`, the default), only unrated calls (`false`), or `all`",
    || schema::one_of(["true", "false", "all"]),
    parse_rated,
);
const SCORE: Parameter<Score> =
    Parameter::new("score", "Only calls with one of these scores", || schema::integer(1, 5), from_str)
        .comma_separated();
const ISSUE: Parameter<Issue> = Parameter::new(
    "issue",
    "Only calls with one of these issues",
    || schema::one_of(Issue::ALL.map(Issue::as_str)),
    from_str,
)
.comma_separated();
const HAS_COMMENT: Parameter<bool> = Parameter::new(
    "has_comment",
    "Only calls with a comment (`true`), or only calls without one (`false`)",
    schema::boolean,
    parse_flag,
);
const LABEL: Parameter<(String, String)> = Parameter::new(
    "label",
    "Only calls with this label, a key and a value; repeatable, and calls must have all labels",
    || schema::of_type(Type::String).examples(["queue:sales"]).into(),
    parse_label,
)
.repeated();
const ORDER: Parameter<Order> = Parameter::new(
    "order",
    "By start or by score; `newest` by default",
    || schema::one_of(Order::ALL.map(Order::as_str)),
    from_str,
);

/// The filters and the order, apart from the days.
pub(super) const FILTERS: ParameterGroup =
    &[&WEEKDAY, &HOUR, &RATED, &SCORE, &ISSUE, &HAS_COMMENT, &DIRECTION, &LABEL, &ORDER];

/// Returns the list that the query selects, and its time zone.
pub(super) fn listing<L>(query: &Query<L>, account: &Account) -> Result<(Listing, TimeZone), Problem> {
    let zone = query.time_zone(account)?;
    let order = query.get(&ORDER)?.unwrap_or(Order::Newest);
    let rated = query.get(&RATED)?.unwrap_or(Some(true));
    if order.is_by_score() && rated != Some(true) {
        return Err(Problem::bad_request(format_args!(
            "Parameter order must not be {} unless rated is true, because unrated calls have no score",
            order.as_str()
        )));
    }
    let listing = Listing {
        account: account.id,
        subaccounts: query.subaccounts()?,
        ranges: ranges(query, &zone)?,
        rated,
        scores: query.list(&SCORE)?.into_iter().collect(),
        issues: query.list(&ISSUE)?.into_iter().collect(),
        has_comment: query.get(&HAS_COMMENT)?,
        direction: query.get(&DIRECTION)?,
        labels: labels(query)?,
        order,
    };
    Ok((listing, zone))
}

fn ranges<L>(query: &Query<L>, zone: &TimeZone) -> Result<Vec<Range<Timestamp>>, Problem> {
    let (from, to) = (query.get(&FROM)?, query.get(&TO)?);
    let range = days(from, to, zone).map_err(Problem::bad_request)?;
    let weekdays: BTreeSet<Weekday> = query.list(&WEEKDAY)?.into_iter().collect();
    let hours: BTreeSet<u8> = query.list(&HOUR)?.into_iter().collect();
    if weekdays.is_empty() && hours.is_empty() {
        return Ok(vec![range]);
    }
    for (name, day) in [(FROM.name, from), (TO.name, to)] {
        if day.is_none() {
            return Err(Problem::bad_request(format_args!("Parameter {name} is required with weekday or hour")));
        }
    }
    hours_of_week(&range, zone, &weekdays, &hours).map_err(Problem::bad_request)
}

fn labels<L>(query: &Query<L>) -> Result<Labels, FormError> {
    let invalid = |value: &str, allowed: &dyn std::fmt::Display| FormError::invalid(LABEL.name, value, allowed);
    let mut labels = BTreeMap::new();
    for (key, value) in query.list(&LABEL)? {
        let text = format!("{key}:{value}");
        if labels.insert(key, value.clone()).is_some_and(|other| other != value) {
            return Err(invalid(&text, &"must name each key once, because a call has one value for it"));
        }
    }
    if labels.len() > Labels::MAX_PAIRS {
        let allowed = format!("must come at most {} times", Labels::MAX_PAIRS);
        return Err(invalid(&format!("{} labels", labels.len()), &allowed));
    }
    Labels::try_from(labels).map_err(|error| invalid("", &error))
}

fn parse_label(name: &'static str, text: &str) -> Result<(String, String), FormError> {
    let (key, value) = text
        .split_once(':')
        .ok_or_else(|| FormError::invalid(name, text, &"must be a key and a value with a colon in between"))?;
    let label = (key.to_owned(), value.to_owned());
    Labels::try_from(BTreeMap::from([label.clone()]))
        .map_err(|error| FormError::invalid(name, text, &format_args!("is not a label: {error}")))?;
    Ok(label)
}

fn parse_rated(name: &'static str, text: &str) -> Result<Option<bool>, FormError> {
    match text {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        "all" => Ok(None),
        _ => Err(FormError::invalid(name, text, &"must be true, false or all")),
    }
}

fn parse_hour(name: &'static str, text: &str) -> Result<u8, FormError> {
    let hour = digits(text).filter(|hour| text.len() <= 2 && *hour < 24);
    hour.ok_or_else(|| FormError::invalid(name, text, &"must be an hour from 0 to 23"))
}
