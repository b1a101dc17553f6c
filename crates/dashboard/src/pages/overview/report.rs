//! What the charts show, from what the server counted and what of it is chosen.

use ringback_api::{Figures, Issue, IssueStats, Point, Score, Scores, Stats, Step};

use crate::address::{List, Within};
use crate::charts::{Bar, Cell, Mark, NumberRow, Tone, fraction};
use crate::text::{fill, t};
use crate::{format, words};

/// A period and the one before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Periods {
    pub(super) now: Stats,
    pub(super) before: Stats,
}

/// The hour that an instant is in, 0 to 23; the browser knows it for a time zone.
pub(super) type HourOf<'a> = &'a dyn Fn(&Point) -> usize;

/// The steps of the series; what the same step of the period before had is behind each.
pub(super) fn marks(periods: &Periods, list: &List, hour_of: HourOf<'_>) -> Vec<Mark> {
    let step = periods.now.step;
    let mut before = periods.before.series.iter();
    let mark = |(i, point): (usize, &Point)| {
        let (label, name) = names(point, step, hour_of);
        let chosen = list.within.is_some() && list.within == within(&periods.now, i, hour_of);
        Mark { label, name, figures: point.figures, before: before.next().map(|point| point.figures), chosen }
    };
    periods.now.series.iter().enumerate().map(mark).collect()
}

fn names(point: &Point, step: Step, hour_of: HourOf<'_>) -> (String, String) {
    let date = point.date;
    match step {
        Step::Hour => {
            let hour = format!("{:02}:00", hour_of(point));
            (hour.clone(), format!("{hour}, {}", format::weekday(date)))
        }
        Step::Day => (format::day(date), format::weekday(date)),
        Step::Week => (format::day(date), fill(t().charts.week_from, &[&format::full_day(date)])),
        Step::Month => (format::full_month(date), format::full_month(date)),
    }
}

/// The part of the range that is one step of the series.
pub(super) fn within(stats: &Stats, index: usize, hour_of: HourOf<'_>) -> Option<Within> {
    let point = stats.series.get(index)?;
    if stats.step == Step::Hour {
        let weekday = usize::try_from(point.date.weekday().to_monday_zero_offset()).ok()?;
        return Some(Within::Hour { weekday, hour: hour_of(point) });
    }
    let last = match stats.series.get(index + 1) {
        Some(next) => next.date.yesterday().ok()?,
        None => stats.to,
    };
    Some(Within::Days { first: point.date, last })
}

/// Best first.
pub(super) fn scores_shown() -> impl Iterator<Item = Score> {
    Score::ALL.into_iter().rev()
}

/// Best first; a full bar would be all ratings.
pub(super) fn score_bars(scores: &Scores, list: &List) -> Vec<Bar> {
    let rated = scores.count();
    let bar = |score| Bar {
        label: words::score(score),
        tone: match score {
            Score::One | Score::Two => Tone::Bad,
            Score::Three => Tone::Neutral,
            Score::Four | Score::Five => Tone::Good,
        },
        length: fraction(scores.of(score), rated),
        count: format::count(scores.of(score)),
        share: format::percent(scores.of(score), rated, 1),
        chosen: list.scores == [score],
    };
    scores_shown().map(bar).collect()
}

/// In the order given, which is the most frequent first; its bar is full, since as parts of all calls none would be seen.
pub(super) fn issue_bars(issues: &[IssueStats], calls: u64, list: &List) -> Vec<Bar> {
    let most = issues.iter().map(|issue| issue.scores.count()).max().unwrap_or_default();
    let bar = |IssueStats { issue, scores }: &IssueStats| Bar {
        label: words::issue(*issue).into(),
        tone: Tone::Bad,
        length: fraction(scores.count(), most),
        count: format::count(scores.count()),
        share: format::percent(scores.count(), calls, 2),
        chosen: list.issues == [*issue],
    };
    issues.iter().map(bar).collect()
}

/// A row an issue, a column a score, worst first; the more ratings, the darker.
pub(super) fn issue_rows(issues: &[IssueStats], list: &List) -> Vec<(String, Vec<Cell>)> {
    let most = issues.iter().flat_map(|issue| issue.scores.iter()).map(|(_, count)| count).max().unwrap_or_default();
    let row = |IssueStats { issue, scores }: &IssueStats| {
        let cell = |(score, count): (Score, u64)| Cell {
            text: format::count(count),
            shade: depth(count, most),
            name: format!(
                "{}, {}: {}",
                words::issue(*issue),
                words::score(score),
                format::counted(count, t().formats.ratings)
            ),
            chosen: is_cell(list, *issue, score),
        };
        (words::issue(*issue).to_owned(), scores.iter().map(cell).collect())
    };
    issues.iter().map(row).collect()
}

