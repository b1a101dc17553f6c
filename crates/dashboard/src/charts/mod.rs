//! Charts: SVG and HTML of our own, over geometry that is tested without a browser. Nothing here uses a `style`
//! attribute, which the page's content security policy forbids.

mod bars;
mod geometry;
mod size;
mod trend;

pub(crate) use bars::{Bar, Bars, Tone};
pub(crate) use geometry::fraction;
pub(crate) use trend::{Mark, Trend};
