use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A quality score: 1 (bad) to 5 (good).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "u8")]
pub enum Score {
    /// 1 star.
    One = 1,
    /// 2 stars.
    Two,
    /// 3 stars.
    Three,
    /// 4 stars.
    Four,
    /// 5 stars.
    Five,
}

/// The text or number is not one of 1, 2, 3, 4, 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an integer from 1 to 5")]
pub struct ScoreError;

impl Score {
    /// The five scores, ascending.
    pub const ALL: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];

    /// 1 to 5.
    #[must_use]
    pub const fn get(self) -> u8 {
        self as u8
    }

    /// 0 to 4, an index into arrays with one element per score.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize - 1
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.get()
    }
}

impl TryFrom<u8> for Score {
    type Error = ScoreError;

    fn try_from(value: u8) -> Result<Self, ScoreError> {
        Self::ALL.into_iter().find(|score| score.get() == value).ok_or(ScoreError)
    }
}

impl std::str::FromStr for Score {
    type Err = ScoreError;

    fn from_str(text: &str) -> Result<Self, ScoreError> {
        // `u8::from_str` alone would accept "+5".
        match text.as_bytes() {
            [digit @ b'1'..=b'5'] => (digit - b'0').try_into(),
            _ => Err(ScoreError),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u8::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

/// Number of ratings per score. All statistics of scores are computed from it, exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scores([u64; 5]);

impl Scores {
    /// Takes the counts of 1, 2, 3, 4 and 5.
    #[must_use]
    pub const fn new(counts: [u64; 5]) -> Self {
        Self(counts)
    }

    /// Number of ratings with this score.
    #[must_use]
    pub fn of(&self, score: Score) -> u64 {
        self.iter().find_map(|(s, n)| (s == score).then_some(n)).unwrap_or_default()
    }

    /// Each score with its count, ascending.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Score, u64)> + use<> {
        Score::ALL.into_iter().zip(self.0)
    }

    /// Number of all ratings.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// The mean score; `None` without ratings.
    #[must_use]
    pub fn average(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| to_f64(self.power_sum(1)) / to_f64(count.into()))
    }

    /// The median score; for an even number of ratings, the mean of the middle two. `None` without ratings.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let count = self.count();
        let lower = self.ranked(count.checked_sub(1)? / 2)?;
        let upper = self.ranked(count / 2)?;
        Some(f64::from(lower.get() + upper.get()) / 2.0)
    }

    /// The population standard deviation; `None` without ratings.
    #[must_use]
    pub fn standard_deviation(&self) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        // Integers until the root: n·Σx² − (Σx)² is exact and never negative.
        let spread = u128::from(count) * self.power_sum(2) - self.power_sum(1).pow(2);
        Some(to_f64(spread).sqrt() / to_f64(count.into()))
    }

    /// The sum over all ratings of score to the power of `exponent`.
    fn power_sum(&self, exponent: u32) -> u128 {
        self.iter().map(|(score, n)| u128::from(score.get()).pow(exponent) * u128::from(n)).sum()
    }

    /// The score at `rank`, counted from 0, if all ratings are sorted in ascending order.
    fn ranked(&self, rank: u64) -> Option<Score> {
        let mut below = 0;
        self.iter().find_map(|(score, n)| {
            below += n;
            (rank < below).then_some(score)
        })
    }
}

impl FromIterator<Score> for Scores {
    fn from_iter<I: IntoIterator<Item = Score>>(scores: I) -> Self {
        let mut counts = [0; 5];
        for score in scores {
            for (slot, each) in counts.iter_mut().zip(Score::ALL) {
                *slot += u64::from(each == score);
            }
        }
        Self(counts)
    }
}

#[allow(clippy::cast_precision_loss, reason = "statistics are f64; exact up to 2^53")]
fn to_f64(value: u128) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_one_to_five_is_a_score() {
        for text in ["", "0", "6", "-1", "+5", "5.0", " 5", "５", "55", "five"] {
            assert_eq!(text.parse::<Score>(), Err(ScoreError), "{text:?}");
        }
        for score in Score::ALL {
            assert_eq!(score.to_string().parse(), Ok(score));
        }
    }

    #[test]
    fn without_ratings_there_are_no_statistics() {
        let none = Scores::default();
        assert_eq!((none.average(), none.median(), none.standard_deviation()), (None, None, None));
    }

    #[test]
    fn statistics_of_one_and_two_ratings() {
        let one = Scores::from_iter([Score::Four]);
        assert_eq!((one.average(), one.median(), one.standard_deviation()), (Some(4.0), Some(4.0), Some(0.0)));
        let two = Scores::from_iter([Score::One, Score::Four]);
        assert_eq!((two.average(), two.median(), two.standard_deviation()), (Some(2.5), Some(2.5), Some(1.5)));
    }

    #[test]
    fn equal_ratings_have_no_deviation() {
        for (n, score) in (0u8..).zip(Score::ALL) {
            for count in [1, 2, 3, 10_000_000, 1 << 53] {
                let mut counts = [0; 5];
                counts[usize::from(n)] = count;
                let equal = Scores::new(counts);
                let value = Some(f64::from(score.get()));
                assert_eq!((equal.average(), equal.median(), equal.standard_deviation()), (value, value, Some(0.0)));
            }
        }
        // One outlier does not move the median, and moves the mean only by its weight.
        let one = Scores::new([1, 0, 0, 0, 9_999_999]);
        assert_eq!((one.average(), one.median()), (Some(4.999_999_6), Some(5.0)));
        assert!((one.standard_deviation().unwrap() - 0.001_264_911_000_821_8).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn a_histogram_has_the_same_statistics_as_its_list_of_scores(list in prop::collection::vec(1u8..=5, 1..200)) {
            let scores: Scores = list.iter().map(|&n| Score::try_from(n).unwrap()).collect();
            let mut sorted: Vec<f64> = list.iter().map(|&n| f64::from(n)).collect();
            sorted.sort_by(f64::total_cmp);
            let n = sorted.len();
            let count = f64::from(u32::try_from(n).unwrap());
            let mean = sorted.iter().sum::<f64>() / count;
            let median = f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]);
            let deviation = (sorted.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count).sqrt();
            prop_assert_eq!(scores.average(), Some(mean));
            prop_assert_eq!(scores.median(), Some(median));
            prop_assert!((scores.standard_deviation().unwrap() - deviation).abs() < 1e-12);
        }
    }
}
