//! The page's address. It contains every choice of the user, so that a link shows a colleague the same page.

use std::str::FromStr;

use form_urlencoded::{Serializer, parse};
use jiff::civil::Date;
use ringback_api::{AccountSid, CallSid, DirectionFilter, Issue, Order, Score, SummarySid, parse_date};
use ringback_client::v1::Parameters;

use crate::format;
use crate::range::{Preset, Range, RangeError};

#[cfg(test)]
mod tests;

/// The API's names of the weekdays, from Monday.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A page of the dashboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Page {
    #[default]
    Overview,
    Summaries,
    Settings,
}

impl Page {
    /// All pages, in the order of the header.
    pub(crate) const ALL: [Self; 3] = [Self::Overview, Self::Summaries, Self::Settings];

    /// The path of the page. The server serves the same paths (`web/assets.rs`).
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Summaries => "/summaries",
            Self::Settings => "/settings",
        }
    }
}

/// The path and query of a page, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) page: Page,
    pub(crate) range: Range,
    /// An IANA name. Written even if it is the account's, so that a link still shows the same hours after that changes.
    pub(crate) time_zone: String,
    pub(crate) direction: Option<DirectionFilter>,
    pub(crate) subaccounts: bool,
    pub(crate) list: CallList,
    pub(crate) open: Option<OpenCall>,
    pub(crate) summaries: SummaryList,
}

/// The state of the list of summaries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SummaryList {
    /// The server's cursor of the page of the list. `None` for the first page.
    pub(crate) cursor: Option<String>,
    /// The summary that is open in a dialog.
    pub(crate) open: Option<SummarySid>,
}

/// The filters, order and page of the list of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallList {
    /// Lists calls with or without a rating only.
    pub(crate) rated: Option<bool>,
    pub(crate) scores: Vec<Score>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) has_comment: Option<bool>,
    pub(crate) labels: Vec<Label>,
    pub(crate) time: Option<TimeFilter>,
    pub(crate) order: Order,
    /// The server's cursor of the page of the list. `None` for the first page.
    pub(crate) cursor: Option<String>,
}

impl Default for CallList {
    fn default() -> Self {
        Self {
            rated: Some(true),
            scores: Vec::new(),
            issues: Vec::new(),
            has_comment: None,
            labels: Vec::new(),
            time: None,
            order: Order::Newest,
            cursor: None,
        }
    }
}

/// A label of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) key: String,
    pub(crate) value: String,
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.key, self.value)
    }
}

/// The text is not `key:value`, or the API does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LabelError;

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let (key, value) = text.trim().split_once(':').ok_or(LabelError)?;
        let one = [(key.to_owned(), value.to_owned())].into_iter().collect::<std::collections::BTreeMap<_, _>>();
        ringback_api::Labels::try_from(one).map_err(|_| LabelError)?;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

/// A filter for a part of the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFilter {
    /// The days from `first` to `last`.
    Days { first: Date, last: Date },
    /// An hour of a weekday. Monday is 0.
    HourOfWeek { weekday: usize, hour: usize },
}

/// The call that is open in a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenCall {
    pub(crate) sid: CallSid,
    /// The subaccount that the call belongs to, if any.
    pub(crate) account: Option<AccountSid>,
}

