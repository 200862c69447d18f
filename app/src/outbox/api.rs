//! Server function that records a mutation of the outbox.

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Performs a mutation based on the state after `expected`. Returns all changes recorded since
/// then, oldest first; the mutation's own change is last.
#[server(name = PerformMutation, input = Compact, output = Compact, endpoint = "perform")]
pub async fn perform(
    inspection: InspectionId,
    expected: ChangeId,
    request: Uuid,
    mutation: Mutation,
) -> Result<Vec<Change>, AppError> {
    let Caller { store, actor, now } = caller()?;
    let at = (inspection, expected);
    Ok(service::inspections::perform_and_catch_up(&store, &actor, now, request, at, mutation)
        .await?)
}
