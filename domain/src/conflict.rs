//! When an edit meets a newer inspection than it was made for.

use crate::{Action, Change, ChangeId, Mutation, Record, Target, UserId, Values};
use serde::{Deserialize, Serialize};

/// An edit was made for an older state than the one it met. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", sentence(.since))]
pub struct Conflict {
    /// The change it was made for.
    pub expected: ChangeId,
    /// The change the inspection stands at now.
    pub head: ChangeId,
    /// What happened in between and stands in the way, oldest first.
    pub since: Vec<Change>,
}

fn sentence(since: &[Change]) -> String {
    let Some(last) = since.last() else {
        return "The inspection has changed since you opened it. Load it again.".into();
    };
    let more = match since.len() - 1 {
        0 => String::new(),
        1 => " One more change came before that.".into(),
        more => format!(" {more} more changes came before that."),
    };
    format!(
        "{} {} while you were editing.{more} Nothing of yours was saved; look at it, then save again.",
        last.user_name,
        last.record.sentence(),
    )
}

/// Whether `since`, recorded after the state that `mutation` was made for, stands in its way.
///
/// Whatever alters the inspection does when someone else did it. What the same person did does only
/// if it touches the same fields of the same thing, so that photos which arrive while they type do
/// not get in their way. A report that is to be kept must show what there is, so there everything
/// that alters does, whoever did it. Making or reading a report never stands in the way of anything.
pub fn conflicts(mutation: &Mutation, actor: UserId, since: &Change) -> bool {
    let record = &since.record;
    if !record.action.alters() {
        return false;
    }
    if since.user_id != Some(actor) {
        return true;
    }
    match mutation {
        Mutation::Edit { target, values } => touches(record, *target, values),
        Mutation::Correct { values, .. } => touches(record, Target::Inspection, values),
        Mutation::SetStatus { .. } => record.fields == [crate::Field::Status],
        // A report must show the inspection as it is when the report is kept.
        Mutation::CreateReport { .. } => true,
        Mutation::Create { .. }
        | Mutation::AddSection { .. }
        | Mutation::RemoveSection { .. }
        | Mutation::AddEquipment { .. }
        | Mutation::AddPhoto { .. }
        | Mutation::Remove { .. }
        | Mutation::BringBack
        | Mutation::DownloadReport { .. } => false,
    }
}

/// Whether a record is about what an edit of these values is about.
fn touches(record: &Record, target: Target, values: &Values) -> bool {
    matches!(record.action, Action::Edit | Action::Remove | Action::RemoveSection)
        && record.target() == Some(target)
        && (record.fields.is_empty() || values.fields().any(|field| record.fields.contains(&field)))
}
