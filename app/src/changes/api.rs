//! What the dashboard and the history ask the server for.

use crate::{error::AppError, wire::Compact};
use chrono::NaiveDate;
use domain::{Actor, Change, ChangeId, ChangePage, InspectionId, Person, SectionId, Status};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An inspection by its names, to choose it in a filter or to head its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionName {
    /// Which one.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub name: String,
}

/// A page of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesView {
    /// The changes, and the counts beside the filter.
    pub page: ChangePage,
    /// Whom to choose from.
    pub people: Vec<Person>,
    /// The inspections to choose from: those that changed last, before them what else is chosen.
    pub inspections: Vec<InspectionName>,
    /// What sections are called that the changes name by id.
    pub titles: Vec<(SectionId, String)>,
    /// Who is looking.
    pub viewer: Actor,
    /// The day it is, UTC.
    pub today: NaiveDate,
}

/// A page of an inspection's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Whose history it is.
    pub inspection: InspectionName,
    /// Where it stands.
    pub status: Status,
    /// Whether it was removed.
    pub removed: bool,
    /// The changes, newest first.
    pub changes: Vec<Change>,
    /// Older than this one, there are more.
    pub next: Option<ChangeId>,
    /// What its sections are called.
    pub titles: Vec<(SectionId, String)>,
}

/// A page of the dashboard, for the filter in this query string. What of it cannot be read is passed
/// over; the page says so itself.
#[server(name = AskChanges, output = Compact)]
pub async fn changes(
    /// The query string.
    query: String,
) -> Result<ChangesView, AppError> {
    server::changes(&query).await
}

/// A page of an inspection's history: the newest, or those older than `before`.
#[server(name = AskHistory, output = Compact)]
pub async fn history(
    /// Whose history.
    inspection: InspectionId,
    /// Only older than this change.
    before: Option<ChangeId>,
) -> Result<HistoryView, AppError> {
    server::history(inspection, before).await
}

/// Where a step from the dashboard led.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// Which inspection.
    pub inspection: InspectionId,
    /// Where it stands now.
    pub status: Status,
}

/// Completes an inspection, or reverts it to draft with a reason, from a row of the dashboard. A plain
/// form is led back to that row, with what was typed where it was refused.
#[server(output = Compact)]
pub async fn take_step(
    /// Which inspection.
    inspection: InspectionId,
    /// The last change the person saw.
    expected: ChangeId,
    /// The press of the button, however often it is sent.
    request: Uuid,
    /// The row it was pressed in.
    row: ChangeId,
    /// Where the inspection is to go.
    to: Status,
    /// Why, for a way back to draft.
    #[server(default)]
    reason: Option<String>,
) -> Result<Stepped, AppError> {
    let typed = reason.clone().unwrap_or_default();
    let answer = server::take_step(inspection, expected, request, to, reason).await;
    super::step::lead_back(row, &typed, answer.as_ref().err());
    answer
}

#[cfg(feature = "ssr")]
mod server {
    use super::{ChangesView, HistoryView, InspectionName, Stepped};
    use crate::{auth::actor, error::AppError};
    use domain::{
        Change, ChangeFilter, ChangeId, ChangePage, ChangeRow, Inspection, InspectionFilter,
        InspectionId, InspectionRow, Mutation, Person, SectionId, Status, Value,
        may_review_changes, may_see,
    };
    use leptos::prelude::expect_context;
    use std::collections::BTreeSet;
    use store::{Clock, Store};
    use uuid::Uuid;

    /// How many of the inspections that changed last the filter offers.
    const OFFERED: usize = 12;

    /// How many changes a page of history has.
    const HISTORY: i64 = 50;

