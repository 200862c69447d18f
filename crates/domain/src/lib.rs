//! The domain model shared by the browser and the server: inspections, the mutations of them,
//! permissions, and the fold of records into states.
//!
//! This crate does no I/O and reads no clock. [`Mutation`] lists everything that can happen;
//! [`Inspection::plan`] turns a mutation into the [`Record`] that it makes, or refuses it; and
//! [`Inspection::apply`] is the fold that rebuilds an inspection from its records.

mod account;
mod action;
mod apply;
mod change;
mod compare;
mod condition;
mod conflict;
mod content;
mod days;
mod decode;
mod direction;
mod directory;
mod entry_key;
mod feed;
mod field;
mod filter;
mod fold;
mod id;
mod inspection;
mod limits;
mod listing;
mod moment;
mod mutation;
mod mutation_kind;
mod normal;
mod organisation;
pub mod outbox;
mod permission;
mod person;
mod photo_error;
mod photo_order;
mod plan;
mod query;
mod restore;
mod revert_plan;
mod review;
mod selection;
mod sentence;
mod status;
mod summary;
mod text;
mod undo;
mod undoing;
mod validation;
mod value;
pub mod view;
mod words;

pub use account::{
    MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, check_email,
    check_name, check_password, normal_email,
};
pub use action::Action;
pub use change::{Change, Data, Difference, Malformed, Record, Related, RelatedModel, differences};
pub use compare::{Compared, Comparison, compare};
pub use condition::Condition;
pub use conflict::{Conflict, FieldConflict, conflict};
pub use days::{check_day, in_words as day_in_words, parse_day};
pub use direction::isolate;
pub use directory::{Directory, Listed};
pub use entry_key::ParseEntryKeyError;
pub use feed::{
    Activity, ChangePage, ChangeRow, Count, Entry, EntryKey, EntryPage, SavedView, StateCounts,
    Summary,
};
pub use field::{Field, ValueKind};
pub use filter::{ChangeFilter, Facets, FilterProblem, Group};
pub use fold::fold;
pub use id::{
    ChangeId, CommentId, EquipmentId, InspectionId, PhotoId, ReportId, ReviewId, SectionId, UserId,
    ViewId,
};
pub use inspection::{Equipment, Inspection, Photo, Report, Section};
pub use listing::{InspectionFilter, InspectionListPage, InspectionRow, PageKey, Sort};
pub use mutation::{Mutation, Target};
pub use mutation_kind::MutationKind;
pub use normal::{normal_line, normal_password, normal_prose};
pub use organisation::{
    Logo, MAX_ADDRESS_LINES, MAX_ORGANISATION_ADDRESS_LENGTH, MAX_ORGANISATION_NAME_LENGTH,
    Organisation, check_organisation_address, check_organisation_name,
};
pub use permission::{
    Denied, may, may_assign, may_correct, may_create, may_manage_organisation, may_manage_users,
    may_perform, may_restrict_user, may_review_changes, may_see, may_take, may_undo,
};
pub use person::{Actor, Person, Role, initials};
pub use photo_error::{MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, PhotoError};
pub use plan::Refusal;
pub use revert_plan::{RevertOf, RevertPlan};
pub use review::{Comment, Review, ReviewState, check_comment, check_note, check_view_name};
pub use selection::{Selection, own_field};
pub use status::Status;
pub use summary::summarize;
pub use text::{Run, compare_texts, likeness};
pub use undo::{Choice, Choices, FieldPath, KeptBecause, SkipReason, Skipped, Undo, UndoConflict};
pub use validation::{Invalid, check, check_values};
pub use value::{Value, Values};
pub use words::{is_searched, words};
