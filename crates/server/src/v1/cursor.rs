//! Cursors: positions in a list, as opaque text for clients.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ringback_api::{Order, Score};

use crate::store::Position;

/// The text is not a cursor, or belongs to another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the next of a previous page, in the same order")]
pub(super) struct CursorError;

/// One byte each for the order and the score, then the start in milliseconds and the row.
type Bytes = [u8; 18];

pub(super) fn encode(order: Order, position: Position) -> String {
    let [start, id] = [position.started_at.as_millisecond(), position.id].map(i64::to_be_bytes);
    let score = position.score.map_or(0, Score::get);
    BASE64_URL_SAFE_NO_PAD.encode([&[order as u8, score][..], &start, &id].concat())
}

pub(super) fn decode(order: Order, text: &str) -> Result<Position, CursorError> {
    let bytes: Bytes =
        BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(CursorError)?;
    let [of, score, rest @ ..] = bytes;
    let score = if score == 0 { None } else { Some(Score::try_from(score).map_err(|_| CursorError)?) };
    if of != order as u8 || score.is_some() != order.is_by_score() {
        return Err(CursorError);
    }
    let (start, id) = rest.split_at(8);
    let number = |bytes: &[u8]| bytes.try_into().map(i64::from_be_bytes).map_err(|_| CursorError);
    let started_at = Timestamp::from_millisecond(number(start)?).map_err(|_| CursorError)?;
    Ok(Position { score, started_at, id: number(id)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_in_its_own_order_only() {
        let started_at = Timestamp::from_millisecond(1_773_000_000_123).unwrap();
        for order in Order::ALL {
            for id in [0, 7, i64::MIN, i64::MAX] {
                let position = Position { score: order.is_by_score().then_some(Score::Two), started_at, id };
                let text = encode(order, position);
                assert_eq!(text.len(), 24);
                for read in Order::ALL {
                    assert_eq!(decode(read, &text), if read == order { Ok(position) } else { Err(CursorError) });
                }
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let good =
            encode(Order::Lowest, Position { score: Some(Score::One), started_at: Timestamp::UNIX_EPOCH, id: 1 });
        assert!(decode(Order::Lowest, &good).is_ok());
        let with = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let bad_score = with(&[&[2, 6][..], &[0; 16]].concat());
        let bad_start = with(&[&[2, 1][..], &[0x7f; 16]].concat());
        for bad in ["", "x", &good[1..], &format!("{good}A"), &format!("{good}="), &bad_score, &bad_start] {
            assert_eq!(decode(Order::Lowest, bad), Err(CursorError), "{bad}");
        }
    }
}
