//! The dashboard: how calls are rated, what goes wrong, how it changes.
//!
//! What is shown is decided by code that knows no browser (`address`, `format`, `glance`, `range`, `charts::geometry`,
//! `pages::overview::report`); the pages are views over it.

#![allow(unreachable_pub, reason = "what the component macro writes is pub")]

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
mod words;

pub use app::App;
pub use text::load as load_texts;
