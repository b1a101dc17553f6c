//! Confidence intervals, and changes against the previous period.

use std::cmp::Ordering;

use ringback_api::{Figures, Score, Scores, share};

use crate::charts::float;

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_985;

/// The 95 % confidence interval of the average. `None` for fewer than two ratings.
///
/// Student's interval, clamped to the scale. If all ratings are equal, their deviation is 0, so it is Wilson's interval
/// of the fraction of the scale that they reach.
pub(crate) fn interval(scores: &Scores) -> Option<(f64, f64)> {
    let count = scores.count();
    let (n, average, deviation) = (float(count), scores.average()?, scores.standard_deviation()?);
    if count < 2 {
        return None;
    }
    if deviation == 0.0 {
        let part = (average - 1.0) / 4.0;
        let middle = part + Z * Z / (2.0 * n);
        let reach = Z * (part * (1.0 - part) / n + Z * Z / (4.0 * n * n)).sqrt();
        let score = |part: f64| (1.0 + 4.0 * part / (1.0 + Z * Z / n)).clamp(1.0, 5.0);
        return Some((score(middle - reach), score(middle + reach)));
    }
    // The standard error is s / √n, where s = σ · √(n / (n − 1)) and σ is the population's deviation.
    let error = deviation / (n - 1.0).sqrt();
    let reach = student(count - 1) * error;
    Some(((average - reach).max(1.0), (average + reach).min(5.0)))
}

/// The two-sided 95 % quantile of Student's distribution.
fn student(freedom: u64) -> f64 {
    match freedom {
        0 | 1 => 12.706,
        2 => 4.303,
        3 => 3.182,
        4 => 2.776,
        // The Cornish–Fisher expansion. For 5 and more it is exact to three decimals.
        _ => {
            let n = float(freedom);
            let [z3, z5, z7, z9] = [3, 5, 7, 9].map(|exponent| Z.powi(exponent));
            Z + (z3 + Z) / (4.0 * n)
                + (5.0 * z5 + 16.0 * z3 + 3.0 * Z) / (96.0 * n.powi(2))
                + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * Z) / (384.0 * n.powi(3))
                + (79.0 * z9 + 776.0 * z7 + 1_482.0 * z5 - 1_920.0 * z3 - 945.0 * Z) / (92_160.0 * n.powi(4))
        }
    }
}

/// Ratings of 4 and 5.
pub(crate) fn good(scores: &Scores) -> u64 {
    scores.of(Score::Four) + scores.of(Score::Five)
}

/// Ratings of 1 and 2.
pub(crate) fn bad(scores: &Scores) -> u64 {
    scores.of(Score::One) + scores.of(Score::Two)
}

/// Rated and all calls, whose ratio is the coverage. `None` if every known call was asked about. Then the
/// ratio repeats the response rate, and lacks the calls that nothing reports.
pub(crate) fn coverage(figures: &Figures) -> Option<(u64, u64)> {
    (figures.calls > figures.asked).then(|| (figures.rated(), figures.calls))
}

/// The change of a figure against the previous period, rounded to the decimals that are shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// One of the figures does not exist.
    Unknown,
    Same,
    /// The difference, which is positive.
    Higher(f64),
    /// The difference, which is positive.
    Lower(f64),
}

impl Change {
    /// The change between two figures that are shown with this many decimals.
    pub(crate) fn between(before: Option<f64>, now: Option<f64>, decimals: i32) -> Self {
        let (Some(before), Some(now)) = (before, now) else { return Self::Unknown };
        let unit = 10_f64.powi(decimals);
        let steps = ((now - before) * unit).round();
        match steps.partial_cmp(&0.0) {
            Some(Ordering::Greater) => Self::Higher(steps / unit),
            Some(Ordering::Less) => Self::Lower(-steps / unit),
            _ => Self::Same,
        }
    }

    /// The change between two averages.
    pub(crate) fn of_averages(before: &Scores, now: &Scores) -> Self {
        Self::between(before.average(), now.average(), 2)
    }

