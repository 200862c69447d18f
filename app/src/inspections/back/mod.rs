//! Leading an inspection back: a change undone, or an earlier state restored. First a page says what
//! that comes to; what it does is recorded like everything else, and can be undone like it. All that one
//! request did in many inspections is undone on a page of its own.

pub(super) mod about;
mod address;
mod api;
mod led_back;
mod page;
mod place;
mod preview;
mod question;
mod request;
mod ways;

pub(super) use led_back::LedBack;
pub use page::BackPage;
pub use request::UndoRequestPage;
pub use ways::ChangeWays;
