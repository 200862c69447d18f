//! View models: results of use cases, as the crate `service` returns them and the pages show them.
//! They are in this crate because `service` is not compiled for the browser.

mod account;
mod changes;
mod inspection;
mod organisation;
mod past;
mod report;
mod revert;
mod start_page;

pub use crate::inspection::InspectionName;
pub use account::Account;
pub use changes::{
    ChangeContext, ChangesView, Confirm, EntryView, FilterValues, Form, HistoryView, Outcome,
    Verified, separate_entry,
};
pub use inspection::InspectionView;
pub use organisation::{OrganisationChange, OrganisationSettings};
pub use past::{CompareView, PastView, Side};
pub use report::{ReportError, ReportInProgress, ReportStage};
pub use revert::{Alike, RequestView, RevertChoice, RevertView, Touched};
pub use start_page::{Drafts, InReview, SentBack, StartPageData};
