use serde::{Deserialize, Serialize};

/// A visitor's comment on a call: 1 to 1,000 characters. It is untrusted; show it only as text.
///
/// A comment is never empty. Use an `Option<Comment>` where there may be none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Comment(String);

/// The text is not a valid comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommentError {
    /// It is empty or only white space.
    #[error("must not be empty")]
    Empty,
    /// It is longer than [`Comment::MAX_CHARS`].
    #[error("must be at most 1000 characters long")]
    TooLong,
    /// It contains a NUL, which many databases cannot store in a text.
    #[error("must not contain a NUL character")]
    Nul,
}

impl Comment {
    /// Maximum length, in Unicode scalar values.
    pub const MAX_CHARS: usize = 1000;

    /// Trims and validates the text.
    pub fn new(text: &str) -> Result<Self, CommentError> {
        let text = trim(text);
        if text.is_empty() {
            Err(CommentError::Empty)
        } else if text.chars().nth(Self::MAX_CHARS).is_some() {
            Err(CommentError::TooLong)
        } else if text.bytes().any(|byte| byte == 0) {
            Err(CommentError::Nul)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Length of the trimmed text, to compare with [`MAX_CHARS`](Self::MAX_CHARS).
    #[must_use]
    pub fn length(text: &str) -> usize {
        trim(text).chars().count()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not inlined, so that the WebAssembly contains it once.
#[inline(never)]
fn trim(text: &str) -> &str {
    text.trim()
}

impl TryFrom<String> for Comment {
    type Error = CommentError;

    fn try_from(text: String) -> Result<Self, CommentError> {
        Self::new(&text)
    }
}

impl From<Comment> for String {
    fn from(comment: Comment) -> Self {
        comment.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_trimmed_and_bounded() {
        assert_eq!(Comment::new(" \n"), Err(CommentError::Empty));
        assert_eq!(Comment::new("a\0b"), Err(CommentError::Nul));
        assert!(Comment::new(&"é".repeat(1000)).is_ok());
        assert_eq!(Comment::new(&"é".repeat(1001)), Err(CommentError::TooLong));
        assert_eq!(Comment::new(" fine ").unwrap().as_str(), "fine");
    }
}