    /// The change between two shares, in percentage points.
    pub(crate) fn of_shares(before: Option<(u64, u64)>, now: Option<(u64, u64)>) -> Self {
        let points = |sides: Option<(u64, u64)>| sides.and_then(|(part, whole)| Some(100.0 * share(part, whole)?));
        Self::between(points(before), points(now), 1)
    }

    /// The change between two counts, in per cent of the first.
    pub(crate) fn of_counts(before: u64, now: u64) -> Self {
        if before == 0 { Self::Unknown } else { Self::of_shares(Some((before, before)), Some((now, before))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close((low, high): (f64, f64), expected: (f64, f64)) {
        assert!(
            (low - expected.0).abs() < 0.001 && (high - expected.1).abs() < 0.001,
            "{low} {high}, not {expected:?}"
        );
    }

    #[test]
    fn the_interval_is_students_interval() {
        // Computed separately: t(9) = 2.26216, s = 0.99443, √10 = 3.16228.
        close(interval(&Scores::new([0, 1, 1, 4, 4])).unwrap(), (4.1 - 0.71137, 4.1 + 0.71137));
        // t(29) = 2.04523, s = 1.43839.
        close(interval(&Scores::new([6, 6, 6, 6, 6])).unwrap(), (3.0 - 0.53711, 3.0 + 0.53711));
        // t(1) = 12.706: the interval of two different ratings is the whole scale.
        assert_eq!(interval(&Scores::new([0, 0, 0, 1, 1])), Some((1.0, 5.0)));
    }

    #[test]
    fn ten_ratings_are_less_certain_than_ten_thousand() {
        let width = |factor| {
            let (low, high) = interval(&Scores::new([factor, factor, factor, 3 * factor, 4 * factor])).unwrap();
            high - low
        };
        assert!(width(1) > 30.0 * width(1_000));
    }

    #[test]
    fn equal_ratings_have_an_interval_too() {
        let (low, high) = interval(&Scores::new([0, 0, 0, 0, 10])).unwrap();
        assert!((low - (1.0 + 4.0 * 10.0 / (10.0 + Z * Z))).abs() < 1e-9 && (high - 5.0).abs() < 1e-9);
        let (low, high) = interval(&Scores::new([0, 0, 10, 0, 0])).unwrap();
        assert!(low > 1.9 && low < 2.1 && high > 3.9 && high < 4.1);
        assert_eq!([interval(&Scores::default()), interval(&Scores::new([0, 0, 0, 0, 1]))], [None, None]);
    }

    #[test]
    fn quantiles_agree_with_published_tables() {
        for (freedom, expected) in
            [(5, 2.5706), (9, 2.2622), (10, 2.2281), (30, 2.0423), (100, 1.9840), (1_000_000, 1.9600)]
        {
            assert!((student(freedom) - expected).abs() < 0.001, "{freedom}: {}", student(freedom));
        }
        assert!((student(4) - 2.776).abs() < 1e-9);
    }

    #[test]
    fn a_change_below_the_shown_decimals_is_none() {
        assert_eq!(Change::between(Some(4.301), Some(4.304), 2), Change::Same);
        assert_eq!(Change::between(Some(4.0), Some(4.25), 2), Change::Higher(0.25));
        assert_eq!(Change::between(Some(4.25), Some(4.0), 2), Change::Lower(0.25));
        assert_eq!(Change::between(None, Some(4.0), 2), Change::Unknown);
    }

    #[test]
    fn shares_change_by_percentage_points_and_counts_by_per_cent() {
        assert_eq!(Change::of_shares(Some((1, 4)), Some((1, 2))), Change::Higher(25.0));
        assert_eq!(Change::of_shares(Some((1, 0)), Some((1, 2))), Change::Unknown);
        assert_eq!(Change::of_counts(200, 150), Change::Lower(25.0));
        assert_eq!(Change::of_counts(0, 150), Change::Unknown);
    }

    #[test]
    fn coverage_exists_if_some_calls_were_not_asked_about() {
        let figures = |calls| Figures { calls, asked: 10, scores: Scores::new([0, 0, 0, 0, 5]), ..Figures::default() };
        assert_eq!([coverage(&figures(10)), coverage(&figures(25))], [None, Some((5, 25))]);
    }
}
