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
fn a_written_address_is_read_back_unchanged() {
    let call = CallSid::from_bytes([7; 16]);
    let full = Address {
        page: Page::Overview,
        range: Preset::Days7.range(TODAY),
        time_zone: "America/Argentina/Buenos_Aires".to_owned(),
        direction: Some(DirectionFilter(Some(Direction::Inbound))),
        subaccounts: true,
        list: CallList {
            rated: Some(true),
            scores: vec![Score::One, Score::Two],
            issues: vec![Issue::DroppedCall],
            has_comment: Some(false),
            labels: vec!["queue:a&b=c:d ü".parse().unwrap(), "agent:7".parse().unwrap()],
            time: Some(TimeFilter::Days { first: date(2026, 11, 17), last: date(2026, 11, 18) }),
            order: Order::Lowest,
            cursor: Some("AAAB-_".to_owned()),
        },
        open: Some(OpenCall { sid: call, account: Some(AccountSid::from_bytes([1; 16])) }),
        summaries: SummaryList::default(),
    };
    let plain = Address { list: CallList::default(), open: None, direction: None, subaccounts: false, ..full.clone() };
    let mut hour = full.clone();
    hour.list.time = Some(TimeFilter::HourOfWeek { weekday: 6, hour: 23 });
    let mut unrated = plain.clone();
    unrated.list.rated = Some(false);
    let mut all = plain.clone();
    (all.list.rated, all.direction) = (None, Some(DirectionFilter(None)));
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
fn another_page_opens_nothing_and_the_overview_keeps_its_days_and_filters() {
    let call = CallSid::from_bytes([7; 16]);
    let left = read(&format!("?from=2026-11-01&to=2026-11-02&score=1&call={call}"));
    let summaries = left.to_page(Page::Summaries);
    assert_eq!(summaries.write(), "/summaries?tz=UTC");
    let opened = SummaryList { open: Some(SummarySid::from_bytes([3; 16])), ..SummaryList::default() };
    assert_eq!(left.to_page(Page::Settings).write(), "/settings");
    let back = Address { summaries: opened, ..summaries }.to_page(Page::Overview);
    assert_eq!(back, Address { open: None, ..left.clone() });
    // The same after going back and forward in the history.
    let forward = open("/summaries", "?tz=Asia/Tokyo").0.with_overview_of(&left);
    assert_eq!(forward.write(), "/summaries?tz=Asia%2FTokyo");
    let back = forward.to_page(Page::Overview);
    assert_eq!(back, Address { open: None, time_zone: "Asia/Tokyo".to_owned(), ..left });
}

#[test]
fn an_address_may_omit_the_range_but_not_one_end_of_it() {
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
fn wrong_filters_are_ignored() {
    let query =
        "?score=0,6,x,3,3&issue=noise&has_comment=maybe&label=x&weekday=monday&hour=24&order=up&call=CA1&direction=up";
    let address = read(query);
    let expected = CallList { scores: vec![Score::Three], ..CallList::default() };
    assert_eq!((address.list, address.open, address.direction), (expected, None, None));
}

#[test]
fn a_time_filter_applies_to_the_list_of_calls_only() {
    let address =
        read("?from=2026-11-01&to=2026-11-22&first=2026-11-16&last=2026-11-22&score=1&direction=inbound&cursor=x");
    assert_eq!(
        encode(&address.call_list_parameters()),
        "from=2026-11-16&to=2026-11-22&tz=UTC&direction=inbound&score=1"
    );
    assert_eq!(encode(&address.range_parameters()), "from=2026-11-01&to=2026-11-22&tz=UTC&direction=inbound");
    let address = read("?from=2026-11-01&to=2026-11-22&weekday=sunday&hour=0");
    assert_eq!(encode(&address.call_list_parameters()), "from=2026-11-01&to=2026-11-22&tz=UTC&weekday=sunday&hour=0");
}

#[test]
fn changed_filters_start_on_the_first_page_and_changed_days_drop_a_filter_for_days() {
    let address = read("?first=2026-11-16&last=2026-11-22&score=1&cursor=x&order=lowest");
    let changed = address.with_list(|list| list.rated = None);
    assert_eq!((changed.list.cursor, changed.list.order), (None, Order::Newest));
    let moved = address.with_range(Preset::Today.range(TODAY));
    assert_eq!((moved.list.time, moved.list.cursor, moved.list.scores), (None, None, vec![Score::One]));
    let hour = read("?weekday=monday&hour=9").with_range(Preset::Today.range(TODAY));
    assert_eq!(hour.list.time, Some(TimeFilter::HourOfWeek { weekday: 0, hour: 9 }));
}