    pub(super) async fn changes(query: &str) -> Result<ChangesView, AppError> {
        let viewer = actor()?;
        if !may_review_changes(viewer.role) {
            return Err(AppError::Forbidden(
                "The changes of all inspections are for reviewers. You find those of your own \
                 inspections on each inspection's page."
                    .into(),
            ));
        }
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let (filter, _) = ChangeFilter::from_query(query);
        let recent = InspectionFilter { page: 1, ..InspectionFilter::default() };
        let (page, users, recent) = tokio::try_join!(
            store.changes(&filter),
            store.users(),
            store.inspections(&viewer, &recent),
        )?;

        let mut inspections = Vec::new();
        let recent: Vec<_> = recent
            .rows
            .into_iter()
            .take(OFFERED)
            .map(|InspectionRow { id, reference, name, .. }| InspectionName { id, reference, name })
            .collect();
        for id in &filter.inspections {
            if recent.iter().any(|recent| recent.id == *id) {
                continue;
            }
            let shown = page.rows().find(|row| row.change.inspection_id == *id);
            inspections.extend(match shown {
                Some(row) => Some(row_name(row)),
                None => store.inspection(*id).await?.map(|inspection| name(&inspection)),
            });
        }
        inspections.extend(recent);
        let titles = titles(&store, &page).await?;
        let people =
            users.into_iter().map(|user| Person { id: user.id, name: user.name }).collect();
        let today = clock.now().date_naive();
        Ok(ChangesView { page, people, inspections, titles, viewer, today })
    }

    pub(super) async fn history(
        id: InspectionId,
        before: Option<ChangeId>,
    ) -> Result<HistoryView, AppError> {
        let viewer = actor()?;
        let store = expect_context::<Store>();
        let inspection = store
            .inspection(id)
            .await?
            .filter(|inspection| may_see(&viewer, inspection))
            .ok_or_else(|| AppError::NotFound("There is no such inspection.".into()))?;
        let changes = store.history(id, before, HISTORY).await?;
        let next = changes.last().map(|change| change.id).filter(|oldest| oldest.0 > id.0);
        let titles =
            inspection.sections.iter().map(|section| (section.id, section.title.clone())).collect();
        Ok(HistoryView {
            inspection: name(&inspection),
            status: inspection.status,
            removed: inspection.removed,
            changes,
            next,
            titles,
        })
    }

    pub(super) async fn take_step(
        inspection: InspectionId,
        expected: ChangeId,
        request: Uuid,
        to: Status,
        reason: Option<String>,
    ) -> Result<Stepped, AppError> {
        let actor = actor()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let mut work = store.begin(&actor, request, clock.now()).await?;
        work.perform(inspection, Some(expected), Mutation::SetStatus { to, reason }).await?;
        work.commit().await?;
        Ok(Stepped { inspection, status: to })
    }

    fn name(inspection: &Inspection) -> InspectionName {
        let Inspection { id, reference, name, .. } = inspection;
        InspectionName { id: *id, reference: reference.clone(), name: name.clone() }
    }

    fn row_name(row: &ChangeRow) -> InspectionName {
        let (id, reference, name) =
            (row.change.inspection_id, row.reference.clone(), row.name.clone());
        InspectionName { id, reference, name }
    }

    /// What the sections are called that the page's changes name by id: a section bears the id of
    /// the change that added it, and that change knows its title.
    async fn titles(
        store: &Store,
        page: &ChangePage,
    ) -> Result<Vec<(SectionId, String)>, AppError> {
        let named: BTreeSet<_> = page.rows().flat_map(|row| sections_named(&row.change)).collect();
        let mut titles = Vec::new();
        for section in named {
            let added = store.change(ChangeId(section.0)).await?;
            let title = added.and_then(|row| row.change.record.related).map(|related| related.text);
            titles.extend(title.map(|title| (section, title)));
        }
        Ok(titles)
    }

    fn sections_named(change: &Change) -> impl Iterator<Item = SectionId> {
        let data = &change.record.data;
        let values = data.before.iter().chain(data.after.iter());
        values.filter_map(|(_, value)| match value {
            Value::Section(section) => *section,
            _ => None,
        })
    }
}
