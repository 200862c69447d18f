//! `/`: the start page, with the work that awaits the signed-in person.

mod api;
mod due;
mod page;

pub use page::StartPage;
