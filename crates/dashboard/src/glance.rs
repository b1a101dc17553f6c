//! The figures at a glance: how sure they are, and how they differ from the period before.

use std::cmp::Ordering;

use ringback_api::{Figures, Score, Scores, share};

use crate::charts::float;

/// The normal distribution's quantile of a two-sided 95 %.
const Z: f64 = 1.959_963_985;

/// Where, with 95 % confidence, the average of many more such ratings lies; `None` for fewer than two.
///
/// Student's interval, cut to the scale. Ratings that are all the same have no spread to reckon with; for them it is
/// Wilson's interval of the share of the scale that they reach.
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
    // From the population's deviation to the estimate's error: s / √n with s = σ · √(n / (n − 1)).
    let error = deviation / (n - 1.0).sqrt();
    let reach = student(count - 1) * error;
    Some(((average - reach).max(1.0), (average + reach).min(5.0)))
}

/// The quantile of Student's distribution of a two-sided 95 %.
fn student(freedom: u64) -> f64 {
    match freedom {
        0 | 1 => 12.706,
        2 => 4.303,
        3 => 3.182,
        4 => 2.776,
        // Cornish and Fisher's expansion around the normal distribution: here right to three decimals.
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

/// Rated ÷ calls, as its two sides. `None` where only calls are known whose party was asked: then it is the response
/// rate once more, and calls that nobody reports would be missing from it.
pub(crate) fn coverage(figures: &Figures) -> Option<(u64, u64)> {
    (figures.calls > figures.asked).then(|| (figures.rated(), figures.calls))
}

/// How a figure differs from the one of the period before, in steps of what is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// One of them is none.
    Unknown,
    /// Not by what is shown.
    Same,
    /// By how much.
    Higher(f64),
    /// By how much.
    Lower(f64),
}

impl Change {
    /// Between two figures that are shown with this many decimals.
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

    /// Between two averages.
    pub(crate) fn of_averages(before: &Scores, now: &Scores) -> Self {
        Self::between(before.average(), now.average(), 2)
    }

    /// Between two shares, in points of per cent.
    pub(crate) fn of_shares(before: Option<(u64, u64)>, now: Option<(u64, u64)>) -> Self {
        let points = |sides: Option<(u64, u64)>| sides.and_then(|(part, whole)| Some(100.0 * share(part, whole)?));
        Self::between(points(before), points(now), 1)
    }

    /// Between two counts, in per cent of the first.
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
    fn the_interval_is_students() {
        // Recounted: t(9) = 2.26216, s = 0.99443, √10 = 3.16228.
        close(interval(&Scores::new([0, 1, 1, 4, 4])).unwrap(), (4.1 - 0.71137, 4.1 + 0.71137));
        // t(29) = 2.04523, s = 1.43839.
        close(interval(&Scores::new([6, 6, 6, 6, 6])).unwrap(), (3.0 - 0.53711, 3.0 + 0.53711));
        // t(1) = 12.706: two ratings that differ say next to nothing.
        assert_eq!(interval(&Scores::new([0, 0, 0, 1, 1])), Some((1.0, 5.0)));
    }

    #[test]
    fn ten_ratings_do_not_look_like_ten_thousand() {
        let width = |factor| {
            let (low, high) = interval(&Scores::new([factor, factor, factor, 3 * factor, 4 * factor])).unwrap();
            high - low
        };
        assert!(width(1) > 30.0 * width(1_000));
    }

    #[test]
    fn ratings_that_are_all_the_same_are_not_certain_either() {
        let (low, high) = interval(&Scores::new([0, 0, 0, 0, 10])).unwrap();
        assert!((low - (1.0 + 4.0 * 10.0 / (10.0 + Z * Z))).abs() < 1e-9 && (high - 5.0).abs() < 1e-9);
        let (low, high) = interval(&Scores::new([0, 0, 10, 0, 0])).unwrap();
        assert!(low > 1.9 && low < 2.1 && high > 3.9 && high < 4.1);
        assert_eq!([interval(&Scores::default()), interval(&Scores::new([0, 0, 0, 0, 1]))], [None, None]);
    }

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        for (freedom, expected) in
            [(5, 2.5706), (9, 2.2622), (10, 2.2281), (30, 2.0423), (100, 1.9840), (1_000_000, 1.9600)]
        {
            assert!((student(freedom) - expected).abs() < 0.001, "{freedom}: {}", student(freedom));
        }
        assert!((student(4) - 2.776).abs() < 1e-9);
    }

    #[test]
    fn a_change_too_small_to_be_shown_is_none() {
        assert_eq!(Change::between(Some(4.301), Some(4.304), 2), Change::Same);
        assert_eq!(Change::between(Some(4.0), Some(4.25), 2), Change::Higher(0.25));
        assert_eq!(Change::between(Some(4.25), Some(4.0), 2), Change::Lower(0.25));
        assert_eq!(Change::between(None, Some(4.0), 2), Change::Unknown);
    }

    #[test]
    fn shares_change_by_points_and_counts_by_per_cent() {
        assert_eq!(Change::of_shares(Some((1, 4)), Some((1, 2))), Change::Higher(25.0));
        assert_eq!(Change::of_shares(Some((1, 0)), Some((1, 2))), Change::Unknown);
        assert_eq!(Change::of_counts(200, 150), Change::Lower(25.0));
        assert_eq!(Change::of_counts(0, 150), Change::Unknown);
    }

    #[test]
    fn coverage_is_of_calls_that_were_reported_without_being_asked_about() {
        let figures = |calls| Figures { calls, asked: 10, scores: Scores::new([0, 0, 0, 0, 5]), ..Figures::default() };
        assert_eq!([coverage(&figures(10)), coverage(&figures(25))], [None, Some((5, 25))]);
    }
}
