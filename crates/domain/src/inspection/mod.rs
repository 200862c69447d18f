//! Inspections: their contents, fields and values, and the rules for them.

mod condition;
mod content;
mod entities;
mod field;
mod limits;
mod listing;
mod name;
mod photo_error;
mod selection;
mod status;
mod target;
mod validation;
mod value;

pub use condition::Condition;
pub use entities::{Equipment, Inspection, Photo, Report, Section};
pub use field::{Field, ReportPlace, ValueKind};
pub use listing::{InspectionFilter, InspectionListPage, InspectionRow, PageKey, Sort};
pub use name::InspectionName;
pub use photo_error::{MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, PhotoError};
pub use selection::{Selection, own_field};
pub use status::Status;
pub use target::Target;
pub(crate) use validation::MAX_RANK;
pub use validation::{Invalid, check, check_values};
pub(crate) use value::name_of;
pub use value::{Value, ValueRef, Values};
