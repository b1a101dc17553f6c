//! The dashboard: how calls are rated, what goes wrong, how it changes.
//!
//! What is shown is decided by code that knows no browser (`address`, `format`, `glance`, `range`, `charts::geometry`,
//! `pages::overview::report`); the pages are views over it.

// Where tests run, Leptos does not erase the types of what is in a page.
#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "what the component macro writes is pub")]
#![allow(
    clippy::redundant_closure,
    reason = "Leptos shares the code of closures that stand in the markup, and only of those"
)]

mod address;
mod app;
mod charts;
mod format;
mod glance;
mod live;
mod loader;
mod local;
mod nav;
mod pages;
mod range;
mod text;
mod view;
mod words;

pub use app::App;
pub use text::load as load_texts;
