//! What several changes did together, as one sentence.

use crate::{Action, MutationKind, Record, RelatedModel};

/// What was done, as it reads after a name: "added 3 sections and attached 12 photos". Of the records
/// those that are `shown`, newest first, as a feed has them; and how many there are of which action, in
/// all. No full stop.
pub fn summarize(shown: &[&Record], actions: &[(Action, u64)]) -> String {
    let of_action = |(action, number): &(Action, u64)| {
        let alike: Vec<&Record> =
            shown.iter().copied().filter(|record| record.action == *action).collect();
        if alike.len() as u64 == *number {
            return parts(&alike);
        }
        vec![match action {
            // Photos, equipment, or inspections.
            Action::Remove => format!("removed {number} things"),
            action => SummaryKind::Action(*action).counted(*number),
        }]
    };
    listed(&actions.iter().flat_map(of_action).collect::<Vec<_>>())
}

/// Records of one action, by what they did.
fn parts(records: &[&Record]) -> Vec<String> {
    let mut kinds: Vec<(SummaryKind, Vec<&Record>)> = Vec::new();
    for record in records.iter().rev() {
        let kind = SummaryKind::of(record);
        match kinds.iter_mut().find(|(it, _)| *it == kind) {
            Some((_, alike)) => alike.push(record),
            None => kinds.push((kind, vec![record])),
        }
    }
    let told = |(kind, alike): (SummaryKind, Vec<&Record>)| match &alike[..] {
        [record] => record.sentence(),
        alike => kind.counted(alike.len() as u64),
    };
    kinds.into_iter().map(told).collect()
}

/// What is counted together.
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

/// "a", "a and b", "a, b and c".
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => "nothing".into(),
        [part] => part.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
