//! Leading an inspection back: a change undone, or an earlier state restored. First a page says what
//! that comes to; what it does is recorded like everything else, and can be undone like it. All that one
//! request did in many inspections is undone on a page of its own.

pub(super) mod about;
mod address;
mod api;
mod change_actions;
mod page;
mod place;
mod preview;
mod question;
mod request;
mod revert_note;

pub use change_actions::ChangeActions;
pub use page::RevertPage;
pub use request::UndoRequestPage;
pub(super) use revert_note::RevertNote;
