//! Summaries of several changes in one sentence.

use crate::change::{Action, MutationKind, Record, RelatedModel};

/// Returns a summary that reads on after a name, such as "added 3 sections and attached 12 photos",
/// without a full stop. `shown` holds the records that are shown, newest first as in a feed;
/// `actions` holds the number of all changes of each action.
pub fn summarize(shown: &[&Record], actions: &[(Action, u64)]) -> String {
    let of_action = |(action, number): &(Action, u64)| {
        let alike: Vec<&Record> =
            shown.iter().copied().filter(|record| record.action == *action).collect();
        if alike.len() as u64 == *number {
            return parts(&alike);
        }
        vec![match action {
            // Removals concern photos, equipment or inspections.
            Action::Remove => format!("removed {number} things"),
            action => SummaryKind::Action(*action).counted(*number),
        }]
    };
    listed(&actions.iter().flat_map(of_action).collect::<Vec<_>>())
}

/// Returns a phrase for each kind of effect that records of one action had.
fn parts(records: &[&Record]) -> Vec<String> {
    let mut kinds: Vec<(SummaryKind, Vec<&Record>)> = Vec::new();
    for record in records.iter().rev() {
        let kind = SummaryKind::of(record);
        match kinds.iter_mut().find(|(it, _)| *it == kind) {
            Some((_, alike)) => alike.push(record),
            None => kinds.push((kind, vec![record])),
        }
    }
    let summarized = |(kind, alike): (SummaryKind, Vec<&Record>)| match &alike[..] {
        [record] => record.sentence(),
        alike => kind.counted(alike.len() as u64),
    };
    kinds.into_iter().map(summarized).collect()
}

/// A group of changes that are counted together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SummaryKind {
    Action(Action),
    AddEquipment,
    Start,
    BringBack,
    Correct,
    RemovePhoto,
    RemoveEquipment,
}

impl SummaryKind {
    fn of(record: &Record) -> Self {
        let model = record.related.as_ref().map(|related| related.model);
        match (record.kind, model) {
            (MutationKind::AddEquipment, _) => Self::AddEquipment,
            (MutationKind::Create, _) => Self::Start,
            (MutationKind::BringBack, _) => Self::BringBack,
            (MutationKind::Correct, _) => Self::Correct,
            (MutationKind::Remove, Some(RelatedModel::Photo(_))) => Self::RemovePhoto,
            (MutationKind::Remove, Some(RelatedModel::Equipment(_))) => Self::RemoveEquipment,
            _ => Self::Action(record.action),
        }
    }

    fn counted(self, number: u64) -> String {
        let (did, what) = match self {
            Self::AddEquipment => ("added", "pieces of equipment"),
            Self::Start => ("started", "inspections"),
            Self::BringBack => ("brought back", "inspections"),
            Self::Correct => ("made", "corrections"),
            Self::RemovePhoto => ("removed", "photos"),
            Self::RemoveEquipment => ("removed", "pieces of equipment"),
            Self::Action(action) => action.counted(),
        };
        format!("{did} {number} {what}")
    }
}

/// Joins phrases: "a", "a and b", "a, b and c".
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => "nothing".into(),
        [part] => part.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
