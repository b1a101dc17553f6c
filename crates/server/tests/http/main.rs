//! The server over real HTTP, on a real SQLite file; the folders mirror the URLs.

mod support;
mod twilio;
mod v1;
mod web;
