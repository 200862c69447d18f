//! Components shared by all pages, one file each. Their styles are in `style/`, under the same
//! names.

mod avatar;
mod badge;
mod button;
mod deferred_hydration;
mod dialog;
mod empty;
mod error_note;
mod escape;
mod field;
mod find;
mod icon;
mod mark;
mod menu;
mod page;
mod pager;
mod progress;
mod saved;
mod skeleton;
mod tabs;
mod time;
mod toast;

pub use avatar::{Avatar, PersonName};
pub use badge::{ActionBadge, ConditionBadge, StatusBadge, action_icon, condition_icon};
pub use button::{Button, ButtonKind, LinkButton};
#[cfg(feature = "hydrate")]
pub use deferred_hydration::take_over_page;
pub use deferred_hydration::{DeferredHydration, take_over_all, when_all_stands};
pub use dialog::Dialog;
pub use empty::EmptyState;
pub use error_note::{ErrorNote, PageError, SignInLink};
pub use escape::escape;
pub use field::{FileField, SelectField, TextArea, TextField, follow};
pub use find::find;
pub use icon::Icon;
pub use mark::Mark;
pub use menu::{Menu, close_menu};
pub use page::{PAGE_TITLE, Page, tab_title};
pub use pager::Pager;
pub use progress::ProgressBar;
pub use saved::{Saved, SavedState};
pub use skeleton::{Skeleton, SkeletonKind};
pub use tabs::{Tab, Tabs};
pub use time::{Day, ServerTime, Time};
pub use toast::{ToastRegion, Toasts};
