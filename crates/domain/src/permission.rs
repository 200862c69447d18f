//! Permissions. The server enforces these rules, and the pages hide what they forbid.

use crate::{
    change::{Action, ActionClass, Mutation, MutationKind, Record},
    id::UserId,
    inspection::{Field, Inspection, Status, Target, Value, Values},
    people::{Actor, Denied, Role},
};

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

/// Whether a role manages the organisation that reports are from.
pub fn may_manage_organisation(role: Role) -> bool {
    role == Role::Admin
}

/// Returns whether someone may disable or delete a user or change their role: an admin, but not for
/// their own account, so that one admin always remains.
pub fn may_restrict_user(actor: &Actor, user: UserId) -> bool {
    may_manage_users(actor.role) && actor.id != user
}

/// Returns whether someone may create an inspection.
pub fn may_create(role: Role) -> bool {
    role != Role::Reviewer
}

/// Checks whether someone may do an action to an inspection in its present state. Whether the
/// status change exists is checked by [`plan`](Inspection::plan).
///
/// # Errors
/// The reason why not.
pub fn may(actor: &Actor, action: Action, inspection: &Inspection) -> Result<(), Denied> {
    if inspection.removed {
        return Err(Denied::Removed);
    }
    if !may_see(actor, inspection) {
        return Err(Denied::NotYours);
    }
    let works_on_it = actor.role == Role::Admin || owns(actor, inspection);
    match action.class() {
        ActionClass::Approval if owns(actor, inspection) && actor.role != Role::Admin => {
            Err(Denied::OwnWork)
        }
        ActionClass::Report | ActionClass::Approval | ActionClass::Return => Ok(()),
        // Only undoing leads from complete to review. Everybody who may complete may undo that.
        ActionClass::Submission if works_on_it || inspection.status == Status::Complete => Ok(()),
        ActionClass::Submission => Err(Denied::Role),
        ActionClass::Content => match (works_on_it, inspection.status) {
            (true, Status::Draft) => Ok(()),
            (true, Status::Review | Status::Complete) => Err(Denied::Locked),
            (false, _) => Err(Denied::Role),
        },
    }
}

/// Checks whether someone may assign a person as the inspector: an admin may assign anyone; others
/// only themselves, when they create an inspection.
///
/// # Errors
/// The reason why not.
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

/// Checks whether someone may perform a mutation on an inspection in its present state. To create
/// an inspection, pass a blank one.
///
/// # Errors
/// The reason why not.
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
            // Otherwise they would create an inspection that they cannot see.
            let is_nobodys = values.get(Field::Inspector) == Some(&Value::Person(None));
            if is_nobodys && actor.role != Role::Admin {
                return Err(Denied::Assignment);
            }
            return may_assign(actor, values, inspection);
        }
        _ if !may_see(actor, inspection) => return Err(Denied::NotYours),
        Mutation::Correct { .. } => may_correct(actor, inspection)?,
        _ => {
            // A status that no action leads to is refused by the plan, which can give the reason.
            if let Some(action) = mutation.action(inspection.status) {
                may(actor, action, inspection)?;
            }
        }
    }
    match (mutation.target(), mutation.values()) {
        (Target::Inspection, Some(values)) => may_assign(actor, values, inspection),
        _ => Ok(()),
    }
}

/// Checks whether someone may correct an inspection's fields: an admin may, in any status, because
/// a correction has a reason and is recorded as such.
///
/// # Errors
/// The reason why not.
pub fn may_correct(actor: &Actor, inspection: &Inspection) -> Result<(), Denied> {
    if actor.role != Role::Admin {
        return Err(Denied::Role);
    }
    if inspection.removed { Err(Denied::Removed) } else { Ok(()) }
}

/// Checks whether someone may take a recorded step on an inspection in its state before it. The
/// rules are those of the step's action, or of a correction; a removed inspection may be brought
/// back by everybody who could have removed it.
///
/// # Errors
/// The reason why not.
pub fn may_take(actor: &Actor, record: &Record, inspection: &Inspection) -> Result<(), Denied> {
    match record.kind {
        MutationKind::BringBack if inspection.removed => {
            let back = Inspection { removed: false, ..inspection.clone() };
            may(actor, Action::Remove, &back)
        }
        MutationKind::Correct => may_correct(actor, inspection),
        _ => {
            may(actor, record.action, inspection)?;
            may_assign(actor, &record.data.after, inspection)
        }
    }
}

/// Returns whether to offer someone to undo a change of an inspection that they may see. A reviewer
/// changes the status and not the contents, so they may only undo status changes. The planned steps
/// are checked by [`may_take`].
pub fn may_undo(role: Role, record: &Record) -> bool {
    record.action.alters() && (role != Role::Reviewer || record.kind == MutationKind::SetStatus)
}

fn owns(actor: &Actor, inspection: &Inspection) -> bool {
    inspection.inspector.as_ref().is_some_and(|inspector| inspector.id == actor.id)
}
