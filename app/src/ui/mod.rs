//! Components shared by all pages, one file each. Their styles are in `style/`, under the same
//! names.

mod avatar;
mod badge;
mod button;
mod dialog;
mod empty;
mod error_note;
mod escape;
mod field;
mod find;
mod icon;
pub mod icons;
mod list;
mod mark;
mod markup;
mod menu;
mod opened;
mod page;
mod pager;
mod progress;
mod saved;
mod sign_in;
mod skeleton;
mod tabs;
mod time;
mod toast;

pub use avatar::{Avatar, PersonName};
use badge::status_icon;
pub use badge::{ActionBadge, ConditionBadge, StatusBadge, action_icon, condition_icon};
pub use button::{Button, ButtonKind, LinkButton};
pub use dialog::Dialog;
pub use empty::EmptyState;
pub use error_note::{ErrorNote, PageError};
pub use escape::escape;
pub use field::{FileField, SelectField, TextArea, TextField, follow};
pub use find::find;
pub use icon::{Icon, IconName};
pub use list::List;
pub use mark::Mark;
pub use markup::{
    action_markup, avatar_markup, badge_markup, icon_markup, status_markup, time_markup,
};
pub use menu::{Menu, close_menu};
pub use opened::Opened;
pub use page::{PAGE_TITLE, Page, tab_title};
pub use pager::Pager;
pub use progress::ProgressBar;
pub use saved::{Saved, SavedState};
pub use sign_in::{SignInLink, ask_to_sign_in};
pub use skeleton::{Skeleton, SkeletonKind};
pub use tabs::{Tab, Tabs};
pub(crate) use time::js_now;
pub use time::{Day, ServerTime, Time, show_local_time};
pub use toast::{ToastRegion, Toasts};
