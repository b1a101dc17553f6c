//! The rating widget of Ringback, which asks how a call went, right after it ended.
//!
//! Any web page can use the custom element `<ringback-rating endpoint token>`, which `ringback.js` defines. A Leptos
//! application can use the component [`RatingWidget`]:
//!
//! ```ignore
//! let client = RatingClient::new("https://ringback.example", &token)?;
//! view! { <RatingWidget client /> }
//! ```
//!
//! [`State`] is the rating itself, without a browser.

mod dom;
mod element;
mod flow;
mod state;
mod text;
#[cfg(feature = "component")]
pub mod view;

pub use element::{Mounted, forget, mount, renew, start};
pub use flow::{Event, Flow};
pub use ringback_client::delivery::{LegStatus, Outcome};
pub use ringback_client::rating::{Error, RatingClient};
pub use state::{DeliveryUpdate, ISSUES, Invalid, Phase, State, Wishes};
pub use text::Text;
#[cfg(feature = "component")]
pub use view::RatingWidget;

/// The stylesheet. The custom element includes it; an application that uses `RatingWidget` links it.
pub const STYLE: &str = include_str!("../style/widget.css");

/// A tenth of the size of the standard allocator, and enough for the few hundred values that a visible form holds.
#[cfg(all(feature = "element", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
