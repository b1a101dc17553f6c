//! The dashboard: how calls are rated, what goes wrong, and how that changes.
//!
//! Modules without a browser compute everything that the pages show: `address`, `format`, `range`, `statistics`,
//! `charts::geometry` and `pages::overview::chart_data`. The pages are views of their results.

// Tests compile without `erase_components`, so the types of views are deep.
#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "the component macro generates pub items")]
#![allow(
    clippy::redundant_closure,
    reason = "Leptos shares the code of closures that are written in the markup, and only of those"
)]

mod address;
mod app;
mod charts;
mod event_stream;
mod format;
mod local_time;
mod names;
mod nav;
mod pages;
mod query;
mod range;
mod session;
mod statistics;
mod text;
mod view;

pub use app::App;
pub use text::load as load_texts;
