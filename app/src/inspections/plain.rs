//! The forms of the inspection pages, sent without JavaScript. One that is refused comes back with its
//! page ([`RejectedForm`](super::Again)); what was typed never stands in an address.

use super::{
    again::RejectedForm,
    form::{self, EXPECTED, REQUEST, TARGET, Typed},
    target,
    upload_error::{REFUSED, UploadError},
};
use crate::{error::AppError, request_id};
use chrono::{DateTime, Utc};
use domain::{Actor, Inspection, InspectionId, Mutation, Target};
use service::{Store, inspections, request_id_for};
use std::str::FromStr;
use uuid::Uuid;

/// Starts an inspection.
///
/// # Errors
/// The actor may not, what was typed cannot stand, or the store failed.
pub async fn start(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    form: &Typed,
) -> Result<InspectionId, AppError> {
    let values = form::values(form, Inspection::EDITABLE)?;
    Ok(inspections::start(store, actor, now, request_of(form)?, values).await?)
}

/// Performs what a form asks for on an inspection; answers with the address at which it shows.
///
/// # Errors
/// The actor may not, what was typed cannot stand, someone else was faster, or the store failed.
pub async fn send(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    id: InspectionId,
    form: &Typed,
) -> Result<String, AppError> {
    if form::target_of(form).is_none() {
        return Err(unreadable(TARGET));
    }
    let mutation = form::mutation(form)?;
    let expected = hidden(form, EXPECTED)?;
    let (request, asked) = (request_of(form)?, mutation.clone());
    let change = inspections::perform(store, actor, now, request, (id, expected), asked).await?;
    Ok(match (&mutation, change) {
        (Mutation::Remove { target: Target::Inspection }, _) => "/inspections".into(),
        (Mutation::AddSection { .. }, Some(change)) => {
            format!("/inspections/{id}#section-{}", change.id)
        }
        (Mutation::AddEquipment { .. }, Some(change)) => {
            format!("/inspections/{id}#equipment-{}", change.id)
        }
        (Mutation::Edit { target, .. }, _) => {
            format!("/inspections/{id}#{}", target::slug(*target))
        }
        _ => format!("/inspections/{id}"),
    })
}

/// The files of a plain form that were refused, as the query string of its page names them.
pub(super) fn refused_files(query: &str) -> Option<RejectedForm> {
    let sentences: Vec<_> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .filter(|(name, _)| name == REFUSED)
        .filter_map(|(_, trouble)| Some(UploadError::from_query(&trouble)?.to_string()))
        .collect();
    let message = sentences.join(" ");
    (!message.is_empty())
        .then(|| RejectedForm { typed: Typed::default(), error: AppError::invalid("", message) })
}

/// The form's own request id, or a new one where it has none. It follows from the id in the form and from
/// everything that the form says, so that the same form does something once, and one that was altered after
/// going back in the browser does something else.
pub(super) fn request_of(form: &Typed) -> Result<Uuid, AppError> {
    let page = hidden(form, REQUEST)?;
    let content = form.iter().filter(|(name, _)| *name != REQUEST);
    Ok(page.map_or_else(request_id::new, |page| request_id_for(page, content)))
}

/// The value of a control that the page filled in itself; `None` where the form has no such control. One
/// that cannot be read never counts as none, because a stale form would then overwrite what is newer.
pub(super) fn hidden<T: FromStr>(form: &Typed, name: &str) -> Result<Option<T>, AppError> {
    form.get(name).map(|text| text.parse().map_err(|_| unreadable(name))).transpose()
}

/// The value of a control that every form of this kind has.
pub(super) fn required<T: FromStr>(form: &Typed, name: &str) -> Result<T, AppError> {
    hidden(form, name)?.ok_or_else(|| unreadable(name))
}

fn unreadable(name: &str) -> AppError {
    let hint = "Check what you typed below and send it again.";
    AppError::Unreadable(format!("The form's hidden field “{name}” cannot be read. {hint}"))
}
