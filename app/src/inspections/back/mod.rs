//! Leading an inspection back: a change undone, or an earlier state restored. First a page says what
//! that comes to; what it does is recorded like everything else, and can be undone like it.

mod api;
mod led_back;
mod page;
mod place;
mod preview;
#[cfg(feature = "ssr")]
mod server;
mod ways;

pub(super) use led_back::LedBack;
pub use page::BackPage;
pub use ways::ChangeWays;
