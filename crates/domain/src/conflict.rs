//! Conflicts: a mutation that meets a newer inspection than it was made for.
//!
//! One rule decides about a field, for edits here and for undo and restore in [`crate::undo`]: somebody
//! has to decide where the value is no longer the one that the mutation was made for, nor the one that it
//! would set. Everything else goes through.

use crate::{
    Change, ChangeId, Field, Inspection, Mutation, MutationKind, RelatedModel, Status, Target,
    UserId, Value, Values, check,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A mutation was made for an older state than the one it met. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", sentence(.fields, .since))]
pub struct Conflict {
    /// The change it was made for.
    pub expected: ChangeId,
    /// The change the inspection stands at now.
    pub head: ChangeId,
    /// The changes in between that stand in the way, oldest first.
    pub since: Vec<Change>,
    /// The fields that others changed to something else; none where it is not about fields.
    pub fields: Vec<FieldConflict>,
}

/// A field that two people gave different values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// The thing that has the field.
    pub target: Target,
    /// The field.
    pub field: Field,
    /// The value that the mutation was made for.
    pub base: Values,
    /// The value now.
    pub theirs: Values,
    /// The value that the mutation would set.
    pub mine: Values,
    /// The name of the person who set the value now.
    pub by: String,
    /// When they did, in UTC.
    pub at: DateTime<Utc>,
}

fn sentence(fields: &[FieldConflict], since: &[Change]) -> String {
    if let Some(last) = fields.iter().max_by_key(|field| field.at) {
        let names: Vec<_> = fields.iter().map(|it| it.field.label().to_lowercase()).collect();
        let (text, it) = if fields.len() == 1 { ("text is", "it") } else { ("texts are", "them") };
        return format!(
            "{} changed the {} while you were editing. Your {text} not saved yet. Compare {it} with \
             theirs.",
            last.by,
            names.join(" and the ")
        );
    }
    let Some(last) = since.last() else {
        return "The inspection has changed since you opened it. Load it again.".into();
    };
    let more = match since.len() - 1 {
        0 => String::new(),
        1 => " One more change came before that.".into(),
        more => format!(" {more} more changes came before that."),
    };
    format!(
        "{} {} meanwhile.{more} Nothing was done yet. Look at it, then try again.",
        last.user_name,
        last.record.sentence(),
    )
}

/// Whether somebody has to decide about a value: it is no longer the one that was known, nor is it the
/// one that is wanted.
pub(crate) fn needs_decision(known: &Value, now: &Value, wanted: &Value) -> bool {
    now != known && now != wanted
}

/// The conflict of a mutation by `actor`, made for the state after `expected`, with the inspection as it
/// is `now`; `None` where it goes through. `since` is everything recorded after `expected`, oldest first.
///
/// An edit conflicts where the same field of the same thing has another value by now, or where the thing
/// was removed. Completing conflicts with whatever others altered, because a reviewer must have seen what
/// they approve; other status steps conflict with status steps alone. Removing something conflicts with
/// what others did to it. A report that is to be kept must show what there is, so it conflicts with
/// everything that alters. Making or reading a report never stands in the way of anything.
pub fn conflict(
    mutation: &Mutation,
    actor: UserId,
    now: &Inspection,
    expected: ChangeId,
    since: &[Change],
) -> Option<Conflict> {
    let altering = since.iter().filter(|change| change.record.action.alters());
    let in_the_way: Vec<&Change> = match mutation {
        Mutation::Edit { target, values } => {
            return edit_conflict(*target, values, now, expected, since);
        }
        Mutation::Correct { values, .. } => {
            return edit_conflict(Target::Inspection, values, now, expected, since);
        }
        Mutation::SetStatus { to, .. } => altering
            .filter(|change| {
                let is_step = change.record.kind == MutationKind::SetStatus;
                is_step || (*to == Status::Complete && change.user_id != Some(actor))
            })
            .collect(),
        Mutation::CreateReport { .. } => altering.collect(),
        Mutation::RemoveSection { section } => {
            let target = Target::Section(*section);
            altering.filter(|change| touches(change, actor, target)).collect()
        }
        Mutation::Remove { target } => {
            altering.filter(|change| touches(change, actor, *target)).collect()
        }
        Mutation::Create { .. }
        | Mutation::AddSection { .. }
        | Mutation::AddEquipment { .. }
        | Mutation::AddPhoto { .. }
        | Mutation::BringBack
        | Mutation::DownloadReport { .. } => Vec::new(),
    };
    let since: Vec<Change> = in_the_way.into_iter().cloned().collect();
    (!since.is_empty()).then(|| Conflict { expected, head: now.head, since, fields: Vec::new() })
}

/// Whether somebody else did something to a thing, or put something into it.
fn touches(change: &Change, actor: UserId, target: Target) -> bool {
    if change.user_id == Some(actor) {
        return false;
    }
    if target == Target::Inspection || change.record.target() == Some(target) {
        return true;
    }
    let section = change.record.data.after.get(Field::Section);
    matches!(
        (target, section),
        (Target::Section(target), Some(Value::Section(Some(section)))) if *section == target
    )
}

fn edit_conflict(
    target: Target,
    values: &Values,
    now: &Inspection,
    expected: ChangeId,
    since: &[Change],
) -> Option<Conflict> {
    let is_gone = now.removed || values.fields().any(|field| now.value(target, field).is_none());
    let mut in_the_way: Vec<Change> =
        since.iter().filter(|change| is_gone && removes(change, target)).cloned().collect();
    let mut fields = Vec::new();
    for (field, mine) in values.iter() {
        let touching = || {
            since.iter().filter(move |change| {
                change.record.kind.sets_fields()
                    && change.record.target() == Some(target)
                    && change.record.data.before.get(field).is_some()
            })
        };
        let (Some(first), Some(last)) = (touching().next(), touching().next_back()) else {
            continue;
        };
        let (Some(base), Some(theirs)) =
            (first.record.data.before.get(field), now.value(target, field))
        else {
            continue;
        };
        // A value that cannot be stored is refused for that reason.
        let Ok(mine) = check(field, mine.clone()) else { continue };
        if !needs_decision(base, &theirs, &mine) {
            continue;
        }
        in_the_way.extend(touching().cloned());
        fields.push(FieldConflict {
            target,
            field,
            base: Values::new().with(field, base.clone()),
            theirs: Values::new().with(field, theirs),
            mine: Values::new().with(field, mine),
            by: last.user_name.clone(),
            at: last.created_at,
        });
    }
    if in_the_way.is_empty() {
        return None;
    }
    in_the_way.sort_by_key(|change| change.id);
    in_the_way.dedup_by_key(|change| change.id);
    Some(Conflict { expected, head: now.head, since: in_the_way, fields })
}

/// Whether a change took a thing away, alone or with the section it stood in.
fn removes(change: &Change, target: Target) -> bool {
    let record = &change.record;
    if !matches!(record.kind, MutationKind::Remove | MutationKind::RemoveSection) {
        return false;
    }
    let with_section = match target {
        Target::Photo(photo) => record.data.photos.contains_key(&photo),
        _ => false,
    };
    let is_inspection =
        record.related.as_ref().is_some_and(|it| matches!(it.model, RelatedModel::Inspection(_)));
    record.target() == Some(target) || with_section || is_inspection
}
