//! `/`: what is on the signed-in person's plate.

mod api;
mod due;
mod page;

pub use page::StartPage;
