use serde::{Deserialize, Serialize};

/// What a person wrote beside the rating: 1 to 1,000 characters, hostile until shown as text.
///
/// There is no empty comment; nothing written is `None` of an `Option<Comment>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Comment(String);

/// Why a text cannot be a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommentError {
    /// Empty, or nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Over [`Comment::MAX_CHARS`].
    #[error("must be at most 1000 characters long")]
    TooLong,
    /// A NUL, which PostgreSQL cannot store in a text.
    #[error("must not contain a NUL character")]
    Nul,
}

impl Comment {
    /// The longest comment, in Unicode scalar values.
    pub const MAX_CHARS: usize = 1000;

    /// Checks and takes the text, without the white space around it.
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

    /// How many characters of [`MAX_CHARS`](Self::MAX_CHARS) the text takes.
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

/// Once in what browsers fetch.
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
    fn bounds() {
        assert_eq!(Comment::new(" \n"), Err(CommentError::Empty));
        assert_eq!(Comment::new("a\0b"), Err(CommentError::Nul));
        assert!(Comment::new(&"é".repeat(1000)).is_ok());
        assert_eq!(Comment::new(&"é".repeat(1001)), Err(CommentError::TooLong));
        assert_eq!(Comment::new(" fine ").unwrap().as_str(), "fine");
    }
}
