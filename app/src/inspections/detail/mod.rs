//! `/inspections/ID`: the page of one inspection, for reading and editing.

mod added_photo;
mod after;
mod ask;
mod ask_form;
mod common_sections;
mod desk;
mod details;
mod editor;
mod equipment;
mod fields;
mod focus;
mod foot_height;
mod form_parts;
mod header;
mod hold;
mod kept;
mod page;
mod photo_order;
mod photo_tile;
mod photo_viewer;
mod photos;
mod progress_list;
mod queue;
mod section;
mod sections;
mod shrink;
pub(super) mod suggestions;
mod tray;
mod upload;
mod uploads;
mod ways_on;

pub(super) use details::Facts;
pub(super) use equipment::make_and_model;
pub use page::InspectionPage;
pub(super) use photo_tile::alternative;
