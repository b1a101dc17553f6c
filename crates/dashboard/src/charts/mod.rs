//! Charts: SVG and HTML of our own, over geometry that is tested without a browser. Nothing here uses a `style`
//! attribute, which the page's content security policy forbids.

mod bars;
mod cells;
mod frame;
mod geometry;
mod grids;
mod size;
mod trend;

pub(crate) use bars::{Bar, Bars, Tone};
pub(crate) use frame::{Frame, NumberRow, Numbers};
pub(crate) use geometry::{float, fraction};
pub(crate) use grids::{Cell, Heat, Matrix};
pub(crate) use trend::{Mark, Trend};
