//! The one fetch client of the widget and the dashboard.

#[cfg(feature = "rating")]
pub mod delivery;
#[cfg(feature = "rating")]
mod outbox;
#[cfg(feature = "rating")]
pub mod rating;
#[cfg(feature = "v1")]
pub mod v1;
