//! The Ringback server.
//!
//! [`app::App`] holds what handlers share; [`store::Store`] is where everything is kept; `twilio` speaks the
//! 2010-04-01 API, `v1` our own, and `web` serves the dashboard, the widget and the demo.

pub mod app;
pub mod auth;
mod body;
pub mod cli;
pub mod clock;
mod demo;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod jobs;
pub mod listen;
pub mod openapi;
pub mod outbound;
pub mod store;
mod twilio;
mod unread;
mod v1;
pub mod vault;
mod web;
