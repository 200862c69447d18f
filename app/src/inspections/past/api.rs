//! Server functions of the pages about past states.

#[cfg(feature = "ssr")]
use super::query::{AT, FROM, STEP, TO, asked, asks_for_review};
#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::{
    id::InspectionId,
    view::{CompareView, PastView},
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use service::past::Since;

/// Loads an inspection in the state that a query string names, by default the current one.
#[server(name = AskPast, output = Compact, endpoint = "past")]
pub async fn past(inspection: InspectionId, query: String) -> Result<PastView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::past::past(&store, &actor, inspection, asked(&query, (AT, STEP))?).await?)
}

/// Compares the two states that a query string names, by default the first and the current one.
#[server(name = AskComparison, output = Compact, endpoint = "comparison")]
pub async fn comparison(inspection: InspectionId, query: String) -> Result<CompareView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let from = match asks_for_review(&query) {
        true => Since::LastReview,
        false => Since::Moment(asked(&query, FROM)?),
    };
    Ok(service::past::comparison(&store, &actor, inspection, from, asked(&query, TO)?).await?)
}
