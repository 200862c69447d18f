//! Server functions of the page about undoing a change or restoring a state.

#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    inspections::{
        plain::{request_of, required},
        revert::{address, place},
    },
};
use crate::{error::AppError, inspections::form::Typed};
use domain::{InspectionId, view::RevertView};
use leptos::prelude::*;

/// Previews what a query string asks for: which change to undo or restore, and what was decided.
#[server(name = PreviewBack)]
pub async fn preview(inspection: InspectionId, query: String) -> Result<RevertView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let typed = address::typed(&query);
    let (aim, choices) = (address::aim(&typed)?, place::choices(&typed)?);
    let view = service::revert::preview(&store, &actor, inspection, aim, &choices).await?;
    Ok(RevertView { failed: address::failure(&typed), ..view })
}

/// Undoes the change or restores the state, and leads to the inspection; or back to the page that asked,
/// where it could not be done.
#[server(name = LeadBack)]
pub async fn lead_back(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let Caller { store, actor, now } = caller()?;
    let id: InspectionId = required(&form, "inspection")?;
    let at = (id, required(&form, "expected")?);
    let (aim, choices) = (address::aim(&form)?, place::choices(&form)?);
    let request = request_of(&form)?;
    let done = service::revert::lead_back(&store, &actor, now, request, at, aim, &choices).await;
    leptos_axum::redirect(&address::after(id, form, done)?);
    Ok(())
}
