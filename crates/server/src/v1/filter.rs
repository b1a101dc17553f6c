//! What lists of calls are filtered and ordered by.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringback_api::{FormError, Labels, Order};

use super::problem::Problem;
use super::query::Query;
use super::steps::{Weekday, days, hours_of_week};
use crate::store::{Account, Listing};

/// The parameters that may come once.
pub(super) const ONCE: [&str; 8] = ["from", "to", "tz", "rated", "has_comment", "direction", "subaccounts", "order"];
/// Those that may be repeated.
pub(super) const REPEATED: [&str; 5] = ["score", "issue", "label", "weekday", "hour"];

/// Reads the filters; the list, and the time zone that is meant.
pub(super) fn listing(query: &Query, account: &Account) -> Result<(Listing, TimeZone), Problem> {
    let zone = query.zone(account)?;
    let order = query.parse("order")?.unwrap_or(Order::Newest);
    let Rated(rated) = query.parse("rated")?.unwrap_or(Rated(Some(true)));
    if order.is_by_score() && rated != Some(true) {
        return Err(Problem::bad_request(format_args!(
            "Parameter order must not be {} unless rated is true: calls without a rating have no score",
            order.as_str()
        )));
    }
    let listing = Listing {
        account: account.id,
        reach: query.reach()?,
        stretches: stretches(query, &zone)?,
        rated,
        scores: query.list("score")?.into_iter().collect(),
        issues: query.list("issue")?.into_iter().collect(),
        has_comment: query.flag("has_comment")?,
        direction: query.parse("direction")?,
        labels: labels(query)?,
        order,
    };
    Ok((listing, zone))
}

fn stretches(query: &Query, zone: &TimeZone) -> Result<Vec<Range<Timestamp>>, Problem> {
    let range = days(query.date("from")?, query.date("to")?, zone).map_err(Problem::bad_request)?;
    let weekdays: BTreeSet<Weekday> = query.list("weekday")?.into_iter().collect();
    let hours: BTreeSet<u8> = query.list("hour")?.into_iter().map(|Hour(hour)| hour).collect();
    if weekdays.is_empty() && hours.is_empty() {
        return Ok(vec![range]);
    }
    for name in ["from", "to"] {
        if query.first(name).is_none() {
            return Err(Problem::bad_request(format_args!("Parameter {name} is required with weekday and hour")));
        }
    }
    hours_of_week(&range, zone, &weekdays, &hours).map_err(Problem::bad_request)
}

fn labels(query: &Query) -> Result<Labels, FormError> {
    let invalid = |value: &str, allowed: &dyn std::fmt::Display| FormError::invalid("label", value, allowed);
    let mut labels = BTreeMap::new();
    for text in query.all(&["label"]) {
        let (key, value) =
            text.split_once(':').ok_or_else(|| invalid(text, &"must be a key and a value with a colon between"))?;
        if labels.insert(key.to_owned(), value.to_owned()).is_some_and(|other| other != value) {
            return Err(invalid(text, &"must name each key once: a call has one value for it"));
        }
        let one = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        Labels::try_from(one).map_err(|error| invalid(text, &format_args!("is not a label: {error}")))?;
    }
    if labels.len() > Labels::MAX_PAIRS {
        let allowed = format!("must come at most {} times", Labels::MAX_PAIRS);
        return Err(invalid(&format!("{} labels", labels.len()), &allowed));
    }
    Labels::try_from(labels).map_err(|error| invalid("", &error))
}

/// `true`, `false` or `all`.
struct Rated(Option<bool>);

#[derive(Debug, thiserror::Error)]
#[error("must be true, false or all")]
struct RatedError;

impl FromStr for Rated {
    type Err = RatedError;

    fn from_str(text: &str) -> Result<Self, RatedError> {
        match text {
            "true" => Ok(Self(Some(true))),
            "false" => Ok(Self(Some(false))),
            "all" => Ok(Self(None)),
            _ => Err(RatedError),
        }
    }
}

/// 0 to 23.
struct Hour(u8);

#[derive(Debug, thiserror::Error)]
#[error("must be an hour from 0 to 23")]
struct HourError;

impl FromStr for Hour {
    type Err = HourError;

    fn from_str(text: &str) -> Result<Self, HourError> {
        // Only digits: `u8::from_str` alone would take "+5".
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|hour| digits && *hour < 24).map(Self).ok_or(HourError)
    }
}
