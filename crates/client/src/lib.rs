//! HTTP clients of the browser: the widget's, with its outbox, and the dashboard's.

#[cfg(feature = "rating")]
mod clock;
#[cfg(feature = "rating")]
pub mod delivery;
pub mod js;
#[cfg(feature = "rating")]
mod outbox;
#[cfg(feature = "rating")]
pub mod rating;
#[cfg(feature = "rating")]
pub mod task;
#[cfg(feature = "v1")]
pub mod v1;
