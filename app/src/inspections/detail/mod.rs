//! `/inspections/ID`: the page of one inspection, for reading and editing.

mod added_photo;
mod after;
mod common_sections;
mod confirmation;
mod confirmation_form;
mod details;
mod draft_store;
mod editor;
mod equipment;
mod fields;
mod focus;
mod foot_height;
mod form_parts;
mod header;
mod page;
mod page_state;
mod photo_order;
mod photo_tile;
mod photo_viewer;
mod photos;
mod progress_list;
mod queue;
mod recovery_actions;
mod section;
mod sections;
mod shrink;
pub(super) mod suggestions;
mod unload_guard;
mod upload;
mod upload_queue;
mod uploads;

pub(super) use details::Facts;
pub(super) use equipment::make_and_model;
pub use page::InspectionPage;
pub(super) use photo_tile::alternative;
