//! Conflicts between a mutation and changes that were recorded after the state it was made for.
//!
//! One rule decides about a field, both for edits here and for undo and restore in [`crate::revert`]:
//! a person has to decide if the present value is neither the one that the mutation was made for
//! nor the one that it would set. Everything else is applied.

use crate::{
    change::{Change, Mutation, MutationKind, RelatedModel, mutation_kind::ConflictRule},
    id::{ChangeId, UserId},
    inspection::{Field, Inspection, Target, Value, Values, check},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A conflict: the mutation was made for an older state than the present one. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", sentence(.fields, .since))]
pub struct Conflict {
    /// Head of the inspection that the mutation was made for.
    pub expected: ChangeId,
    /// Present head of the inspection.
    pub head: ChangeId,
    /// The conflicting changes in between, oldest first.
    pub since: Vec<Change>,
    /// The fields that others gave other values; empty if the conflict is not about fields.
    pub fields: Vec<FieldConflict>,
}

/// A field that two people gave different values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// The object that has the field.
    pub target: Target,
    /// The field.
    pub field: Field,
    /// The value that the mutation was made for.
    pub base: Values,
    /// The present value.
    pub theirs: Values,
    /// The value that the mutation would set.
    pub mine: Values,
    /// Name of the person who set the present value.
    pub by: String,
    /// Time at which they set it, in UTC.
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

/// Returns whether a person has to decide about a value: the present value is neither the one that
/// was known nor the one that is wanted.
pub(crate) fn needs_decision(known: &Value, now: &Value, wanted: &Value) -> bool {
    now != known && now != wanted
}

/// Returns the conflict of a mutation by `actor`, made for the state after `expected`, with the
/// inspection as it is `now`; `None` if there is none. `since` is everything recorded after
/// `expected`, oldest first.
///
/// An edit conflicts if the same field of the same object has another value by now, or if the
/// object was removed. Completing conflicts with everything that others altered, because a reviewer
/// must have seen what they approve; other status steps conflict only with status steps. Removing
/// an object conflicts with all that others did to it. Creating a report conflicts with every
/// change that alters the inspection, because a report must show the present state. Creating or
/// downloading a report never causes a conflict.
pub fn conflict(
    mutation: &Mutation,
    actor: UserId,
    now: &Inspection,
    expected: ChangeId,
    since: &[Change],
) -> Option<Conflict> {
    let altering = since.iter().filter(|change| change.record.action.alters());
    let target = mutation.target();
    let in_the_way: Vec<&Change> = match mutation.kind().conflicts() {
        ConflictRule::Fields => {
            let values = mutation.values()?;
            return edit_conflict(target, values, now, expected, since);
        }
        ConflictRule::Steps => altering
            .filter(|change| {
                let is_step = change.record.kind == MutationKind::SetStatus;
                is_step || (mutation.completes() && change.user_id != Some(actor))
            })
            .collect(),
        ConflictRule::Any => altering.collect(),
        ConflictRule::Object => altering.filter(|change| touches(change, actor, target)).collect(),
        ConflictRule::Never => Vec::new(),
    };
    let since: Vec<Change> = in_the_way.into_iter().cloned().collect();
    (!since.is_empty()).then(|| Conflict { expected, head: now.head, since, fields: Vec::new() })
}

/// Returns whether somebody else changed an object, or added something to it.
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
        // A value that cannot be stored is refused as invalid, not as a conflict.
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

/// Returns whether a change removed an object, alone or with the section that contained it.
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
