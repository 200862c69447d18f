//! Server functions of the dashboard.

#[cfg(feature = "ssr")]
use super::activity_view;
#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
#[cfg(feature = "ssr")]
use domain::feed::ChangeFilter;
use domain::{
    feed::EntryKey,
    id::ChangeId,
    view::{ChangesView, EntryView, Form, InspectionName, Outcome},
};
use leptos::prelude::*;

/// Loads a page of the dashboard, for the filter in a query string, or for the filter that the person
/// starts with where the query string is empty. Parts of it that cannot be read are left out, because the
/// page names them itself.
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
        false => ChangeFilter::from_query(&query).0,
    };
    Ok(service::changes::dashboard(&store, &actor, now.date_naive(), &filter, last).await?)
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
    let filter = ChangeFilter::from_query(&query).0;
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
    Ok(service::changes::act(&store, &actor, now, &query, &form).await?)
}

/// Draws the activity of the changes that match a filter.
#[server(name = AskActivity, input = Compact, output = Compact, endpoint = "activity")]
pub async fn activity(
    /// The query string.
    query: String,
) -> Result<String, AppError> {
    let Caller { store, actor, now } = caller()?;
    let filter = ChangeFilter::from_query(&query).0.first_page();
    let activity = service::changes::activity(&store, &actor, now.date_naive(), &filter).await?;
    Ok(activity_view::render(&activity, &filter))
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