/// Whether the list shows just this cell.
pub(super) fn is_cell(list: &List, issue: Issue, score: Score) -> bool {
    list.issues == [issue] && list.scores == [score]
}

fn depth(count: u64, most: u64) -> &'static str {
    match (count, 4 * count) {
        (0, _) => "none",
        (_, four) if four <= most => "d1",
        (_, four) if four <= 2 * most => "d2",
        (_, four) if four <= 3 * most => "d3",
        _ => "d4",
    }
}

/// The hours of the week, from Monday at midnight.
pub(super) fn hour_cells(stats: &Stats, list: &List) -> Vec<Cell> {
    let cell = |(weekday, hour, figures): (usize, usize, &Figures)| {
        let average = figures.scores.average();
        // The same in both, so that who says what they see is understood.
        let text = average.map(|average| format::average_to(average, 1));
        Cell {
            text: text.clone().unwrap_or_default(),
            shade: grade(average),
            name: format!(
                "{}: {}, {}",
                hour_name(weekday, hour),
                format::counted(figures.rated(), t().formats.ratings),
                fill(t().charts.average_of, &[text.as_deref().unwrap_or(format::NONE)])
            ),
            chosen: list.within == Some(Within::Hour { weekday, hour }),
        }
    };
    hours(stats).map(cell).collect()
}

/// The same as a table; hours without a call are left out.
pub(super) fn hour_rows(stats: &Stats, list: &List) -> Vec<NumberRow> {
    let row = |(weekday, hour, figures): (usize, usize, &Figures)| {
        let Figures { calls, scores, .. } = *figures;
        let numbers = [format::count(calls), format::count(scores.count()), format::average(scores.average())];
        let chosen = list.within == Some(Within::Hour { weekday, hour });
        let cells = [hour_name(weekday, hour)].into_iter().chain(numbers).collect();
        NumberRow { cells, target: Some((24 * weekday + hour, chosen)) }
    };
    hours(stats).filter(|(_, _, figures)| figures.calls > 0).map(row).collect()
}

fn hours(stats: &Stats) -> impl Iterator<Item = (usize, usize, &Figures)> {
    let days = stats.weekday_hours.iter().flat_map(|days| days.iter().enumerate());
    days.flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, figures)| (day, hour, figures)))
}

/// `Monday 09:00`.
pub(super) fn hour_name(weekday: usize, hour: usize) -> String {
    let day = t().formats.full_weekdays.get(weekday).copied().unwrap_or_default();
    format!("{day} {}", fill(t().formats.hour, &[&format!("{hour:02}")]))
}

/// The class of an average; the legend says the same in words.
fn grade(average: Option<f64>) -> &'static str {
    match average {
        None => "none",
        Some(average) if average < 2.5 => "g1",
        Some(average) if average < 3.5 => "g2",
        Some(average) if average < 4.0 => "g3",
        Some(average) if average < 4.5 => "g4",
        Some(_) => "g5",
    }
}

