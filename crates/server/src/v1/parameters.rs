//! Query parameters that several routes share.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ringback_api::{DirectionFilter, FormError, Pairs, parse_date};
use utoipa::openapi::schema::Type;

use super::problem::Problem;
use super::query::{Parameter, ParameterGroup, Query, from_str};
use super::{schema, time_zone};
use crate::store::{Account, Subaccounts};

pub(super) const FROM: Parameter<Date> =
    Parameter::new("from", "The first day in `tz`, in the years 2000 to 9998", schema::date, parse_day);
pub(super) const TO: Parameter<Date> = Parameter::new("to", "The last day, inclusive", schema::date, parse_day);
pub(super) const TIME_ZONE: Parameter<TimeZone> = Parameter::new(
    "tz",
    "The IANA time zone of days and hours; the account's by default",
    || schema::of_type(Type::String).examples(["Europe/Berlin"]).into(),
    time_zone::parse,
);
pub(super) const SUBACCOUNTS: Parameter<Subaccounts> = Parameter::new(
    "subaccounts",
    "Whether to include the subaccounts; `false` by default",
    schema::boolean,
    |name, text| Ok(if parse_flag(name, text)? { Subaccounts::Included } else { Subaccounts::Excluded }),
);
pub(super) const DIRECTION: Parameter<DirectionFilter> = Parameter::new(
    "direction",
    "Only calls of this direction, or of unknown direction",
    || schema::one_of(["inbound", "outbound", "unknown"]),
    from_str,
);
pub(super) const LIMIT: Parameter<usize> = Parameter::new(
    "limit",
    "The maximum number of entries; 50 by default",
    || schema::integer(1, MAX_LIMIT),
    parse_limit,
);
/// The cursor of a list that is sorted by row.
pub(super) const ROW_CURSOR: Parameter<i64> = Parameter::new(
    "cursor",
    "`next` of the previous page",
    || schema::of_type(Type::String).pattern(Some("^[0-9]{1,18}$")).into(),
    parse_row,
);

/// Parameters that select days.
pub(super) const DAYS: ParameterGroup = &[&FROM, &TO, &TIME_ZONE, &SUBACCOUNTS];
/// Parameters of pages of a list that is sorted by row.
pub(super) const ROW_PAGES: ParameterGroup = &[&LIMIT, &ROW_CURSOR];

/// The values that [`FROM`] and [`TO`] allow.
pub(super) const ALLOWED_DAY: &str = "must be a valid date in the form YYYY-MM-DD";
const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

impl<L> Query<L> {
    pub(super) fn time_zone(&self, account: &Account) -> Result<TimeZone, FormError> {
        match self.get(&TIME_ZONE)? {
            Some(zone) => Ok(zone),
            None => time_zone::parse(TIME_ZONE.name, &account.time_zone),
        }
    }

    pub(super) fn subaccounts(&self) -> Result<Subaccounts, FormError> {
        Ok(self.get(&SUBACCOUNTS)?.unwrap_or(Subaccounts::Excluded))
    }

    pub(super) fn limit(&self) -> Result<usize, Problem> {
        Ok(self.get(&LIMIT)?.unwrap_or(DEFAULT_LIMIT))
    }
}

fn parse_day(name: &'static str, text: &str) -> Result<Date, FormError> {
    parse_date(text).ok_or_else(|| FormError::invalid(name, text, &ALLOWED_DAY))
}

/// Parses a boolean in every spelling that [`Pairs::flag`] accepts.
pub(super) fn parse_flag(name: &'static str, text: &str) -> Result<bool, FormError> {
    Ok(Pairs::from_iter([(name, text)]).flag(name)?.unwrap_or_default())
}

fn parse_limit(name: &'static str, text: &str) -> Result<usize, FormError> {
    let limit = digits(text).filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| FormError::invalid(name, text, &format_args!("must be an integer from 1 to {MAX_LIMIT}")))
}

fn parse_row(name: &'static str, text: &str) -> Result<i64, FormError> {
    digits(text).ok_or_else(|| FormError::invalid(name, text, &"must be the next of a previous page"))
}

/// Parses a number without a sign, which `FromStr` would accept.
pub(super) fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
