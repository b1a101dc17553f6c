//! Turns the server's figures and the chosen filters into the data of the charts.

use ringback_api::{Figures, Issue, IssueStats, Point, Score, Scores, Stats, Step};

use crate::address::{CallList, TimeFilter};
use crate::charts::{Bar, Cell, NumberRow, Tone, TrendPoint, fraction};
use crate::text::{fill, t};
use crate::{format, names};

/// The figures of a period and of the one before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Periods {
    pub(super) now: Stats,
    pub(super) before: Stats,
}

/// Returns the hour of the day in which a point starts, from 0 to 23. The browser computes it in the time zone.
pub(super) type HourOf<'a> = &'a dyn Fn(&Point) -> usize;

/// The points of the trend, each with the same step of the previous period.
pub(super) fn trend_points(periods: &Periods, list: &CallList, hour_of: HourOf<'_>) -> Vec<TrendPoint> {
    let step = periods.now.step;
    let mut before = periods.before.series.iter();
    let mark = |(i, point): (usize, &Point)| {
        let (label, name) = names(point, step, hour_of);
        let chosen = list.time.is_some() && list.time == time_filter(&periods.now, i, hour_of);
        TrendPoint { label, name, figures: point.figures, before: before.next().map(|point| point.figures), chosen }
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

/// The filter for the calls of one step of the series.
pub(super) fn time_filter(stats: &Stats, index: usize, hour_of: HourOf<'_>) -> Option<TimeFilter> {
    let point = stats.series.get(index)?;
    if stats.step == Step::Hour {
        let weekday = usize::try_from(point.date.weekday().to_monday_zero_offset()).ok()?;
        return Some(TimeFilter::HourOfWeek { weekday, hour: hour_of(point) });
    }
    let last = match stats.series.get(index + 1) {
        Some(next) => next.date.yesterday().ok()?,
        None => stats.to,
    };
    Some(TimeFilter::Days { first: point.date, last })
}

/// The scores, best first.
pub(super) fn scores_shown() -> impl Iterator<Item = Score> {
    Score::ALL.into_iter().rev()
}

/// The bars of the scores, best first. A full bar is all ratings.
pub(super) fn score_bars(scores: &Scores, list: &CallList) -> Vec<Bar> {
    let rated = scores.count();
    let bar = |score| Bar {
        label: names::score(score),
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

/// The bars of the issues, in the server's order, most frequent first. The longest bar is full, because bars relative
/// to all calls would be too short to see.
pub(super) fn issue_bars(issues: &[IssueStats], calls: u64, list: &CallList) -> Vec<Bar> {
    let most = issues.iter().map(|issue| issue.scores.count()).max().unwrap_or_default();
    let bar = |IssueStats { issue, scores }: &IssueStats| Bar {
        label: names::issue(*issue).into(),
        tone: Tone::Bad,
        length: fraction(scores.count(), most),
        count: format::count(scores.count()),
        share: format::percent(scores.count(), calls, 2),
        chosen: list.issues == [*issue],
    };
    issues.iter().map(bar).collect()
}

/// The matrix of issues and scores, worst score first. More ratings make a cell darker.
pub(super) fn issue_rows(issues: &[IssueStats], list: &CallList) -> Vec<(String, Vec<Cell>)> {
    let most = issues.iter().flat_map(|issue| issue.scores.iter()).map(|(_, count)| count).max().unwrap_or_default();
    let row = |IssueStats { issue, scores }: &IssueStats| {
        let cell = |(score, count): (Score, u64)| Cell {
            text: format::count(count),
            shade: depth(count, most),
            name: format!(
                "{}, {}: {}",
                names::issue(*issue),
                names::score(score),
                format::counted(count, &t().formats.ratings)
            ),
            chosen: is_cell(list, *issue, score),
        };
        (names::issue(*issue).to_owned(), scores.iter().map(cell).collect())
    };
    issues.iter().map(row).collect()
}

/// Whether the list shows the calls of this cell.
pub(super) fn is_cell(list: &CallList, issue: Issue, score: Score) -> bool {
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

/// The cells of the heat map, from Monday at midnight.
pub(super) fn hour_cells(stats: &Stats, list: &CallList) -> Vec<Cell> {
    let cell = |(weekday, hour, figures): (usize, usize, &Figures)| {
        let average = figures.scores.average();
        // The text and the name contain the same figure, so that voice control finds the cell by its text.
        let text = average.map(|average| format::average_to(average, 1));
        Cell {
            text: text.clone().unwrap_or_default(),
            shade: grade(average),
            name: format!(
                "{}: {}, {}",
                hour_name(weekday, hour),
                format::counted(figures.rated(), &t().formats.ratings),
                fill(t().charts.average_of, &[text.as_deref().unwrap_or(format::NONE)])
            ),
            chosen: list.time == Some(TimeFilter::HourOfWeek { weekday, hour }),
        }
    };
    hours(stats).map(cell).collect()
}

/// The heat map as a table, without hours that have no calls.
pub(super) fn hour_rows(stats: &Stats, list: &CallList) -> Vec<NumberRow> {
    let row = |(weekday, hour, figures): (usize, usize, &Figures)| {
        let Figures { calls, scores, .. } = *figures;
        let numbers = [format::count(calls), format::count(scores.count()), format::average(scores.average())];
        let chosen = list.time == Some(TimeFilter::HourOfWeek { weekday, hour });
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

/// The class of the shade for an average. The legend explains the shades.
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

/// The trend as a table.
pub(super) fn trend_rows(trend_points: &[TrendPoint]) -> Vec<NumberRow> {
    let row = |(index, TrendPoint { name, figures, before, chosen, .. }): (usize, &TrendPoint)| {
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
    trend_points.iter().enumerate().map(row).collect()
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
    fn scores_are_best_first_and_shares_of_all_ratings() {
        let list = CallList { scores: vec![Score::One], ..CallList::default() };
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
    fn an_issue_has_its_share_of_calls_and_a_bar_relative_to_the_most_frequent() {
        let issue = |issue, scores| IssueStats { issue, scores: Scores::new(scores) };
        let issues = [issue(Issue::OneWayAudio, [30, 10, 5, 0, 0]), issue(Issue::DroppedCall, [9, 0, 0, 0, 0])];
        let bars = issue_bars(&issues, 10_200, &CallList::default());
        let rows: Vec<_> = bars.iter().map(|bar| (bar.count.as_str(), bar.length, bar.share.as_str())).collect();
        assert_eq!(rows, [("45", 1.0, "0.44%"), ("9", 0.2, "0.09%")]);

        let list = CallList { scores: vec![Score::Two], issues: vec![Issue::OneWayAudio], ..CallList::default() };
        let rows = issue_rows(&issues, &list);
        let first: Vec<_> = rows[0].1.iter().map(|cell| (cell.text.as_str(), cell.shade, cell.chosen)).collect();
        assert_eq!(
            first,
            [("30", "d4", false), ("10", "d2", true), ("5", "d1", false), ("0", "none", false), ("0", "none", false)]
        );
        assert_eq!(rows[1].1[0].name, "Dropped call, 1 star: 9 ratings");
    }

    #[test]
    fn a_step_lasts_until_the_next_and_has_its_counterpart_of_the_previous_period() {
        let now = stats(
            Step::Week,
            date(2026, 3, 18),
            &[(date(2026, 3, 4), [0, 0, 0, 0, 1]), (date(2026, 3, 9), [1, 0, 0, 0, 0])],
        );
        let before = stats(Step::Week, date(2026, 3, 3), &[(date(2026, 2, 17), [0, 0, 2, 0, 0])]);
        let list = CallList {
            time: Some(TimeFilter::Days { first: date(2026, 3, 9), last: date(2026, 3, 18) }),
            ..CallList::default()
        };
        assert_eq!(
            time_filter(&now, 0, &|_| 0),
            Some(TimeFilter::Days { first: date(2026, 3, 4), last: date(2026, 3, 8) })
        );
        assert_eq!(time_filter(&now, 1, &|_| 0), list.time);
        assert_eq!(time_filter(&now, 2, &|_| 0), None);
        let trend_points = trend_points(&Periods { now, before }, &list, &|_| 0);
        assert_eq!(trend_points[0].before, Some(figures([0, 0, 2, 0, 0])));
        assert_eq!((trend_points[1].before, trend_points[1].chosen, trend_points[0].chosen), (None, true, false));
        let row = NumberRow {
            cells: ["Week of 9 Mar 2026", "1", "1", "1", "1.00", "–", "–"].map(str::to_owned).to_vec(),
            target: Some((1, true)),
        };
        assert_eq!(trend_rows(&trend_points)[1], row);
    }

    #[test]
    fn an_hour_of_a_day_filters_by_that_hour_of_its_weekday() {
        let day = date(2026, 3, 8);
        let now = stats(Step::Hour, day, &[(day, [0; 5]), (day, [0; 5])]);
        assert_eq!(time_filter(&now, 1, &|_| 17), Some(TimeFilter::HourOfWeek { weekday: 6, hour: 17 }));
    }

    #[test]
    fn hours_of_the_week_are_shaded_by_their_average() {
        let mut hours = Box::new([[Figures::default(); 24]; 7]);
        hours[0][9] = figures([1, 0, 0, 0, 1]);
        hours[6][23] = figures([0, 0, 0, 1, 1]);
        let day = date(2026, 3, 8);
        let stats = Stats { weekday_hours: Some(hours), ..stats(Step::Day, day, &[(day, [0; 5])]) };
        let list = CallList { time: Some(TimeFilter::HourOfWeek { weekday: 0, hour: 9 }), ..CallList::default() };
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
