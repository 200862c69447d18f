//! The feed of changes on the dashboard: its filter, its entries, and reviews of them.

mod entry;
mod entry_key;
mod filter;
mod filter_member;
mod filter_names;
mod filter_table;
mod group;
mod review;
mod words;

pub use entry::{
    Activity, ChangePage, ChangeRow, Count, Entry, EntryPage, SavedView, StateCounts, Summary,
};
pub use entry_key::{EntryKey, ParseEntryKeyError};
pub use filter::FilterProblem;
pub use filter_names::FilterNames;
pub use filter_table::{ChangeFilter, Facets, FilterChip, FilterControl, FilterKey, FilterPart};
pub use group::Group;
pub use review::{Comment, Review, ReviewState, check_comment, check_note, check_view_name};
pub use words::words;
