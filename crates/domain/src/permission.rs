//! Who may do what. The server asks these rules to refuse, the page asks them to hide.

use crate::{
    Action, Actor, Field, Inspection, Mutation, Record, Role, Status, Target, UserId, Value, Values,
};
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
    #[error("It is no longer a draft, so it is locked. Reopen it first.")]
    Locked,
    /// The inspection was removed.
    #[error("This inspection was removed.")]
    Removed,
    /// It is their own work that they would approve.
    #[error("You cannot complete your own inspection. A reviewer does that.")]
    OwnWork,
    /// Only an admin says whose inspection it is.
    #[error("Only an admin can give an inspection to somebody else.")]
    Assignment,
}

/// Returns whether someone may see an inspection, its photos, reports and history.
pub fn may_see(actor: &Actor, inspection: &Inspection) -> bool {
    actor.role != Role::Inspector || owns(actor, inspection)
}

/// Returns whether someone may open the dashboard of all changes.
pub fn may_review_changes(role: Role) -> bool {
    role != Role::Inspector
}

/// Returns whether someone may add, change and disable users.
pub fn may_manage_users(role: Role) -> bool {
    role == Role::Admin
}

/// Returns whether someone may disable or delete a user or change their role: an admin, and never their own
/// account, so that there is always an admin left.
pub fn may_restrict_user(actor: &Actor, user: UserId) -> bool {
    may_manage_users(actor.role) && actor.id != user
}

/// Returns whether someone may start a new inspection.
pub fn may_create(role: Role) -> bool {
    role != Role::Reviewer
}

/// Returns whether someone may do an action to an inspection as it stands now. Whether there is such a
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
        Action::StatusComplete if owns(actor, inspection) && actor.role != Role::Admin => {
            Err(Denied::OwnWork)
        }
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

/// Returns whether someone may put a person into the inspector's field: an admin, whoever it is; others only
/// themselves, where they start an inspection.
///
/// # Errors
/// Why not.
pub fn may_assign(actor: &Actor, values: &Values, inspection: &Inspection) -> Result<(), Denied> {
    let Some(Value::Person(chosen)) = values.get(Field::Inspector) else { return Ok(()) };
    let chosen = chosen.as_ref().map(|person| person.id);
    let now = inspection.inspector.as_ref().map(|person| person.id);
    let is_start = now.is_none() && chosen == Some(actor.id);
    if actor.role == Role::Admin || chosen == now || is_start {
        return Ok(());
    }
    Err(Denied::Assignment)
}

/// Returns whether someone may do a mutation to an inspection as it stands now. For one that starts an inspection
/// that is a blank one.
///
/// # Errors
/// Why not.
pub fn may_perform(
    actor: &Actor,
    mutation: &Mutation,
    inspection: &Inspection,
) -> Result<(), Denied> {
    match mutation {
        Mutation::Create { values } => {
            if !may_create(actor.role) {
                return Err(Denied::Role);
            }
            // Nobody starts an inspection that they could not see.
            let is_nobodys = values.get(Field::Inspector) == Some(&Value::Person(None));
            if is_nobodys && actor.role != Role::Admin {
                return Err(Denied::Assignment);
            }
            return may_assign(actor, values, inspection);
        }
        _ if !may_see(actor, inspection) => return Err(Denied::NotYours),
        Mutation::Correct { .. } => may_correct(actor, inspection)?,
        _ => {
            // A status that no action leads to is refused by the plan, which can say why.
            if let Some(action) = mutation.action(inspection.status) {
                may(actor, action, inspection)?;
            }
        }
    }
    match mutation {
        Mutation::Edit { target: Target::Inspection, values } => {
            may_assign(actor, values, inspection)
        }
        _ => Ok(()),
    }
}

/// Returns whether someone may correct an inspection's fields: an admin, in whatever status it is, because a
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

/// Returns whether someone may take a recorded step to an inspection as it stands before it. The rules are
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
        _ => {
            may(actor, record.action, inspection)?;
            may_assign(actor, &record.data.after, inspection)
        }
    }
}

/// Returns whether to offer someone the way to undo a change of an inspection that they may see. A reviewer
/// takes steps and leaves the contents alone, so only steps are theirs to undo. Result is
/// asked of [`may_take`] once it is planned.
pub fn may_undo(role: Role, record: &Record) -> bool {
    record.action.alters()
        && (role != Role::Reviewer || Status::reached_by(record.action).is_some())
}

fn owns(actor: &Actor, inspection: &Inspection) -> bool {
    inspection.inspector.as_ref().is_some_and(|inspector| inspector.id == actor.id)
}
