//! What the page's address says: everything that decides what is shown, so that a link shows a colleague the same.

use std::str::FromStr;

use form_urlencoded::{Serializer, parse};
use jiff::civil::Date;
use ringback_api::{AccountSid, CallSid, Issue, OnlyDirection, Order, Score, SummarySid, parse_date};
use ringback_client::v1::Parameters;

use crate::format;
use crate::range::{Preset, Range, RangeError};

/// As the API names them, from Monday.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Which page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Page {
    #[default]
    Overview,
    Summaries,
    Settings,
}

impl Page {
    /// All of them, as the header shows them.
    pub(crate) const ALL: [Self; 3] = [Self::Overview, Self::Summaries, Self::Settings];

    /// Its path, which the server knows too (`web/assets.rs`).
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Summaries => "/summaries",
            Self::Settings => "/settings",
        }
    }
}

/// Where a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) page: Page,
    pub(crate) range: Range,
    /// IANA. Always in the address, so that a link shows the same hours also when the account's is another by then.
    pub(crate) time_zone: String,
    pub(crate) direction: Option<OnlyDirection>,
    pub(crate) subaccounts: bool,
    pub(crate) list: List,
    pub(crate) open: Option<OpenCall>,
    pub(crate) summaries: SummaryList,
}

/// What of the list of summaries is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SummaryList {
    /// The page, as the server named it.
    pub(crate) cursor: Option<String>,
    /// The one that is open.
    pub(crate) open: Option<SummarySid>,
}

/// What of the list of calls is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    /// Only those that are rated, or are not.
    pub(crate) rated: Option<bool>,
    pub(crate) scores: Vec<Score>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) has_comment: Option<bool>,
    pub(crate) labels: Vec<Label>,
    pub(crate) within: Option<Within>,
    pub(crate) order: Order,
    /// The page, as the server named it.
    pub(crate) cursor: Option<String>,
}

impl Default for List {
    fn default() -> Self {
        Self {
            rated: Some(true),
            scores: Vec::new(),
            issues: Vec::new(),
            has_comment: None,
            labels: Vec::new(),
            within: None,
            order: Order::Newest,
            cursor: None,
        }
    }
}

/// A key and its value.
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

/// A text that is not a [`Label`].
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

/// A part of the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// Some of its days.
    Days { first: Date, last: Date },
    /// An hour of the week; the weekday is counted from Monday, which is 0.
    Hour { weekday: usize, hour: usize },
}

/// The call that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenCall {
    pub(crate) sid: CallSid,
    /// Whose it is, if a subaccount's.
    pub(crate) account: Option<AccountSid>,
}

