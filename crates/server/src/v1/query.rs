use jiff::civil::Date;
use jiff::tz::TimeZone;
use ringback_api::{FormError, Pairs, parse_date};

use super::problem::Problem;
use super::time_zone;
use crate::body;
use crate::store::{Account, Reach};

/// How much a page has unless `limit` says otherwise.
const DEFAULT_LIMIT: usize = 50;
/// The most that a page has.
const MAX_LIMIT: usize = 200;
const DATE: &str = "must be a date that exists, written YYYY-MM-DD";

/// The query of a URL, read strictly: a name that is not known would otherwise be a filter that does nothing.
pub(super) struct Query(Pairs<'static>);

impl Query {
    /// `once` are the parameters that may come once, `repeated` those that may come more often.
    pub(super) fn parse(raw: Option<&str>, once: &[&str], repeated: &[&str]) -> Result<Self, Problem> {
        let pairs = body::pairs(raw.unwrap_or_default().as_bytes())
            .map_err(|_| Problem::bad_request("The query must be UTF-8"))?;
        for (index, name) in pairs.names().enumerate() {
            if once.contains(&name) {
                if pairs.names().take(index).any(|earlier| earlier == name) {
                    return Err(Problem::bad_request(format_args!("Parameter {name} must be given once")));
                }
            } else if !repeated.contains(&name) {
                let known = [once, repeated].concat().join(", ");
                let name = ringback_api::shorten(name, 100);
                return Err(Problem::bad_request(format_args!(
                    "Parameter '{name}' is not known here; there are {known}"
                )));
            }
        }
        Ok(Self(pairs))
    }

    /// A parameter that may be repeated, or hold several values with commas between.
    pub(super) fn list<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Vec<T>, FormError> {
        self.0
            .all(&[name])
            .flat_map(|values| values.split(','))
            .map(|value| value.parse().map_err(|error| FormError::invalid(name, value, &error)))
            .collect()
    }

    /// A day; `Ok(None)` when it did not come.
    pub(super) fn date(&self, name: &'static str) -> Result<Option<Date>, FormError> {
        self.0.first(name).map(|text| parse_date(text).ok_or_else(|| FormError::invalid(name, text, &DATE))).transpose()
    }

    /// A day that must come.
    pub(super) fn required_date(&self, name: &'static str) -> Result<Date, FormError> {
        self.date(name)?.ok_or_else(|| FormError::missing(name, &DATE))
    }

    /// `tz`; the account's unless given.
    pub(super) fn zone(&self, account: &Account) -> Result<TimeZone, FormError> {
        time_zone::parse("tz", self.0.first("tz").unwrap_or(&account.time_zone))
    }

    /// `limit`: how much a page has at most.
    pub(super) fn limit(&self) -> Result<usize, FormError> {
        let Some(text) = self.0.first("limit") else { return Ok(DEFAULT_LIMIT) };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| digits && (1..=MAX_LIMIT).contains(limit));
        limit
            .ok_or_else(|| FormError::invalid("limit", text, &format_args!("must be an integer from 1 to {MAX_LIMIT}")))
    }

    /// `cursor` of a list that goes on behind a row.
    pub(super) fn row(&self) -> Result<Option<i64>, FormError> {
        let Some(text) = self.0.first("cursor") else { return Ok(None) };
        // `parse` alone would take a sign.
        let row = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        row.map(Some).ok_or_else(|| FormError::invalid("cursor", text, &"must be the next of an answer"))
    }

    /// `subaccounts`.
    pub(super) fn reach(&self) -> Result<Reach, FormError> {
        let with = self.flag("subaccounts")?.unwrap_or(false);
        Ok(if with { Reach::WithSubaccounts } else { Reach::Own })
    }
}

impl std::ops::Deref for Query {
    type Target = Pairs<'static>;

    fn deref(&self) -> &Pairs<'static> {
        &self.0
    }
}

impl From<FormError> for Problem {
    fn from(error: FormError) -> Self {
        Self::bad_request(error)
    }
}