/// The rows of the trend's table.
pub(super) fn mark_rows(marks: &[Mark]) -> Vec<NumberRow> {
    let row = |(index, Mark { name, figures, before, chosen, .. }): (usize, &Mark)| {
        let Figures { calls, asked, scores, .. } = *figures;
        let (rated_before, average_before) = match before {
            Some(before) => (format::count(before.rated()), format::average(before.scores.average())),
            None => (format::NONE.to_owned(), format::NONE.to_owned()),
        };
        let counts = [calls, asked, scores.count()].map(format::count);
        let rest = [format::average(scores.average()), rated_before, average_before];
        let cells = [name.clone()].into_iter().chain(counts).chain(rest).collect();
        NumberRow { cells, target: Some((index, *chosen)) }
    };
    marks.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    fn figures(scores: [u64; 5]) -> Figures {
        let scores = Scores::new(scores);
        Figures { calls: scores.count(), asked: scores.count(), dismissed: 0, scores }
    }

    fn stats(step: Step, to: Date, days: &[(Date, [u64; 5])]) -> Stats {
        let series: Vec<_> = days
            .iter()
            .map(|(date, scores)| Point { date: *date, start: jiff::Timestamp::UNIX_EPOCH, figures: figures(*scores) })
            .collect();
        let mut totals = Figures::default();
        for point in &series {
            totals.add(&point.figures);
        }
        Stats {
            from: days[0].0,
            to,
            time_zone: "UTC".into(),
            step,
            totals,
            average: None,
            median: None,
            standard_deviation: None,
            response_rate: None,
            issues: Vec::new(),
            directions: Vec::new(),
            weekday_hours: None,
            series,
        }
    }

    #[test]
    fn the_five_scores_stand_best_first_and_are_parts_of_all_ratings() {
        let list = List { scores: vec![Score::One], ..List::default() };
        let bars = score_bars(&Scores::new([1, 0, 0, 1, 6]), &list);
        let rows: Vec<_> =
            bars.iter().map(|bar| (bar.label.as_str(), bar.length, bar.share.as_str(), bar.chosen)).collect();
        assert_eq!(
            rows,
            [
                ("5 stars", 0.75, "75.0%", false),
                ("4 stars", 0.125, "12.5%", false),
                ("3 stars", 0.0, "0.0%", false),
                ("2 stars", 0.0, "0.0%", false),
                ("1 star", 0.125, "12.5%", true)
            ]
        );
    }

    #[test]
    fn an_issues_share_is_that_of_calls_and_its_bar_that_of_the_most_frequent() {
        let issue = |issue, scores| IssueStats { issue, scores: Scores::new(scores) };
        let issues = [issue(Issue::OneWayAudio, [30, 10, 5, 0, 0]), issue(Issue::DroppedCall, [9, 0, 0, 0, 0])];
        let bars = issue_bars(&issues, 10_200, &List::default());
        let rows: Vec<_> = bars.iter().map(|bar| (bar.count.as_str(), bar.length, bar.share.as_str())).collect();
        assert_eq!(rows, [("45", 1.0, "0.44%"), ("9", 0.2, "0.09%")]);

        let list = List { scores: vec![Score::Two], issues: vec![Issue::OneWayAudio], ..List::default() };
        let rows = issue_rows(&issues, &list);
        let first: Vec<_> = rows[0].1.iter().map(|cell| (cell.text.as_str(), cell.shade, cell.chosen)).collect();
        assert_eq!(
            first,
            [("30", "d4", false), ("10", "d2", true), ("5", "d1", false), ("0", "none", false), ("0", "none", false)]
        );
        assert_eq!(rows[1].1[0].name, "Dropped call, 1 star: 9 ratings");
    }

    #[test]
    fn a_step_is_the_days_until_the_next_and_stands_beside_its_like_before() {
        let now = stats(
            Step::Week,
            date(2026, 3, 18),
            &[(date(2026, 3, 4), [0, 0, 0, 0, 1]), (date(2026, 3, 9), [1, 0, 0, 0, 0])],
        );
        let before = stats(Step::Week, date(2026, 3, 3), &[(date(2026, 2, 17), [0, 0, 2, 0, 0])]);
        let list =
            List { within: Some(Within::Days { first: date(2026, 3, 9), last: date(2026, 3, 18) }), ..List::default() };
        assert_eq!(within(&now, 0, &|_| 0), Some(Within::Days { first: date(2026, 3, 4), last: date(2026, 3, 8) }));
        assert_eq!(within(&now, 1, &|_| 0), list.within);
        assert_eq!(within(&now, 2, &|_| 0), None);
        let marks = marks(&Periods { now, before }, &list, &|_| 0);
        assert_eq!(marks[0].before, Some(figures([0, 0, 2, 0, 0])));
        assert_eq!((marks[1].before, marks[1].chosen, marks[0].chosen), (None, true, false));
        let row = NumberRow {
            cells: ["Week from 9 Mar 2026", "1", "1", "1", "1.00", "–", "–"].map(str::to_owned).to_vec(),
            target: Some((1, true)),
        };
        assert_eq!(mark_rows(&marks)[1], row);
    }

    #[test]
    fn an_hour_of_a_day_is_that_hour_of_its_weekday() {
        let day = date(2026, 3, 8);
        let now = stats(Step::Hour, day, &[(day, [0; 5]), (day, [0; 5])]);
        assert_eq!(within(&now, 1, &|_| 17), Some(Within::Hour { weekday: 6, hour: 17 }));
    }

    #[test]
    fn hours_of_the_week_are_graded_by_their_average() {
        let mut hours = Box::new([[Figures::default(); 24]; 7]);
        hours[0][9] = figures([1, 0, 0, 0, 1]);
        hours[6][23] = figures([0, 0, 0, 1, 1]);
        let day = date(2026, 3, 8);
        let stats = Stats { weekday_hours: Some(hours), ..stats(Step::Day, day, &[(day, [0; 5])]) };
        let list = List { within: Some(Within::Hour { weekday: 0, hour: 9 }), ..List::default() };
        let cells = hour_cells(&stats, &list);
        assert_eq!(cells.len(), 168);
        assert_eq!(cells[9].name, "Monday 09:00: 2 ratings, average 3.0");
        assert_eq!([cells[9].shade, cells[167].shade, cells[0].shade], ["g2", "g5", "none"]);
        assert!(cells[9].chosen && !cells[167].chosen);
        let row =
            |cells: [&str; 4], target| NumberRow { cells: cells.map(str::to_owned).to_vec(), target: Some(target) };
        let expected =
            [row(["Monday 09:00", "2", "2", "3.00"], (9, true)), row(["Sunday 23:00", "2", "2", "4.50"], (167, false))];
        assert_eq!(hour_rows(&stats, &list), expected);
    }
}
