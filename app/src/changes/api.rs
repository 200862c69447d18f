//! Server functions of the dashboard.

#[cfg(feature = "ssr")]
use super::activity_view;
#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    scripts,
};
use crate::{error::AppError, wire::Compact};
#[cfg(feature = "ssr")]
use domain::feed::{ChangeFilter, FilterProblem};
use domain::{
    feed::EntryKey,
    id::ChangeId,
    view::{ChangesView, EntryView, FilterValues, Form, InspectionName, Outcome},
};
use leptos::prelude::*;

/// Parses the filter of a page, which leaves out and names the parts of its address that cannot be read.
///
/// # Errors
/// A part cannot be read. A search without words is valid, because the page shows that nothing matches.
#[cfg(feature = "ssr")]
fn filter_of(query: &str) -> Result<ChangeFilter, AppError> {
    let (filter, problems) = ChangeFilter::from_query(query);
    let wrong = problems.into_iter().find(|it| !matches!(it, FilterProblem::NoWords(_)));
    wrong.map_or(Ok(filter), |problem| Err(AppError::Unreadable(problem.to_string())))
}

/// Loads a page of the dashboard, for the filter in a query string, or for the filter that the person
/// starts with if the query string is empty.
#[server(name = AskChanges, input = Compact, output = Compact, endpoint = "changes")]
pub async fn changes(
    /// The query string.
    query: String,
    /// The last change that the entries take in, where the page is being read already.
    last: Option<ChangeId>,
) -> Result<ChangesView, AppError> {
    let Caller { store, actor, now } = caller()?;
    let filter = match query.is_empty() {
        true => service::changes::start_filter(&store, &actor).await?,
        false => filter_of(&query)?,
    };
    let today = now.date_naive();
    let mut view = service::changes::dashboard(&store, &actor, today, &filter, last).await?;
    if !scripts::are_known() {
        view.offered = Some(service::changes::filter_values(&store, &actor).await?);
    }
    Ok(view)
}

/// Loads the people and inspections in the menus of the filter.
#[server(name = AskFilterValues, input = Compact, output = Compact, endpoint = "filter_values")]
pub async fn filter_values() -> Result<FilterValues, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::changes::filter_values(&store, &actor).await?)
}

/// Loads more changes of an entry on the page of a query string.
#[server(name = AskEntry, input = Compact, output = Compact, endpoint = "entry")]
pub async fn entry(
    /// The query string.
    query: String,
    /// The entry.
    key: EntryKey,
    /// Only older than this change.
    before: ChangeId,
) -> Result<EntryView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let filter = filter_of(&query)?;
    Ok(service::changes::entry(&store, &actor, filter, key, before).await?)
}

/// Performs the act that a form asks for, on the page of a query string.
#[server(name = Act, input = Compact, output = Compact, endpoint = "act")]
pub async fn act(
    /// The query string.
    query: String,
    /// The names and values of the form.
    form: Form,
) -> Result<Outcome, AppError> {
    let Caller { store, actor, now } = caller()?;
    Ok(service::changes::act(&store, &actor, now, &query, form).await?)
}

/// Draws the activity of the changes that match a filter.
#[server(name = AskActivity, input = Compact, output = Compact, endpoint = "activity")]
pub async fn activity(
    /// The query string.
    query: String,
) -> Result<String, AppError> {
    let Caller { store, actor, now } = caller()?;
    let filter = filter_of(&query)?.first_page();
    let activity = service::changes::activity(&store, &actor, now.date_naive(), &filter).await?;
    Ok(activity_view::render(&activity, &filter, !scripts::are_known()))
}

/// Renders the table of the activity of the changes that match a filter.
#[server(name = AskActivityTable, input = Compact, output = Compact, endpoint = "table_of_activity")]
pub async fn activity_table(
    /// The query string.
    query: String,
) -> Result<String, AppError> {
    let Caller { store, actor, now } = caller()?;
    let filter = filter_of(&query)?.first_page();
    let activity = service::changes::activity(&store, &actor, now.date_naive(), &filter).await?;
    Ok(activity_view::table(&activity, &filter))
}

/// Finds inspections whose reference or name holds each of these words, those that changed last first.
#[server(name = OfferInspections, input = Compact, output = Compact, endpoint = "offer_inspections")]
pub async fn offer_inspections(
    /// The words, or beginnings of them.
    words: String,
) -> Result<Vec<InspectionName>, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::changes::inspections_called(&store, &actor, &words).await?)
}
