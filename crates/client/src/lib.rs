//! The one fetch client of the widget and the dashboard.

#[cfg(feature = "v1")]
pub mod v1;

pub mod delivery;
mod outbox;
pub mod rating;
