//! The forms of the inspection pages, sent without JavaScript. One that is refused comes back with its
//! page ([`Again`](super::Again)); what was typed never stands in an address.

use super::{
    form::{self, EXPECTED, REQUEST, TARGET, Typed},
    target,
};
use crate::{error::AppError, request_id};
use chrono::{DateTime, Utc};
use domain::{Actor, Inspection, InspectionId, Mutation, Target, may_create};
use std::str::FromStr;
use store::Store;
use uuid::Uuid;

/// Lets those pass who may start an inspection.
///
/// # Errors
/// Everybody else.
pub(super) fn may_start(actor: &Actor) -> Result<(), AppError> {
    if may_create(actor.role) {
        return Ok(());
    }
    let why = "Reviewers look at inspections; inspectors and admins start them.";
    Err(AppError::Forbidden(why.into()))
}

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
    may_start(actor)?;
    let values = form::values(form, Inspection::EDITABLE)?;
    let mut work = store.begin(actor, request_of(form)?, now).await?;
    let change = work.create(values).await?;
    work.commit().await?;
    Ok(change.inspection_id)
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
    let mut work = store.begin(actor, request_of(form)?, now).await?;
    let change = work.perform(id, expected, mutation.clone()).await?;
    work.commit().await?;
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

/// The form's own request id, or a new one where it has none.
pub(super) fn request_of(form: &Typed) -> Result<Uuid, AppError> {
    Ok(hidden(form, REQUEST)?.unwrap_or_else(request_id::new))
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
