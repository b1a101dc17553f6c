use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

string_enum! {
    /// A problem in a call: the eight issues of the Call Feedback API, in its order.
    #[derive(PartialOrd, Ord)]
    pub enum Issue: FromStr<Err = IssueError> {
        /// Noise, echo or gaps in the sound.
        ImperfectAudio = "imperfect-audio",
        /// The call was cut off.
        DroppedCall = "dropped-call",
        /// The wrong number or name was shown.
        IncorrectCallerId = "incorrect-caller-id",
        /// The call took long to connect.
        PostDialDelay = "post-dial-delay",
        /// Pressed keys had no effect.
        DigitsNotCaptured = "digits-not-captured",
        /// The call was unwanted.
        UnsolicitedCall = "unsolicited-call",
        /// Speech arrived late.
        AudioLatency = "audio-latency",
        /// Only one party was heard.
        OneWayAudio = "one-way-audio",
    }
}

/// A set of issues. It iterates and serialises in the API's order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Issue>", into = "Vec<Issue>")]
pub struct IssueSet(u8);

impl IssueSet {
    /// One bit per issue; the first issue is the lowest bit.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these [`bits`](Self::bits); every `u8` is valid.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the issue is in the set.
    #[must_use]
    pub const fn contains(self, issue: Issue) -> bool {
        self.0 & (1 << issue as u8) != 0
    }

    /// Adds the issue.
    pub const fn insert(&mut self, issue: Issue) {
        self.0 |= 1 << issue as u8;
    }

    /// Removes the issue.
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
    fn names_are_parsed_back() {
        for issue in Issue::ALL {
            assert_eq!(issue.as_str().parse(), Ok(issue));
            assert_eq!(serde_json::to_value(issue).unwrap(), issue.as_str());
            assert!(IssueError.to_string().contains(issue.as_str()));
        }
    }

    #[test]
    fn names_of_older_or_other_apis_are_refused() {
        for bad in ["", "dtmf-not-captured", "Dropped-Call", "dropped-call "] {
            assert_eq!(bad.parse::<Issue>(), Err(IssueError));
        }
    }

    #[test]
    fn a_set_has_the_apis_order_and_no_duplicates() {
        let set: IssueSet = [Issue::OneWayAudio, Issue::DroppedCall, Issue::OneWayAudio].into_iter().collect();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["dropped-call","one-way-audio"]"#);
        assert_eq!(IssueSet::from_bits(set.bits()), set);
        assert!(set.contains(Issue::DroppedCall) && !set.contains(Issue::AudioLatency));
    }
}
