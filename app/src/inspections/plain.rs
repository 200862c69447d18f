//! Handlers of the inspection pages' forms that are sent without JavaScript. A refused form is shown again
//! with its page ([`RejectedForm`]), so typed text never appears in an address.

use super::again::RejectedForm;
use crate::{
    error::AppError,
    form::{self, EXPECTED, REQUEST, TARGET, Typed, target},
    request_id,
    upload_error::{REFUSED, UploadError},
};
use chrono::{DateTime, Utc};
use domain::{
    change::Mutation,
    id::InspectionId,
    inspection::{Inspection, Target},
    people::Actor,
};
use service::{Store, inspections, request_id_for};
use std::str::FromStr;
use uuid::Uuid;

/// Creates an inspection from a form.
///
/// # Errors
/// The actor may not create it, a value is invalid, or the store fails.
pub async fn start(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    form: &Typed,
) -> Result<InspectionId, AppError> {
    let values = form::values(form, Inspection::EDITABLE)?;
    Ok(inspections::start(store, actor, now, request_of(form)?, values).await?)
}

/// Performs the mutation of a form on an inspection. Returns the address that shows the result.
///
/// # Errors
/// The actor may not perform it, a value is invalid, another change conflicts, or the store fails.
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

/// Returns the refused files of a plain form, as named in the query string of its page.
pub(super) fn refused_files(query: &str) -> Option<RejectedForm> {
    let sentences: Vec<_> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .filter(|(name, _)| name == REFUSED)
        .filter_map(|(_, trouble)| Some(UploadError::from_query(&trouble)?.to_string()))
        .collect();
    let message = sentences.join(" ");
    (!message.is_empty())
        .then(|| RejectedForm { typed: Typed::default(), error: AppError::invalid("", message) })
}

/// Returns the form's request id, or a new one if the form has none. It is derived from the id in the form
/// and from all other values, so that the same form is performed once, and a form that was altered after
/// going back in the browser counts as a new request.
pub(super) fn request_of(form: &Typed) -> Result<Uuid, AppError> {
    let page = hidden(form, REQUEST)?;
    let content = form.iter().filter(|(name, _)| *name != REQUEST);
    Ok(page.map_or_else(request_id::new, |page| request_id_for(page, content)))
}

/// Parses the value of a control that the page filled in; `None` if the form has no such control. An
/// unreadable value is an error rather than `None`, because a stale form would otherwise overwrite newer
/// values.
pub(super) fn hidden<T: FromStr>(form: &Typed, name: &str) -> Result<Option<T>, AppError> {
    form.get(name).map(|text| text.parse().map_err(|_| unreadable(name))).transpose()
}

/// Parses the value of a control that every form of this kind has.
pub(super) fn required<T: FromStr>(form: &Typed, name: &str) -> Result<T, AppError> {
    hidden(form, name)?.ok_or_else(|| unreadable(name))
}

fn unreadable(name: &str) -> AppError {
    let hint = "Check what you typed below and send it again.";
    AppError::Unreadable(format!("The form's hidden field “{name}” cannot be read. {hint}"))
}
