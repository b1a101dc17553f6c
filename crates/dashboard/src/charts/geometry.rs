//! Positions in charts, in pixels.

use std::fmt::Write as _;

/// A position, from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Position {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A vertical scale: `low` is drawn at `bottom`, and `high` at `top`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Scale {
    /// The y coordinate of a value.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }
}

/// Slots of equal width, one per step of the series.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slots {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) count: usize,
}

impl Slots {
    /// The width of a slot.
    pub(crate) fn width(&self) -> f64 {
        (self.right - self.left) / float(self.count.max(1) as u64)
    }

    /// The left edge of a slot.
    pub(crate) fn start(&self, index: usize) -> f64 {
        self.left + float(index as u64) * self.width()
    }

    /// The middle of a slot.
    pub(crate) fn middle(&self, index: usize) -> f64 {
        self.start(index) + self.width() / 2.0
    }

    /// The width of a slot's bar. Leaves a gap between bars, and limits the width of a single bar.
    pub(crate) fn bar_width(&self) -> f64 {
        (self.width() * 0.72).min(48.0)
    }

    /// The slots that have a label, so that labels of this width do not touch: every n-th, counted from the last.
    pub(crate) fn labelled(&self, label_width: f64) -> Vec<usize> {
        let every =
            (1..self.count).find(|&n| float(n as u64) * self.width() >= label_width).unwrap_or(self.count.max(1));
        let mut labelled: Vec<usize> = (0..self.count).rev().step_by(every).collect();
        labelled.reverse();
        labelled
    }
}

/// Round counts from 0 to at least `max`, in up to three equal steps of 1, 2 or 5 times a power of ten.
pub(crate) fn ticks(max: u64) -> Vec<u64> {
    let max = max.max(2);
    let powers = (0..20).map(|exponent| 10_u64.saturating_pow(exponent));
    let steps = powers.flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor)));
    let step = steps.into_iter().find(|step| max.div_ceil(*step) <= 3).unwrap_or(max);
    (0..=max.div_ceil(step)).map(|n| n.saturating_mul(step)).collect()
}

/// The SVG path of a line through the positions, with a gap at each `None`.
pub(crate) fn line(positions: &[Option<Position>]) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for position in positions {
        if let Some(Position { x, y }) = position {
            let command = if pen_down { 'L' } else { 'M' };
            // Writing to a string cannot fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
        }
        pen_down = position.is_some();
    }
    path
}

/// The positions without a neighbour, which no line reaches.
pub(crate) fn isolated(positions: &[Option<Position>]) -> impl Iterator<Item = Position> {
    let at = |i: Option<usize>| i.and_then(|i| positions.get(i)).is_some_and(Option::is_some);
    let alone = move |i: usize| !at(i.checked_sub(1)) && !at(i.checked_add(1));
    positions.iter().enumerate().filter_map(move |(i, position)| position.filter(|_| alone(i)))
}

/// `part ÷ whole`, from 0 to 1.
pub(crate) fn fraction(part: u64, whole: u64) -> f64 {
    ringback_api::share(part, whole).unwrap_or_default().min(1.0)
}

/// Converts a count to a coordinate.
#[allow(clippy::cast_precision_loss, reason = "pixels need no numbers above 2^53")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these are exact in binary")]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Position {
        Position { x, y }
    }

    #[test]
    fn a_scale_grows_upwards() {
        let scale = Scale { low: 1.0, high: 5.0, top: 10.0, bottom: 110.0 };
        assert_eq!([1.0, 3.0, 5.0].map(|value| scale.y(value)), [110.0, 60.0, 10.0]);
    }

    #[test]
    fn slots_fill_the_width() {
        let slots = Slots { left: 40.0, right: 340.0, count: 30 };
        assert_eq!((slots.start(0), slots.middle(0), slots.start(30)), (40.0, 45.0, 340.0));
        assert!(slots.bar_width() < slots.width());
        assert_eq!(Slots { count: 1, ..slots }.bar_width(), 48.0);
    }

    #[test]
    fn labels_do_not_touch_and_the_last_slot_has_one() {
        for count in [1, 2, 7, 28, 90, 366] {
            for width in [240.0, 340.0, 1_100.0] {
                let slots = Slots { left: 0.0, right: width, count };
                let labelled = slots.labelled(56.0);
                assert_eq!(labelled.last(), Some(&(count - 1)));
                assert!(labelled.windows(2).all(|pair| slots.start(pair[1]) - slots.start(pair[0]) > 55.999));
            }
        }
        assert!(Slots { left: 0.0, right: 100.0, count: 0 }.labelled(56.0).is_empty());
    }

    #[test]
    fn ticks_are_few_and_round_and_reach_the_maximum() {
        assert_eq!(ticks(0), [0, 1, 2]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(4), [0, 2, 4]);
        assert_eq!(ticks(143), [0, 50, 100, 150]);
        assert_eq!(ticks(1_001), [0, 500, 1_000, 1_500]);
        for max in (0..5_000).chain([u64::MAX / 2]) {
            let ticks = ticks(max);
            assert!(ticks.len() >= 2 && ticks.len() <= 4 && *ticks.last().unwrap() >= max, "{max}: {ticks:?}");
        }
    }

    #[test]
    fn a_line_has_a_gap_where_a_position_is_missing() {
        let positions = [Some(at(0.0, 1.0)), Some(at(2.0, 3.5)), None, Some(at(6.0, 1.0)), None, None];
        assert_eq!(line(&positions), "M0.0 1.0L2.0 3.5M6.0 1.0");
        assert_eq!(isolated(&positions).collect::<Vec<_>>(), [at(6.0, 1.0)]);
        assert_eq!(line(&[None, None]), "");
        assert_eq!(isolated(&[Some(at(1.0, 1.0))]).count(), 1);
    }

    #[test]
    fn a_bar_is_never_longer_than_its_track() {
        assert_eq!([fraction(1, 4), fraction(0, 0), fraction(7, 5)], [0.25, 0.0, 1.0]);
    }
}
