//! `/`: what is on the signed-in person's plate.

mod api;
mod page;
mod plate;

pub use page::StartPage;