impl Address {
    /// Reads a path and a query, for an account with this time zone; with the reason when it names days that are no
    /// range.
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
        let within = match (value("first").and_then(parse_date), value("last").and_then(parse_date)) {
            (Some(first), Some(last)) if first <= last => Some(Within::Days { first, last }),
            _ => value("weekday").zip(value("hour")).and_then(|(weekday, hour)| {
                let weekday = WEEKDAYS.iter().position(|name| *name == weekday)?;
                let hour = hour.parse().ok().filter(|hour| *hour < 24)?;
                Some(Within::Hour { weekday, hour })
            }),
        };
        let labels = pairs.iter().filter(|(key, _)| key == "label").filter_map(|(_, value)| value.parse().ok());
        let list = List {
            rated: match value("rated") {
                Some("all") => None,
                Some("false") => Some(false),
                _ => Some(true),
            },
            scores: several(value("score")),
            issues: several(value("issue")),
            has_comment: value("has_comment").and_then(|text| text.parse().ok()),
            labels: labels.collect(),
            within,
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

    /// The path and query that [`read`](Self::read) reads.
    pub(crate) fn write(&self) -> String {
        let pairs = match self.page {
            Page::Overview => self.overview(),
            Page::Summaries => self.summaries(),
            Page::Settings => return self.page.path().to_owned(),
        };
        format!("{}?{}", self.page.path(), encode(&pairs))
    }

    fn overview(&self) -> Parameters {
        let mut pairs = self.span();
        pairs.extend(self.list.pairs());
        match self.list.within {
            Some(Within::Days { first, last }) => {
                pairs.extend([("first", format::iso(first)), ("last", format::iso(last))]);
            }
            Some(Within::Hour { weekday, hour }) => pairs.extend(hour_of_week(weekday, hour)),
            None => {}
        }
        pairs.extend(self.list.cursor.clone().map(|cursor| ("cursor", cursor)));
        pairs.extend(self.open.map(|open| ("call", open.sid.to_string())));
        pairs.extend(self.open.and_then(|open| open.account).map(|account| ("of", account.to_string())));
        pairs
    }

    fn summaries(&self) -> Parameters {
        let mut pairs = vec![("tz", self.time_zone.clone())];
        pairs.extend(self.summaries.cursor.clone().map(|cursor| ("before", cursor)));
        pairs.extend(self.summaries.open.map(|sid| ("summary", sid.to_string())));
        pairs
    }

    /// Another page, as it was left, with nothing open.
    pub(crate) fn to_page(&self, page: Page) -> Self {
        Self { page, open: None, summaries: SummaryList::default(), ..self.clone() }
    }

    /// The parameters of `stats`, without step.
    pub(crate) fn span(&self) -> Parameters {
        self.span_of(self.range)
    }

    /// The same for other days.
    pub(crate) fn span_of(&self, range: Range) -> Parameters {
        let mut pairs = vec![("from", format::iso(range.from())), ("to", format::iso(range.to()))];
        pairs.push(("tz", self.time_zone.clone()));
        pairs.extend(self.direction.map(|only| ("direction", only.as_str().to_owned())));
        pairs.extend(self.subaccounts.then(|| ("subaccounts", "true".to_owned())));
        pairs
    }

    /// The parameters of `feedback` and `feedback.csv`, without limit and cursor.
    pub(crate) fn listed(&self) -> Parameters {
        let days = |first, last| Range::between(first, last).map_or_else(|| self.span(), |days| self.span_of(days));
        let mut pairs = match self.list.within {
            Some(Within::Days { first, last }) => days(first, last),
            Some(Within::Hour { .. }) | None => self.span(),
        };
        pairs.extend(self.list.pairs());
        if let Some(Within::Hour { weekday, hour }) = self.list.within {
            pairs.extend(hour_of_week(weekday, hour));
        }
        pairs
    }

    /// The same place with another list, from its first page, and no call open.
    pub(crate) fn with_list(&self, change: impl FnOnce(&mut List)) -> Self {
        let mut changed = Self { open: None, ..self.clone() };
        changed.list.cursor = None;
        change(&mut changed.list);
        // A call without a rating has no score to be sorted by.
        if changed.list.rated != Some(true) && changed.list.order.is_by_score() {
            changed.list.order = Order::Newest;
        }
        changed
    }

    /// A place that does not say which days and filters the overview had, with those that it was left with.
    pub(crate) fn beside(self, left: &Self) -> Self {
        if self.page == Page::Overview {
            return self;
        }
        let Self { page, time_zone, summaries, .. } = self;
        Self { page, time_zone, summaries, open: None, ..left.clone() }
    }

    /// The same place with something else of the list of summaries.
    pub(crate) fn with_summaries(&self, change: impl FnOnce(&mut SummaryList)) -> Self {
        let mut changed = self.clone();
        change(&mut changed.summaries);
        changed
    }

    /// The same place for other days: what was a part of the old ones is gone.
    pub(crate) fn with_range(&self, range: Range) -> Self {
        let within = self.list.within.filter(|within| matches!(within, Within::Hour { .. }));
        let moved = self.with_list(|list| list.within = within);
        Self { range, ..moved }
    }
}

impl List {
    fn pairs(&self) -> Parameters {
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

    /// Whether it lists all rated calls.
    pub(crate) fn is_unfiltered(&self) -> bool {
        *self == Self { order: self.order, cursor: self.cursor.clone(), ..Self::default() }
    }
}

fn hour_of_week(weekday: usize, hour: usize) -> Parameters {
    let weekday = WEEKDAYS.get(weekday).copied().unwrap_or_default();
    vec![("weekday", weekday.to_owned()), ("hour", hour.to_string())]
}

/// Values with commas between, each once; what is none is left out.
fn several<T: FromStr + PartialEq>(text: Option<&str>) -> Vec<T> {
    let mut values = Vec::new();
    for value in text.unwrap_or_default().split(',').filter_map(|value| value.parse().ok()) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// A query, without its question mark.
pub(crate) fn encode(pairs: &Parameters) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ringback_api::Direction;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn open(path: &str, query: &str) -> (Address, Option<RangeError>) {
        Address::read(path, query, TODAY, "UTC")
    }

    fn read(query: &str) -> Address {
        let (address, problem) = open("/", query);
        assert_eq!(problem, None, "{query}");
        address
    }

    #[test]
    fn an_address_is_read_back_as_it_was_written() {
        let call = CallSid::from_bytes([7; 16]);
        let full = Address {
            page: Page::Overview,
            range: Preset::Days7.range(TODAY),
            time_zone: "America/Argentina/Buenos_Aires".to_owned(),
            direction: Some(OnlyDirection(Some(Direction::Inbound))),
            subaccounts: true,
            list: List {
                rated: Some(true),
                scores: vec![Score::One, Score::Two],
                issues: vec![Issue::DroppedCall],
                has_comment: Some(false),
                labels: vec!["queue:a&b=c:d ü".parse().unwrap(), "agent:7".parse().unwrap()],
                within: Some(Within::Days { first: date(2026, 11, 17), last: date(2026, 11, 18) }),
                order: Order::Lowest,
                cursor: Some("AAAB-_".to_owned()),
            },
            open: Some(OpenCall { sid: call, account: Some(AccountSid::from_bytes([1; 16])) }),
            summaries: SummaryList::default(),
        };
        let plain = Address { list: List::default(), open: None, direction: None, subaccounts: false, ..full.clone() };
        let mut hour = full.clone();
        hour.list.within = Some(Within::Hour { weekday: 6, hour: 23 });
        let mut unrated = plain.clone();
        unrated.list.rated = Some(false);
        let mut all = plain.clone();
        (all.list.rated, all.direction) = (None, Some(OnlyDirection(None)));
        let summaries = SummaryList { cursor: Some("7".to_owned()), open: Some(SummarySid::from_bytes([3; 16])) };
        let elsewhere = Address { time_zone: "Asia/Tokyo".to_owned(), ..read("") };
        let summaries = Address { summaries, ..elsewhere.to_page(Page::Summaries) };
        for address in [full, plain, hour, unrated, all, summaries] {
            let written = address.write();
            let (path, query) = written.split_once('?').unwrap();
            assert_eq!(open(path, query), (address, None), "{written}");
        }
    }

    #[test]
    fn another_page_has_nothing_open_and_the_first_one_keeps_its_days_and_filters() {
        let call = CallSid::from_bytes([7; 16]);
        let left = read(&format!("?from=2026-11-01&to=2026-11-02&score=1&call={call}"));
        let summaries = left.to_page(Page::Summaries);
        assert_eq!(summaries.write(), "/summaries?tz=UTC");
        let opened = SummaryList { open: Some(SummarySid::from_bytes([3; 16])), ..SummaryList::default() };
        assert_eq!(left.to_page(Page::Settings).write(), "/settings");
        let back = Address { summaries: opened, ..summaries }.to_page(Page::Overview);
        assert_eq!(back, Address { open: None, ..left.clone() });
        // Also after going back and forward.
        let forward = open("/summaries", "?tz=Asia/Tokyo").0.beside(&left);
        assert_eq!(forward.write(), "/summaries?tz=Asia%2FTokyo");
        let back = forward.to_page(Page::Overview);
        assert_eq!(back, Address { open: None, time_zone: "Asia/Tokyo".to_owned(), ..left });
    }

    #[test]
    fn an_address_without_a_range_is_no_error_and_one_with_half_of_it_is() {
        for query in ["", "?", "?page=2", "?from", "?fromage=1"] {
            let (address, problem) = open("/", query);
            assert_eq!(address.range, Preset::DEFAULT.range(TODAY), "{query}");
            assert_eq!(problem.is_some(), query == "?from", "{query}");
        }
        let (_, problem) = open("/", "?from=2026-11-01");
        assert_eq!(problem, Some(RangeError::Missing(crate::range::End::To)));
        let (_, problem) = open("/", "?from=x%22&to=");
        assert_eq!(problem, Some(RangeError::NotADay(crate::range::End::From, "x\"".into())));
    }

    #[test]
    fn what_is_no_filter_is_none() {
        let query = "?score=0,6,x,3,3&issue=noise&has_comment=maybe&label=x&weekday=monday&hour=24&order=up&call=CA1&direction=up";
        let address = read(query);
        let expected = List { scores: vec![Score::Three], ..List::default() };
        assert_eq!((address.list, address.open, address.direction), (expected, None, None));
    }

    #[test]
    fn a_part_of_the_range_takes_the_place_of_its_days_in_the_list_only() {
        let address =
            read("?from=2026-11-01&to=2026-11-22&first=2026-11-16&last=2026-11-22&score=1&direction=inbound&cursor=x");
        assert_eq!(encode(&address.listed()), "from=2026-11-16&to=2026-11-22&tz=UTC&direction=inbound&score=1");
        assert_eq!(encode(&address.span()), "from=2026-11-01&to=2026-11-22&tz=UTC&direction=inbound");
        let address = read("?from=2026-11-01&to=2026-11-22&weekday=sunday&hour=0");
        assert_eq!(encode(&address.listed()), "from=2026-11-01&to=2026-11-22&tz=UTC&weekday=sunday&hour=0");
    }

    #[test]
    fn other_filters_begin_on_the_first_page_and_other_days_lose_the_part() {
        let address = read("?first=2026-11-16&last=2026-11-22&score=1&cursor=x&order=lowest");
        let changed = address.with_list(|list| list.rated = None);
        assert_eq!((changed.list.cursor, changed.list.order), (None, Order::Newest));
        let moved = address.with_range(Preset::Today.range(TODAY));
        assert_eq!((moved.list.within, moved.list.cursor, moved.list.scores), (None, None, vec![Score::One]));
        let hour = read("?weekday=monday&hour=9").with_range(Preset::Today.range(TODAY));
        assert_eq!(hour.list.within, Some(Within::Hour { weekday: 0, hour: 9 }));
    }
}