impl Address {
    /// Parses a path and a query. Values that are missing or wrong become the default. Wrong days are returned as an
    /// error as well.
    pub(crate) fn read(path: &str, query: &str, today: Date, time_zone: &str) -> (Self, Option<RangeError>) {
        let pairs: Vec<_> = parse(query.trim_start_matches('?').as_bytes()).collect();
        let value = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
        let some_text = |name: &str| value(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let default = Preset::DEFAULT.range(today);
        let (range, problem) = match (value("from"), value("to")) {
            (None, None) => (default, None),
            (from, to) => match Range::parse(from.unwrap_or_default(), to.unwrap_or_default()) {
                Ok(range) => (range, None),
                Err(error) => (default, Some(error)),
            },
        };
        let time = match (value("first").and_then(parse_date), value("last").and_then(parse_date)) {
            (Some(first), Some(last)) if first <= last => Some(TimeFilter::Days { first, last }),
            _ => value("weekday").zip(value("hour")).and_then(|(weekday, hour)| {
                let weekday = WEEKDAYS.iter().position(|name| *name == weekday)?;
                let hour = hour.parse().ok().filter(|hour| *hour < 24)?;
                Some(TimeFilter::HourOfWeek { weekday, hour })
            }),
        };
        let labels = pairs.iter().filter(|(key, _)| key == "label").filter_map(|(_, value)| value.parse().ok());
        let list = CallList {
            rated: match value("rated") {
                Some("all") => None,
                Some("false") => Some(false),
                _ => Some(true),
            },
            scores: parse_list(value("score")),
            issues: parse_list(value("issue")),
            has_comment: value("has_comment").and_then(|text| text.parse().ok()),
            labels: labels.collect(),
            time,
            order: value("order").and_then(|text| text.parse().ok()).unwrap_or(Order::Newest),
            cursor: some_text("cursor"),
        };
        let open = value("call").and_then(|text| text.parse().ok());
        let open = open.map(|sid| OpenCall { sid, account: value("of").and_then(|text| text.parse().ok()) });
        let address = Self {
            page: Page::ALL.into_iter().find(|page| page.path() == path).unwrap_or_default(),
            range,
            time_zone: some_text("tz").unwrap_or_else(|| time_zone.to_owned()),
            direction: value("direction").and_then(|text| text.parse().ok()),
            subaccounts: value("subaccounts") == Some("true"),
            list,
            open,
            summaries: SummaryList {
                cursor: some_text("before"),
                open: value("summary").and_then(|text| text.parse().ok()),
            },
        };
        (address, problem)
    }

    /// Writes the path and query. The inverse of [`read`](Self::read).
    pub(crate) fn write(&self) -> String {
        let pairs = match self.page {
            Page::Overview => self.overview_parameters(),
            Page::Summaries => self.summaries_parameters(),
            Page::Settings => return self.page.path().to_owned(),
        };
        format!("{}?{}", self.page.path(), encode(&pairs))
    }

    fn overview_parameters(&self) -> Parameters {
        let mut pairs = self.range_parameters();
        pairs.extend(self.list.parameters());
        match self.list.time {
            Some(TimeFilter::Days { first, last }) => {
                pairs.extend([("first", format::iso(first)), ("last", format::iso(last))]);
            }
            Some(TimeFilter::HourOfWeek { weekday, hour }) => pairs.extend(hour_of_week(weekday, hour)),
            None => {}
        }
        pairs.extend(self.list.cursor.clone().map(|cursor| ("cursor", cursor)));
        pairs.extend(self.open.map(|open| ("call", open.sid.to_string())));
        pairs.extend(self.open.and_then(|open| open.account).map(|account| ("of", account.to_string())));
        pairs
    }

    fn summaries_parameters(&self) -> Parameters {
        let mut pairs = vec![("tz", self.time_zone.clone())];
        pairs.extend(self.summaries.cursor.clone().map(|cursor| ("before", cursor)));
        pairs.extend(self.summaries.open.map(|sid| ("summary", sid.to_string())));
        pairs
    }

    /// The address of another page, with all choices kept and nothing open.
    pub(crate) fn to_page(&self, page: Page) -> Self {
        Self { page, open: None, summaries: SummaryList::default(), ..self.clone() }
    }

    /// The parameters of `stats` except `step`.
    pub(crate) fn range_parameters(&self) -> Parameters {
        self.range_parameters_of(self.range)
    }

    /// Like [`range_parameters`](Self::range_parameters), for other days.
    pub(crate) fn range_parameters_of(&self, range: Range) -> Parameters {
        let mut pairs = vec![("from", format::iso(range.from())), ("to", format::iso(range.to()))];
        pairs.push(("tz", self.time_zone.clone()));
        pairs.extend(self.direction.map(|only| ("direction", only.as_str().to_owned())));
        pairs.extend(self.subaccounts.then(|| ("subaccounts", "true".to_owned())));
        pairs
    }

    /// The parameters of `feedback` and `feedback.csv` except `limit` and `cursor`.
    pub(crate) fn call_list_parameters(&self) -> Parameters {
        let days = match self.list.time {
            Some(TimeFilter::Days { first, last }) => Range::between(first, last),
            Some(TimeFilter::HourOfWeek { .. }) | None => None,
        };
        let mut pairs = self.range_parameters_of(days.unwrap_or(self.range));
        pairs.extend(self.list.parameters());
        if let Some(TimeFilter::HourOfWeek { weekday, hour }) = self.list.time {
            pairs.extend(hour_of_week(weekday, hour));
        }
        pairs
    }

    /// The address with a changed list of calls, which starts at its first page, and with no call open.
    pub(crate) fn with_list(&self, change: impl FnOnce(&mut CallList)) -> Self {
        let mut changed = Self { open: None, ..self.clone() };
        changed.list.cursor = None;
        change(&mut changed.list);
        // Calls without a rating have no score to sort by.
        if changed.list.rated != Some(true) && changed.list.order.is_by_score() {
            changed.list.order = Order::Newest;
        }
        changed
    }

    /// The address with the overview's days and filters from `previous`, because the addresses of other pages lack
    /// them.
    pub(crate) fn with_overview_of(self, previous: &Self) -> Self {
        if self.page == Page::Overview {
            return self;
        }
        let Self { page, time_zone, summaries, .. } = self;
        Self { page, time_zone, summaries, open: None, ..previous.clone() }
    }

    /// The address with a changed list of summaries.
    pub(crate) fn with_summaries(&self, change: impl FnOnce(&mut SummaryList)) -> Self {
        let mut changed = self.clone();
        change(&mut changed.summaries);
        changed
    }

    /// The address with other days. Drops a filter for some of the old days.
    pub(crate) fn with_range(&self, range: Range) -> Self {
        let time = self.list.time.filter(|time| matches!(time, TimeFilter::HourOfWeek { .. }));
        Self { range, ..self.with_list(|list| list.time = time) }
    }
}

impl CallList {
    fn parameters(&self) -> Parameters {
        let mut pairs = Vec::new();
        match self.rated {
            Some(true) => {}
            Some(false) => pairs.push(("rated", "false".to_owned())),
            None => pairs.push(("rated", "all".to_owned())),
        }
        let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(","));
        let scores = joined(self.scores.iter().map(ToString::to_string).collect());
        pairs.extend(scores.map(|scores| ("score", scores)));
        let issues = joined(self.issues.iter().map(ToString::to_string).collect());
        pairs.extend(issues.map(|issues| ("issue", issues)));
        pairs.extend(self.has_comment.map(|has| ("has_comment", has.to_string())));
        pairs.extend(self.labels.iter().map(|label| ("label", label.to_string())));
        if self.order != Order::Newest {
            pairs.push(("order", self.order.as_str().to_owned()));
        }
        pairs
    }

    /// Whether the list contains all rated calls.
    pub(crate) fn is_unfiltered(&self) -> bool {
        *self == Self { order: self.order, cursor: self.cursor.clone(), ..Self::default() }
    }
}

fn hour_of_week(weekday: usize, hour: usize) -> Parameters {
    let weekday = WEEKDAYS.get(weekday).copied().unwrap_or_default();
    vec![("weekday", weekday.to_owned()), ("hour", hour.to_string())]
}

/// Parses comma-separated values. Skips duplicates and wrong values.
fn parse_list<T: FromStr + PartialEq>(text: Option<&str>) -> Vec<T> {
    let mut values = Vec::new();
    for value in text.unwrap_or_default().split(',').filter_map(|value| value.parse().ok()) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// Encodes a query, without its question mark.
pub(crate) fn encode(pairs: &Parameters) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}
