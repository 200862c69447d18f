//! What the dashboard and the history ask the server for.

use super::act::{Form, Outcome};
use crate::{error::AppError, wire::Compact};
use chrono::NaiveDate;
use domain::{
    Actor, Change, ChangeId, ChangePage, Comment, CommentId, EntryKey, EntryPage, InspectionId,
    Person, SavedView, SectionId, Status, UserId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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
    /// The query it answers: the one asked for, or where none was, what the person starts with.
    pub query: String,
    /// The changes, and the counts beside the filter.
    pub page: ChangePage,
    /// Whom to choose from.
    pub people: Vec<Person>,
    /// The inspections to choose from: those that changed last, before them what else is chosen.
    pub inspections: Vec<InspectionName>,
    /// What stands beside its changes.
    pub beside: Beside,
    /// The filters that the person keeps, where they stand beside the feed.
    pub views: Vec<SavedView>,
    /// Who is looking.
    pub viewer: Actor,
    /// The day it is, UTC.
    pub today: NaiveDate,
    /// The number that the browser gave its request for this page; 0 from the server.
    pub round: u32,
}

/// What changes need to be shown, besides themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What sections are called that the changes name by id.
    pub titles: Vec<(SectionId, String)>,
    /// What was said about the changes, oldest first.
    pub comments: Vec<Comment>,
    /// Those of them that were undone, each with the change that did it.
    pub undone: Vec<(ChangeId, ChangeId)>,
}

/// More of an opened entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The changes.
    pub page: EntryPage,
    /// What stands beside them.
    pub beside: Beside,
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
    /// Those of them that were undone, each with the change that did it.
    pub undone: Vec<(ChangeId, ChangeId)>,
    /// Older than this one, there are more.
    pub next: Option<ChangeId>,
    /// What its sections are called.
    pub titles: Vec<(SectionId, String)>,
    /// Whether its record verifies.
    pub verified: Verified,
    /// What was said about its changes, oldest first.
    pub comments: Vec<Comment>,
    /// Who is looking.
    pub viewer: UserId,
}

/// Whether the record of an inspection verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verified {
    /// It does, with so many changes.
    Sound(i64),
    /// It does not: the first thing that is wrong, in a sentence.
    Wrong(String),
}

/// A page of the dashboard, for the filter in this query string. What of it cannot be read is passed
/// over; the page says so itself.
#[server(name = AskChanges, input = Compact, output = Compact)]
pub async fn changes(
    /// The query string.
    query: String,
    /// The last change that the entries take in, where the page is being read already.
    last: Option<ChangeId>,
) -> Result<ChangesView, AppError> {
    server::changes(&query, last).await
}

/// More of an entry on the page of that query.
#[server(name = AskEntry, input = Compact, output = Compact)]
pub async fn entry(
    /// The query string.
    query: String,
    /// The entry.
    key: EntryKey,
    /// Only older than this change.
    before: ChangeId,
) -> Result<EntryView, AppError> {
    server::entry(&query, key, before).await
}

/// Takes a comment of one's own back.
#[server(output = Compact)]
pub async fn delete_comment(
    /// The comment.
    comment: CommentId,
) -> Result<(), AppError> {
    let actor = crate::auth::actor()?;
    expect_context::<store::Store>().delete_comment(&actor, comment).await?;
    Ok(())
}

/// A page of an inspection's history: the newest, or those older than `before`.
#[server(name = AskHistory, input = Compact, output = Compact)]
pub async fn history(
    /// Whose history.
    inspection: InspectionId,
    /// Only older than this change.
    before: Option<ChangeId>,
) -> Result<HistoryView, AppError> {
    server::history(inspection, before).await
}

/// Does what a reviewer asks for, on the page of that query.
#[server(name = Act, input = Compact, output = Compact)]
pub async fn act(
    /// The query string.
    query: String,
    /// What the form says.
    form: Form,
) -> Result<Outcome, AppError> {
    super::act::act(&query, &form).await
}

