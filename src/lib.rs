//! The widget of Ringback: asks how a call went, right after it ended.
//!
//! For any web page it is the custom element `<ringback-rating endpoint token>`, which `ringback.js` defines and
//! [`mount`] fills. For a Leptos application it is the component [`RatingWidget`]:
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
pub mod view;

pub use element::{Mounted, mount, renew, start};
pub use flow::{Event, Flow};
pub use ringback_client::delivery::{Known, Outcome};
pub use ringback_client::rating::{Error, RatingClient};
pub use state::{ISSUES, Invalid, News, Phase, State, Wishes};
pub use text::Text;
pub use view::RatingWidget;

/// The stylesheet. The custom element brings it along; an application that uses [`RatingWidget`] links it itself.
pub const STYLE: &str = include_str!("../style/widget.css");

/// A tenth of the size of the standard one, for a few hundred values that live for as long as a form is shown.
#[cfg(all(feature = "element", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
