//! Charts in SVG and HTML. Their geometry is tested without a browser. They have no `style` attributes, because the
//! page's content security policy forbids them.

mod bars;
mod frame;
mod geometry;
mod grids;
mod roving;
mod size;
mod trend;

pub(crate) use bars::{Bar, Bars, Tone};
pub(crate) use frame::{Frame, NumberRow, Numbers};
pub(crate) use geometry::{float, fraction};
pub(crate) use grids::{Cell, Heat, Matrix};
pub(crate) use trend::{Trend, TrendPoint};
