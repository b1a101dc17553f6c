//! The dashboard: how calls are rated, what goes wrong, how it changes.
//!
//! `range`, `format` and `charts::geometry` decide what is shown and know no browser; the pages are views over them.

#![allow(unreachable_pub, reason = "what the component macro writes is pub")]

mod app;
mod charts;
mod format;
mod pages;
mod range;

pub use app::App;
