use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What can have gone wrong in a call: the eight issues of the Call Feedback API, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Issue {
    /// Noise, echo, choppy sound.
    ImperfectAudio,
    /// The call ended by itself.
    DroppedCall,
    /// The wrong number or name was shown.
    IncorrectCallerId,
    /// It took long until it rang.
    PostDialDelay,
    /// Pressed keys did not arrive.
    DigitsNotCaptured,
    /// The call was not wanted.
    UnsolicitedCall,
    /// What was said arrived late.
    AudioLatency,
    /// Only one party was heard.
    OneWayAudio,
}

/// The text is not the name of one of the eight issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be one of imperfect-audio, dropped-call, incorrect-caller-id, post-dial-delay, digits-not-captured, \
     unsolicited-call, audio-latency, one-way-audio"
)]
pub struct UnknownIssue;

impl Issue {
    /// All eight, in the API's order.
    pub const ALL: [Self; 8] = [
        Self::ImperfectAudio,
        Self::DroppedCall,
        Self::IncorrectCallerId,
        Self::PostDialDelay,
        Self::DigitsNotCaptured,
        Self::UnsolicitedCall,
        Self::AudioLatency,
        Self::OneWayAudio,
    ];

    /// The name on the wire, such as `imperfect-audio`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImperfectAudio => "imperfect-audio",
            Self::DroppedCall => "dropped-call",
            Self::IncorrectCallerId => "incorrect-caller-id",
            Self::PostDialDelay => "post-dial-delay",
            Self::DigitsNotCaptured => "digits-not-captured",
            Self::UnsolicitedCall => "unsolicited-call",
            Self::AudioLatency => "audio-latency",
            Self::OneWayAudio => "one-way-audio",
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Issue {
    type Err = UnknownIssue;

    fn from_str(text: &str) -> Result<Self, UnknownIssue> {
        Self::ALL.into_iter().find(|issue| issue.as_str() == text).ok_or(UnknownIssue)
    }
}

/// A set of issues; it iterates and serialises in the API's order, each issue once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Issue>", into = "Vec<Issue>")]
pub struct IssueSet(u8);

impl IssueSet {
    /// One bit an issue, the first issue lowest.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits, as [`bits`](Self::bits) gave them; every `u8` is one.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether there is no issue.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the issue is in the set.
    #[must_use]
    pub const fn contains(self, issue: Issue) -> bool {
        self.0 & (1 << issue as u8) != 0
    }

    /// Puts the issue in.
    pub const fn insert(&mut self, issue: Issue) {
        self.0 |= 1 << issue as u8;
    }

    /// Takes the issue out.
    pub const fn remove(&mut self, issue: Issue) {
        self.0 &= !(1 << issue as u8);
    }

    /// The issues in the API's order.
    pub fn iter(self) -> impl Iterator<Item = Issue> {
        Issue::ALL.into_iter().filter(move |&issue| self.contains(issue))
    }
}

impl FromIterator<Issue> for IssueSet {
    fn from_iter<I: IntoIterator<Item = Issue>>(issues: I) -> Self {
        let mut set = Self::default();
        for issue in issues {
            set.insert(issue);
        }
        set
    }
}

impl From<Vec<Issue>> for IssueSet {
    fn from(issues: Vec<Issue>) -> Self {
        issues.into_iter().collect()
    }
}

impl From<IssueSet> for Vec<Issue> {
    fn from(set: IssueSet) -> Self {
        set.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_nothing_else() {
        for issue in Issue::ALL {
            assert_eq!(issue.as_str().parse(), Ok(issue));
            assert_eq!(serde_json::to_value(issue).unwrap(), issue.as_str());
            assert!(UnknownIssue.to_string().contains(issue.as_str()));
        }
        for bad in ["", "dtmf-not-captured", "Dropped-Call", "dropped-call "] {
            assert_eq!(bad.parse::<Issue>(), Err(UnknownIssue));
        }
    }

    #[test]
    fn a_set_has_the_apis_order_and_no_doubles() {
        let set: IssueSet = [Issue::OneWayAudio, Issue::DroppedCall, Issue::OneWayAudio].into_iter().collect();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["dropped-call","one-way-audio"]"#);
        assert_eq!(IssueSet::from_bits(set.bits()), set);
        assert!(set.contains(Issue::DroppedCall) && !set.contains(Issue::AudioLatency));
    }
}
