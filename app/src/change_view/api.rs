//! Server functions of the history and of comments.

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::{
    id::{ChangeId, CommentId, InspectionId},
    view::HistoryView,
};
use leptos::prelude::*;

/// Loads a page of an inspection's history: the newest changes, or those older than `before`.
#[server(name = AskHistory, input = Compact, output = Compact, endpoint = "history")]
pub async fn history(
    /// The inspection.
    inspection: InspectionId,
    /// Only older than this change.
    before: Option<ChangeId>,
) -> Result<HistoryView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::changes::history(&store, &actor, inspection, before).await?)
}

/// Deletes a comment of one's own.
#[server(output = Compact, endpoint = "delete_comment")]
pub async fn delete_comment(
    /// The comment.
    comment: CommentId,
) -> Result<(), AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::changes::delete_comment(&store, &actor, comment).await?)
}
