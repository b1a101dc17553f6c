//! The server over real HTTP, on a real SQLite file; the folders mirror the URLs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop at once")]

mod compatibility;
mod hosted;
mod keys;
mod limits;
mod listen;
mod openapi;
mod principals;
mod raw;
mod receiver;
mod statistics;
mod support;
mod suspended;
mod token_routes;
mod twilio;
mod v1;
mod web;
