//! What the start page asks the server for.

use super::plate::Plate;
use crate::{error::AppError, wire::Compact};
use leptos::prelude::*;

/// What is on the plate of whoever is signed in.
#[server(name = AskPlate, output = Compact)]
pub(super) async fn plate() -> Result<Plate, AppError> {
    server::plate().await
}

#[cfg(feature = "ssr")]
mod server {
    use crate::{
        auth::actor,
        error::AppError,
        start::plate::{Drafts, Plate},
    };
    use domain::{
        Action, Actor, ChangeFilter, InspectionFilter, InspectionRow, Role, Sort, Status,
        may_review_changes,
    };
    use leptos::prelude::expect_context;
    use store::{Clock, Store};

    /// How many of the inspections that wait for a reviewer are shown.
    const WAITING: usize = 20;

    /// How many of the changes that sent drafts back are looked through.
    const SENT_BACK: usize = 50;

    /// How many of the latest changes are shown.
    const LATEST: usize = 8;

    pub(super) async fn plate() -> Result<Plate, AppError> {
        let viewer = actor()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let today = clock.now().date_naive();
        let drafts = match viewer.role {
            Role::Reviewer => Drafts::default(),
            _ => drafts(&store, &viewer, today).await?,
        };
        let (review, in_review) = waiting(&store, &viewer).await?;
        let latest = match may_review_changes(viewer.role) {
            true => store.latest_changes(&ChangeFilter::default(), LATEST).await?,
            false => Vec::new(),
        };
        Ok(Plate { viewer, today, drafts, review, in_review, latest })
    }

    async fn drafts(
        store: &Store,
        viewer: &Actor,
        today: chrono::NaiveDate,
    ) -> Result<Drafts, AppError> {
        let status = Some(Status::Draft);
        let filter =
            InspectionFilter { status, sort: Sort::Scheduled, page: 1, ..Default::default() };
        let rows = store.inspections(viewer, &filter).await?.rows;
        let own = |row: &InspectionRow| row.inspector.as_ref().is_some_and(|it| it.id == viewer.id);
        let rows: Vec<_> = rows.into_iter().filter(own).collect();
        if rows.is_empty() {
            return Ok(Drafts::default());
        }
        let back = ChangeFilter {
            actions: vec![Action::StatusDraft],
            inspections: rows.iter().map(|row| row.id).collect(),
            ..ChangeFilter::default()
        };
        let back = store.latest_changes(&back, SENT_BACK).await?;
        Ok(Drafts::sorted(rows, back, viewer, today))
    }

    /// What waits for a reviewer, longest first, and how many there are.
    async fn waiting(store: &Store, viewer: &Actor) -> Result<(Vec<InspectionRow>, i64), AppError> {
        let status = Some(Status::Review);
        let mut filter = InspectionFilter { status, page: 1, ..InspectionFilter::default() };
        let mut page = store.inspections(viewer, &filter).await?;
        let counted = page.counts.iter().find(|(status, _)| *status == Status::Review);
        let count = counted.map_or(0, |(_, count)| *count);
        if page.more {
            // The list is sorted by the latest change: those that wait longest are on its last page.
            let pages =
                (count + i64::from(InspectionFilter::PAGE) - 1) / i64::from(InspectionFilter::PAGE);
            filter.page = u32::try_from(pages).unwrap_or(1);
            page = store.inspections(viewer, &filter).await?;
        }
        let mut rows = page.rows;
        rows.reverse();
        rows.truncate(WAITING);
        Ok((rows, count))
    }
}