/// The activity of what a filter matches, as the server draws it.
#[server(name = AskActivity, input = Compact, output = Compact)]
pub async fn activity(
    /// The query string.
    query: String,
) -> Result<String, AppError> {
    server::activity(&query).await
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Beside, ChangesView, EntryView, HistoryView, InspectionName, Verified};
    use crate::{
        auth::{actor, reviewer},
        changes::{Acted, activity_view, chips::address},
        error::AppError,
    };
    use domain::{
        Actor, Change, ChangeFilter, ChangeId, ChangeRow, EntryKey, Inspection, InspectionFilter,
        InspectionId, InspectionRow, Person, ReviewState, SectionId, Value, may_see,
    };
    use leptos::prelude::{expect_context, use_context};
    use std::collections::BTreeSet;
    use store::{Clock, Store, VerifyError};

    /// How many of the inspections that changed last the filter offers.
    const OFFERED: usize = 12;

    /// How many changes a page of history has.
    const HISTORY: i64 = 50;

    pub(super) async fn changes(
        query: &str,
        last: Option<ChangeId>,
    ) -> Result<ChangesView, AppError> {
        let viewer = reviewer()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let filter = match query {
            "" => first_filter(&store, &viewer).await?,
            query => ChangeFilter::from_query(query).0,
        };
        let recent = InspectionFilter::default();
        let (page, users, recent, views) = tokio::try_join!(
            store.changes(&filter, last),
            store.users(),
            store.inspections(&viewer, &recent),
            store.saved_views(viewer.id),
        )?;

        let mut inspections = Vec::new();
        let recent: Vec<_> = recent
            .rows
            .into_iter()
            .take(OFFERED)
            .map(|InspectionRow { id, reference, name, .. }| InspectionName { id, reference, name })
            .collect();
        for id in filter.inspections.iter().chain(&filter.without.inspections) {
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
        let people =
            users.into_iter().map(|user| Person { id: user.id, name: user.name }).collect();
        let today = clock.now().date_naive();
        let query = said(&filter);
        let beside = beside(&store, page.rows()).await?;
        Ok(ChangesView { query, page, people, inspections, beside, views, viewer, today, round: 0 })
    }

    pub(super) async fn entry(
        query: &str,
        key: EntryKey,
        before: ChangeId,
    ) -> Result<EntryView, AppError> {
        reviewer()?;
        let store = expect_context::<Store>();
        let filter = ChangeFilter { before: Some(before), ..ChangeFilter::from_query(query).0 };
        let page = store.entry_changes(&filter, key).await?;
        let beside = beside(&store, page.rows.iter()).await?;
        Ok(EntryView { page, beside })
    }

    /// What the dashboard shows where the address says nothing: the view that the person chose to
    /// start with, or else what nobody has reviewed. A page that is being made leads there.
    async fn first_filter(store: &Store, viewer: &Actor) -> Result<ChangeFilter, AppError> {
        let states = vec![ReviewState::Unreviewed];
        let unreviewed = ChangeFilter { states, ..ChangeFilter::default() };
        let filter = store.start_view(viewer.id).await?.unwrap_or(unreviewed);
        let page = use_context::<http::request::Parts>()
            .is_some_and(|request| request.uri.path() == "/changes" && request.method == "GET");
        // The outcome of a form is shown on the page that answers it.
        if page && use_context::<Acted>().is_none() {
            leptos_axum::redirect(&address(&filter));
        }
        Ok(filter)
    }

    /// The query of the address of a filter.
    fn said(filter: &ChangeFilter) -> String {
        address(filter).split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    pub(super) async fn activity(query: &str) -> Result<String, AppError> {
        reviewer()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let filter = ChangeFilter::from_query(query).0.first_page();
        let today = clock.now().date_naive();
        let days = match filter.from {
            Some(from) => (filter.to.unwrap_or(today) - from).num_days() + 1,
            None => 30,
        };
        let days = u64::try_from(days).unwrap_or(1);
        let activity = store.activity(&filter, days, today).await?;
        Ok(activity_view::drawn(&activity, &filter))
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
            .ok_or_else(|| AppError::NotFound("Inspection not found.".into()))?;
        let changes = store.history(id, before, HISTORY).await?;
        let next = changes.last().map(|change| change.id).filter(|oldest| oldest.0 > id.0);
        let titles =
            inspection.sections.iter().map(|section| (section.id, section.title.clone())).collect();
        let verified = match store.verify_inspection(id).await {
            Ok(changes) => Verified::Sound(changes),
            Err(VerifyError::Wrong(wrong)) => {
                tracing::error!(inspection = id.0, %wrong, "a record does not verify");
                Verified::Wrong(wrong.to_string())
            }
            Err(VerifyError::Failed(error)) => return Err(error.into()),
        };
        let comments = store.comments_of(id).await?;
        let shown: Vec<_> = changes.iter().map(|change| change.id).collect();
        let undone = store.undone(&shown).await?;
        Ok(HistoryView {
            inspection: name(&inspection),
            status: inspection.status,
            removed: inspection.removed,
            changes,
            undone,
            next,
            titles,
            verified,
            comments,
            viewer: viewer.id,
        })
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

    async fn beside(
        store: &Store,
        rows: impl Iterator<Item = &ChangeRow> + Clone,
    ) -> Result<Beside, AppError> {
        let sections: BTreeSet<_> =
            rows.clone().flat_map(|row| sections_named(&row.change)).collect();
        let sections: Vec<_> = sections.into_iter().collect();
        let shown: Vec<_> = rows.clone().map(|row| row.change.id).collect();
        let told: Vec<_> = rows.filter(|row| row.comments > 0).map(|row| row.change.id).collect();
        let titles = match sections.is_empty() {
            true => Vec::new(),
            false => store.section_titles(&sections).await?,
        };
        let comments = match told.is_empty() {
            true => Vec::new(),
            false => store.comments_on(&told).await?,
        };
        let undone = store.undone(&shown).await?;
        Ok(Beside { titles, comments, undone })
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
