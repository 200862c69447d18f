//! Who may do what. The server asks these rules to refuse, the page asks them to hide.

use crate::{Action, Actor, Inspection, Mutation, Record, Role, Status, UserId};
use serde::{Deserialize, Serialize};

/// Why someone may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Denied {
    /// It is someone else's inspection.
    #[error("This is another inspector's inspection. Ask them, or an admin.")]
    NotYours,
    /// Their role does not do that.
    #[error("Your role does not allow this. Ask an admin if it should.")]
    Role,
    /// It is past draft, so its contents are fixed.
    #[error("It is no longer a draft, so its contents are fixed. Revert it to draft first.")]
    Locked,
    /// The inspection was removed.
    #[error("This inspection was removed.")]
    Removed,
}

/// Whether someone may see an inspection, its photos, reports and history.
pub fn may_see(actor: &Actor, inspection: &Inspection) -> bool {
    actor.role != Role::Inspector || owns(actor, inspection)
}

/// Whether someone may open the dashboard of all changes.
pub fn may_review_changes(role: Role) -> bool {
    role != Role::Inspector
}

/// Whether someone may add, change and disable users.
pub fn may_manage_users(role: Role) -> bool {
    role == Role::Admin
}

/// Whether someone may disable or delete a user or change their role: an admin, and never their own
/// account, so that there is always an admin left.
pub fn may_restrict_user(actor: &Actor, user: UserId) -> bool {
    may_manage_users(actor.role) && actor.id != user
}

/// Whether someone may start a new inspection.
pub fn may_create(role: Role) -> bool {
    role != Role::Reviewer
}

/// Whether someone may do an action to an inspection as it stands now. Whether there is such a
/// status step is [planned](Inspection::plan), not asked here.
///
/// # Errors
/// Why not.
pub fn may(actor: &Actor, action: Action, inspection: &Inspection) -> Result<(), Denied> {
    if inspection.removed {
        return Err(Denied::Removed);
    }
    if !may_see(actor, inspection) {
        return Err(Denied::NotYours);
    }
    let works_on_it = actor.role == Role::Admin || owns(actor, inspection);
    match action {
        Action::CreatePdf | Action::DownloadPdf | Action::StatusComplete | Action::StatusDraft => {
            Ok(())
        }
        // Only undoing leads from complete to review: who may complete may take that back.
        Action::StatusReview if works_on_it || inspection.status == Status::Complete => Ok(()),
        Action::StatusReview => Err(Denied::Role),
        Action::Edit
        | Action::AddPhoto
        | Action::Remove
        | Action::AddSection
        | Action::RemoveSection => match (works_on_it, inspection.status) {
            (true, Status::Draft) => Ok(()),
            (true, Status::Review | Status::Complete) => Err(Denied::Locked),
            (false, _) => Err(Denied::Role),
        },
    }
}

/// Whether someone may correct an inspection's fields: an admin, in whatever status it is, because a
/// correction says why and is recorded as such.
///
/// # Errors
/// Why not.
pub fn may_correct(actor: &Actor, inspection: &Inspection) -> Result<(), Denied> {
    if actor.role != Role::Admin {
        return Err(Denied::Role);
    }
    if inspection.removed { Err(Denied::Removed) } else { Ok(()) }
}

/// Whether someone may take a recorded step to an inspection as it stands before it. The rules are
/// those of its action, or of a correction; a removed inspection is brought back by whoever could have
/// removed it.
///
/// # Errors
/// Why not.
pub fn may_take(actor: &Actor, record: &Record, inspection: &Inspection) -> Result<(), Denied> {
    match record.mutation() {
        Ok(Mutation::BringBack) if inspection.removed => {
            let back = Inspection { removed: false, ..inspection.clone() };
            may(actor, Action::Remove, &back)
        }
        Ok(Mutation::Correct { .. }) => may_correct(actor, inspection),
        _ => may(actor, record.action, inspection),
    }
}

/// Whether to offer someone the way to undo a change of an inspection that they may see. A reviewer
/// takes steps and leaves the contents alone, so only steps are theirs to undo. What it comes to is
/// asked of [`may_take`] once it is planned.
pub fn may_undo(role: Role, record: &Record) -> bool {
    record.action.alters()
        && (role != Role::Reviewer || Status::reached_by(record.action).is_some())
}

fn owns(actor: &Actor, inspection: &Inspection) -> bool {
    inspection.inspector.as_ref().is_some_and(|inspector| inspector.id == actor.id)
}
