//! Use cases of the dashboard of all changes, for reviewers.

use super::{name_of, require_reviewer};
use crate::{ServiceError, error::During};
use chrono::NaiveDate;
use domain::{
    change::Change,
    feed::{Activity, ChangeFilter, ChangePage, ChangeRow, EntryKey, ReviewState},
    id::{ChangeId, SectionId, UserId},
    inspection::{InspectionFilter, InspectionRow, Value},
    people::{Actor, Person},
    view::{ChangeContext, ChangesView, EntryView, FilterValues, InspectionName},
};
use std::collections::BTreeSet;
use store::Store;

/// Number of recently changed inspections that the filter menu offers.
const OFFERED: usize = 12;

/// Number of days that the activity covers if the filter has no first day.
const DAYS_OF_ACTIVITY: i64 = 30;

/// Returns the initial filter of a person's dashboard: their chosen view, by default the unreviewed changes.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn start_filter(store: &Store, viewer: &Actor) -> Result<ChangeFilter, ServiceError> {
    require_reviewer(viewer)?;
    let states = vec![ReviewState::Unreviewed];
    let unreviewed = ChangeFilter { states, ..ChangeFilter::default() };
    let chosen = store.start_view(viewer.id).await.during("find the start view", viewer.id)?;
    Ok(chosen.unwrap_or(unreviewed))
}

/// Loads a page of the dashboard. `last` is the newest change that its entries include, if an earlier page
/// has been loaded.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn dashboard(
    store: &Store,
    viewer: &Actor,
    today: NaiveDate,
    filter: &ChangeFilter,
    last: Option<ChangeId>,
) -> Result<ChangesView, ServiceError> {
    require_reviewer(viewer)?;
    let operation = "load the dashboard";
    let loaded = tokio::try_join!(store.changes(filter, last), store.saved_views(viewer.id));
    let (page, views) = loaded.during(operation, viewer.id)?;
    let named = FilterValues {
        people: people_named(store, viewer, filter).await?,
        inspections: inspections_named(store, filter, &page).await?,
    };
    let beside = beside(store, viewer, page.rows()).await?;
    let (query, viewer) = (filter.to_explicit_query(), viewer.clone());
    let offered = None;
    Ok(ChangesView { query, page, named, offered, beside, views, viewer, today, round: 0 })
}

/// Returns the people and inspections in the menus of the filter: everybody, and the inspections that
/// changed last.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn filter_values(store: &Store, viewer: &Actor) -> Result<FilterValues, ServiceError> {
    require_reviewer(viewer)?;
    let recent = InspectionFilter::default();
    let loaded = tokio::try_join!(store.users(), store.inspections(viewer, &recent));
    let (users, recent) = loaded.during("load the values of the filter", viewer.id)?;
    let people = users.into_iter().map(|user| Person { id: user.id, name: user.name }).collect();
    let named = |InspectionRow { id, reference, name, .. }| InspectionName { id, reference, name };
    let inspections = recent.rows.into_iter().take(OFFERED).map(named).collect();
    Ok(FilterValues { people, inspections })
}

/// Returns the people that a filter names.
async fn people_named(
    store: &Store,
    viewer: &Actor,
    filter: &ChangeFilter,
) -> Result<Vec<Person>, ServiceError> {
    let is_named = |id: &UserId| filter.users.contains(id) || filter.without.users.contains(id);
    if filter.users.is_empty() && filter.without.users.is_empty() {
        return Ok(Vec::new());
    }
    let users = store.users().await.during("name the people of a filter", viewer.id)?;
    let named = users.into_iter().filter(|user| is_named(&user.id));
    Ok(named.map(|user| Person { id: user.id, name: user.name }).collect())
}

/// Returns the inspections that a filter names. An unknown inspection has no name.
async fn inspections_named(
    store: &Store,
    filter: &ChangeFilter,
    page: &ChangePage,
) -> Result<Vec<InspectionName>, ServiceError> {
    let mut named = Vec::new();
    for id in filter.inspections.iter().chain(&filter.without.inspections) {
        let shown = page.rows().find(|row| row.change.inspection_id == *id);
        named.extend(match shown {
            Some(row) => Some(name_of_row(row)),
            // Reviewers may see all inspections.
            None => store
                .inspection(*id)
                .await
                .during("name the inspections of a filter", *id)?
                .as_ref()
                .map(name_of),
        });
    }
    Ok(named)
}

/// Loads more changes of an entry: those that match the filter and are older than `before`.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn entry(
    store: &Store,
    viewer: &Actor,
    filter: ChangeFilter,
    key: EntryKey,
    before: ChangeId,
) -> Result<EntryView, ServiceError> {
    require_reviewer(viewer)?;
    let filter = ChangeFilter { before: Some(before), ..filter };
    let page = store.entry_changes(&filter, key).await.during("load an entry", before)?;
    let beside = beside(store, viewer, page.rows.iter()).await?;
    Ok(EntryView { page, beside })
}

/// Counts the matching changes of each day up to `today`.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn activity(
    store: &Store,
    viewer: &Actor,
    today: NaiveDate,
    filter: &ChangeFilter,
) -> Result<Activity, ServiceError> {
    require_reviewer(viewer)?;
    let days = match filter.from {
        Some(from) => (filter.to.unwrap_or(today) - from).num_days() + 1,
        None => DAYS_OF_ACTIVITY,
    };
    let days = u64::try_from(days).unwrap_or(1);
    store.activity(filter, days, today).await.during("count changes by day", viewer.id)
}

/// Finds inspections whose reference or name contains all of these words, most recently changed first.
///
/// # Errors
/// The person may not review changes, or the database fails.
pub async fn inspections_called(
    store: &Store,
    viewer: &Actor,
    words: &str,
) -> Result<Vec<InspectionName>, ServiceError> {
    require_reviewer(viewer)?;
    let found = store.inspections_called(words).await.during("find inspections", viewer.id)?;
    let named = |(id, reference, name)| InspectionName { id, reference, name };
    Ok(found.into_iter().map(named).collect())
}

fn name_of_row(row: &ChangeRow) -> InspectionName {
    let (id, reference, name) = (row.change.inspection_id, row.reference.clone(), row.name.clone());
    InspectionName { id, reference, name }
}

async fn beside(
    store: &Store,
    viewer: &Actor,
    rows: impl Iterator<Item = &ChangeRow> + Clone,
) -> Result<ChangeContext, ServiceError> {
    let operation = "load the data beside changes";
    let sections: BTreeSet<_> = rows.clone().flat_map(|row| sections_named(&row.change)).collect();
    let sections: Vec<_> = sections.into_iter().collect();
    let shown: Vec<_> = rows.clone().map(|row| row.change.id).collect();
    let commented: Vec<_> = rows.filter(|row| row.comments > 0).map(|row| row.change.id).collect();
    let titles = match sections.is_empty() {
        true => Vec::new(),
        false => store.section_titles(&sections).await.during(operation, viewer.id)?,
    };
    let comments = match commented.is_empty() {
        true => Vec::new(),
        false => store.comments_on(&commented).await.during(operation, viewer.id)?,
    };
    let undone = store.undone(&shown).await.during(operation, viewer.id)?;
    Ok(ChangeContext { titles, comments, undone })
}

fn sections_named(change: &Change) -> impl Iterator<Item = SectionId> {
    let data = &change.record.data;
    let values = data.before.iter().chain(data.after.iter());
    values.filter_map(|(_, value)| match value {
        Value::Section(section) => *section,
        _ => None,
    })
}
