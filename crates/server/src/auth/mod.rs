//! Authentication identifies the sender of a request; authorization decides which account or leg it may access.

mod basic;
mod challenge;
mod claims;
mod error;
mod leg;
mod principal;
pub mod rating_link;
pub mod rating_token;
mod request_head;
pub mod session;

pub use challenge::challenge;
pub use error::{AuthError, Reason};
pub use leg::{AuthorizedLeg, LegPath, authorize_leg};
pub use principal::{Principal, Relation, authenticate, authorize_account, authorize_related_account};
pub use rating_token::RatingToken;
pub use request_head::RequestHead;
pub use ringback_api::{Scope, Scopes};
