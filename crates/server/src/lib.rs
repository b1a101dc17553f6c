//! The Ringback server.
//!
//! [`app::App`] is the state that handlers share, [`router::router`] builds the router, and [`store::Store`] keeps all
//! data. `twilio` is the 2010-04-01 API, `v1` our own; `web` serves the dashboard, the widget and the demo.

pub mod app;
pub mod auth;
mod body;
pub mod cli;
pub mod clock;
mod cors;
pub mod credentials;
mod demo;
mod drain;
mod fallback;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod jobs;
mod json;
pub mod limits;
pub mod listen;
pub mod openapi;
pub mod outbound;
pub mod router;
pub mod secret;
pub mod store;
mod twilio;
mod v1;
pub mod vault;
pub mod wake;
mod web;
