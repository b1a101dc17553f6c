use std::fmt;

use serde::{Deserialize, Serialize};

/// The share of calls about which the widget asks: 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Sample(f64);

// The number is never NaN.
impl Eq for Sample {}

/// The number is not a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share of calls must be a number from 0 to 1, such as 0.25")]
pub struct SampleError;

impl Sample {
    /// Every call.
    pub const ALL: Self = Self(1.0);

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Sample {
    type Error = SampleError;

    fn try_from(share: f64) -> Result<Self, SampleError> {
        // `abs` removes the sign of -0.
        if (0.0..=1.0).contains(&share) { Ok(Self(share.abs())) } else { Err(SampleError) }
    }
}

impl From<Sample> for f64 {
    fn from(sample: Sample) -> Self {
        sample.0
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_from_0_to_1() {
        for (share, written) in [(0.0, "0"), (-0.0, "0"), (0.25, "0.25"), (1.0, "1")] {
            assert_eq!(Sample::try_from(share).unwrap().to_string(), written);
        }
        for share in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert_eq!(Sample::try_from(share), Err(SampleError), "{share}");
        }
        assert_eq!(serde_json::from_str::<Sample>("1").unwrap(), Sample::ALL);
    }
}
