use axum::body::{Body, BodyDataStream};
use futures::StreamExt as _;

/// Splits a body into lines. Holds at most one line and one chunk in memory.
pub(super) struct Lines {
    body: BodyDataStream,
    splitter: Splitter,
    ended: bool,
}

impl Lines {
    pub(super) fn new(body: Body, max_bytes: usize) -> Self {
        Self { body: body.into_data_stream(), splitter: Splitter { max_bytes, ..Splitter::default() }, ended: false }
    }

    /// Returns the next complete lines, or `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<Line>, axum::Error>> {
        if self.ended {
            return None;
        }
        match self.body.next().await {
            Some(Ok(chunk)) => Some(Ok(self.splitter.push(&chunk))),
            Some(Err(error)) => {
                self.ended = true;
                Some(Err(error))
            }
            None => {
                self.ended = true;
                Some(Ok(self.splitter.finish().into_iter().collect()))
            }
        }
    }
}

/// A line without its line ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Text(Vec<u8>),
    /// The line was too long and was discarded.
    TooLong,
}

#[derive(Default)]
struct Splitter {
    max_bytes: usize,
    begun: Vec<u8>,
    too_long: bool,
}

impl Splitter {
    fn push(&mut self, chunk: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut parts = chunk.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.extend(part);
            if parts.peek().is_some() {
                lines.push(self.take());
            }
        }
        lines
    }

    /// Returns the text after the last line feed, if there is any.
    fn finish(&mut self) -> Option<Line> {
        (self.too_long || !self.begun.is_empty()).then(|| self.take())
    }

    fn extend(&mut self, part: &[u8]) {
        self.too_long |= self.begun.len() + part.len() > self.max_bytes;
        if self.too_long {
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(part);
        }
    }

    fn take(&mut self) -> Line {
        let text = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Text(text) }
    }
}

/// Returns the lines of a body with these chunks.
#[cfg(any(test, fuzzing))]
pub(crate) fn split(chunks: &[&[u8]], max_bytes: usize) -> Vec<Line> {
    let mut splitter = Splitter { max_bytes, ..Splitter::default() };
    let mut lines: Vec<_> = chunks.iter().flat_map(|chunk| splitter.push(chunk)).collect();
    lines.extend(splitter.finish());
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_too_long_spares_its_neighbours() {
        let lines = split(&[b"ab\nabc", b"d\nab\n", b"abcd"], 3);
        let text = |text: &str| Line::Text(text.as_bytes().to_vec());
        assert_eq!(lines, [text("ab"), Line::TooLong, text("ab"), Line::TooLong]);
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(text in "[ab\n]{0,60}", cut in 0usize..60) {
            let bytes = text.as_bytes();
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(split(&[head, tail], 5), split(&[bytes], 5));
            let whole: Vec<u8> = split(&[bytes], 100).into_iter().flat_map(|line| match line {
                Line::Text(text) => [text, b"\n".to_vec()].concat(),
                Line::TooLong => unreachable!(),
            }).collect();
            prop_assert_eq!(whole.strip_suffix(b"\n").unwrap_or(&whole), bytes.strip_suffix(b"\n").unwrap_or(bytes));
        }
    }
}
