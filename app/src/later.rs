//! Pages loaded on demand. Their code is split off, so that the reviewers' pages start sooner;
//! `xtask/binder` writes it to separate files.

use crate::{
    auth::SetUpPage,
    changes::HistoryPage,
    inspections::{
        BackPage, ComparePage, InspectionPage, InspectionsPage, NewInspectionPage, UndoRequestPage,
    },
    organisation::OrganisationPage,
    start::StartPage,
    users::{AccountPage, UserPage, UsersPage},
};
use leptos::{lazy, prelude::*};
use leptos_router::ChooseView;

/// Page loaded on demand. Pages of one group share a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// `/`.
    Start,
    /// `/inspections`.
    Inspections,
    /// `/inspections/new`.
    NewInspection,
    /// `/inspections/ID`.
    Inspection,
    /// `/inspections/ID/history`.
    History,
    /// `/inspections/ID/compare`.
    Compare,
    /// `/inspections/ID/undo`.
    Back,
    /// `/changes/request/UUID/undo`.
    UndoRequest,
    /// `/users`.
    Users,
    /// `/users/ID`.
    User,
    /// `/account`.
    Account,
    /// `/settings/organisation`.
    Organisation,
    /// `/setup`.
    SetUp,
}

impl ChooseView for Later {
    async fn choose(self) -> AnyView {
        match self {
            Self::Start | Self::Inspections => overview(self).await,
            Self::NewInspection
            | Self::Inspection
            | Self::History
            | Self::Compare
            | Self::Back
            | Self::UndoRequest => inspection(self).await,
            Self::Users | Self::User | Self::Account | Self::Organisation | Self::SetUp => {
                people(self).await
            }
        }
    }

    async fn preload(&self) {
        #[cfg(feature = "hydrate")]
        match self {
            Self::Start | Self::Inspections => __preload_overview().await,
            Self::NewInspection
            | Self::Inspection
            | Self::History
            | Self::Compare
            | Self::Back
            | Self::UndoRequest => __preload_inspection().await,
            Self::Users | Self::User | Self::Account | Self::Organisation | Self::SetUp => {
                __preload_people().await
            }
        }
    }
}

/// Loads the code of the page at that path, if it is one of these.
#[cfg(feature = "hydrate")]
pub async fn fetch_page(path: &str) {
    let steps: Vec<_> = path.split('/').filter(|step| !step.is_empty()).collect();
    let page = match steps[..] {
        [] => Later::Start,
        ["inspections"] => Later::Inspections,
        ["inspections", "new"] => Later::NewInspection,
        ["inspections", _] => Later::Inspection,
        ["inspections", _, "history"] => Later::History,
        ["inspections", _, "compare"] => Later::Compare,
        ["inspections", _, "undo"] => Later::Back,
        ["changes", "request", _, "undo"] => Later::UndoRequest,
        ["users"] => Later::Users,
        ["users", _] => Later::User,
        ["account"] => Later::Account,
        ["settings", "organisation"] => Later::Organisation,
        ["setup"] => Later::SetUp,
        _ => return,
    };
    page.preload().await;
}

#[lazy]
fn overview(page: Later) -> AnyView {
    match page {
        Later::Start => StartPage().into_any(),
        _ => InspectionsPage().into_any(),
    }
}

#[lazy]
fn inspection(page: Later) -> AnyView {
    match page {
        Later::NewInspection => NewInspectionPage().into_any(),
        Later::History => HistoryPage().into_any(),
        Later::Compare => ComparePage().into_any(),
        Later::Back => BackPage().into_any(),
        Later::UndoRequest => UndoRequestPage().into_any(),
        _ => InspectionPage().into_any(),
    }
}

#[lazy]
fn people(page: Later) -> AnyView {
    match page {
        Later::Users => UsersPage().into_any(),
        Later::Account => AccountPage().into_any(),
        Later::Organisation => OrganisationPage().into_any(),
        Later::SetUp => SetUpPage().into_any(),
        _ => UserPage().into_any(),
    }
}
