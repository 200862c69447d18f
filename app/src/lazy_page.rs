//! Pages loaded on demand. Their code is split off, so that the reviewers' pages start sooner;
//! `xtask/binder` writes it to separate files.

use crate::{
    auth::SetUpPage,
    changes::HistoryPage,
    inspections::{
        ComparePage, InspectionPage, InspectionsPage, NewInspectionPage, RevertPage,
        UndoRequestPage,
    },
    organisation::OrganisationPage,
    start::StartPage,
    users::{AccountPage, UserPage, UsersPage},
};
use leptos::{lazy, prelude::*};
use leptos_router::ChooseView;

/// Page loaded on demand. Pages of one group share a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LazyPage {
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

impl ChooseView for LazyPage {
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
        [] => LazyPage::Start,
        ["inspections"] => LazyPage::Inspections,
        ["inspections", "new"] => LazyPage::NewInspection,
        ["inspections", _] => LazyPage::Inspection,
        ["inspections", _, "history"] => LazyPage::History,
        ["inspections", _, "compare"] => LazyPage::Compare,
        ["inspections", _, "undo"] => LazyPage::Back,
        ["changes", "request", _, "undo"] => LazyPage::UndoRequest,
        ["users"] => LazyPage::Users,
        ["users", _] => LazyPage::User,
        ["account"] => LazyPage::Account,
        ["settings", "organisation"] => LazyPage::Organisation,
        ["setup"] => LazyPage::SetUp,
        _ => return,
    };
    page.preload().await;
}

#[lazy]
fn overview(page: LazyPage) -> AnyView {
    match page {
        LazyPage::Start => StartPage().into_any(),
        _ => InspectionsPage().into_any(),
    }
}

#[lazy]
fn inspection(page: LazyPage) -> AnyView {
    match page {
        LazyPage::NewInspection => NewInspectionPage().into_any(),
        LazyPage::History => HistoryPage().into_any(),
        LazyPage::Compare => ComparePage().into_any(),
        LazyPage::Back => RevertPage().into_any(),
        LazyPage::UndoRequest => UndoRequestPage().into_any(),
        _ => InspectionPage().into_any(),
    }
}

#[lazy]
fn people(page: LazyPage) -> AnyView {
    match page {
        LazyPage::Users => UsersPage().into_any(),
        LazyPage::Account => AccountPage().into_any(),
        LazyPage::Organisation => OrganisationPage().into_any(),
        LazyPage::SetUp => SetUpPage().into_any(),
        _ => UserPage().into_any(),
    }
}
