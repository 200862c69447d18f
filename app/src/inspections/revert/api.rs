//! Server functions of the revert page.

#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    inspections::{
        plain::{request_of, required},
        revert::{address, place},
    },
};
use crate::{error::AppError, form::Typed, wire::Compact};
use domain::{id::InspectionId, view::RevertView};
use leptos::prelude::*;

/// Previews the revert in a query string, which names the change or state and the choices made so far.
#[server(name = PreviewRevert, output = Compact, endpoint = "preview")]
pub async fn preview(inspection: InspectionId, query: String) -> Result<RevertView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let typed = address::typed(&query);
    let (aim, choices) = (address::aim(&typed)?, place::choices(&typed)?);
    let view = service::revert::preview(&store, &actor, inspection, aim, &choices).await?;
    Ok(RevertView { failed: address::failure(&typed), ..view })
}

/// Performs the revert and redirects to the inspection; after a failure, redirects to the revert page.
#[server(name = PerformRevert, output = Compact, endpoint = "perform_revert")]
pub async fn perform_revert(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let Caller { store, actor, now } = caller()?;
    let id: InspectionId = required(&form, "inspection")?;
    let at = (id, required(&form, "expected")?);
    let (aim, choices) = (address::aim(&form)?, place::choices(&form)?);
    let request = request_of(&form)?;
    let done =
        service::revert::perform_revert(&store, &actor, now, request, at, aim, &choices).await;
    leptos_axum::redirect(&address::after(id, form, done)?);
    Ok(())
}
