//! What several changes did together, as one sentence.

use crate::{Action, Record, RelatedModel};

/// What was done, as it reads after a name: "added 3 sections and attached 12 photos". The records
/// newest first, as a feed has them. No full stop.
pub fn told(records: &[&Record]) -> String {
    if let [record] = records {
        return record.sentence();
    }
    let mut kinds: Vec<(Kind, Vec<&Record>)> = Vec::new();
    for record in records.iter().rev() {
        let kind = Kind::of(record);
        match kinds.iter_mut().find(|(it, _)| *it == kind) {
            Some((_, alike)) => alike.push(record),
            None => kinds.push((kind, vec![record])),
        }
    }
    let parts: Vec<_> = kinds
        .into_iter()
        .map(|(kind, alike)| match &alike[..] {
            [record] => record.sentence(),
            alike => kind.counted(alike.len()),
        })
        .collect();
    listed(&parts)
}

/// What is counted together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Action(Action),
    AddEquipment,
    Start,
    RemovePhoto,
    RemoveEquipment,
}

impl Kind {
    fn of(record: &Record) -> Self {
        let model = record.related.as_ref().map(|related| related.model);
        match (record.action, model) {
            (Action::Edit, Some(_)) if record.data.before.is_empty() => Self::AddEquipment,
            (Action::Edit, None) if record.data.before.is_empty() => Self::Start,
            (Action::Remove, Some(RelatedModel::Photo(_))) => Self::RemovePhoto,
            (Action::Remove, Some(RelatedModel::Equipment(_))) => Self::RemoveEquipment,
            (action, _) => Self::Action(action),
        }
    }

    fn counted(self, number: usize) -> String {
        let (did, what) = match self {
            Self::AddEquipment => ("added", "pieces of equipment"),
            Self::Start => ("started", "inspections"),
            Self::RemovePhoto => ("removed", "photos"),
            Self::RemoveEquipment => ("removed", "pieces of equipment"),
            Self::Action(action) => match action {
                Action::CreatePdf => ("created", "PDFs"),
                Action::DownloadPdf => ("opened", "PDFs"),
                Action::StatusReview => ("marked", "inspections ready for review"),
                Action::StatusComplete => ("completed", "inspections"),
                Action::StatusDraft => ("reverted", "inspections to draft"),
                Action::Edit => ("made", "edits"),
                Action::AddPhoto => ("attached", "photos"),
                Action::Remove => ("removed", "inspections"),
                Action::AddSection => ("added", "sections"),
                Action::RemoveSection => ("removed", "sections"),
            },
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
