//! The groups of our routes in the OpenAPI document.

pub(crate) const CALLS: &str = "Calls";
pub(crate) const TOKENS: &str = "Rating tokens";
pub(crate) const STATISTICS: &str = "Statistics";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const SUMMARIES: &str = "Summaries";
pub(crate) const CALLBACKS: &str = "Callbacks";
pub(crate) const SESSION: &str = "Session";
