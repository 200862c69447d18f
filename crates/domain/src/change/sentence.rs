//! Sentences about single changes, which read on after the name of their author.

use crate::{
    change::{Data, Difference, MutationKind, Record, RelatedModel, listed},
    inspection::{Field, Status, Value},
    text::isolate,
};

/// Longest text, in characters, that a sentence quotes.
const QUOTED: usize = 40;

impl Record {
    /// Returns a sentence that reads on after a name, such as "set Roof from good to poor", without
    /// a full stop.
    pub fn sentence(&self) -> String {
        let done = self.description();
        if self.data.undoes.is_some() {
            format!("undid an earlier change: {done}")
        } else if self.data.restores.is_some() {
            format!("restored an earlier state: {done}")
        } else {
            done
        }
    }

    /// Returns the sentence without the reason: only the effect of the change.
    pub fn description(&self) -> String {
        let thing = self.related.as_ref().map_or("", |related| related.text.as_str());
        let thing = &*isolate(thing);
        let Data { after, reason, .. } = &self.data;
        let reason = reason.as_ref().filter(|_| !self.is_revert());
        match self.kind {
            MutationKind::Create => match after.get(Field::Name) {
                Some(name) => format!("started the inspection {}", isolate(&name.to_string())),
                None => "started the inspection".into(),
            },
            MutationKind::Edit => self.edit_sentence(thing),
            MutationKind::Correct => match reason {
                Some(reason) => {
                    format!("corrected it, {}: {}", self.edit_sentence(thing), shorten(reason))
                }
                None => self.edit_sentence(thing),
            },
            MutationKind::SetStatus => match (after.get(Field::Status), reason) {
                (Some(Value::Status(Status::Review)), _) => "marked it ready for review".into(),
                (Some(Value::Status(Status::Complete)), _) => "completed it".into(),
                (_, Some(reason)) => format!("reverted it to draft: {}", shorten(reason)),
                (_, None) => "reverted it to draft".into(),
            },
            MutationKind::AddSection => format!("added the section {thing}"),
            MutationKind::RemoveSection => match self.data.photos.len() {
                0 => format!("removed the section {thing}"),
                1 => format!("removed the section {thing} and its photo"),
                photos => format!("removed the section {thing} and its {photos} photos"),
            },
            MutationKind::AddEquipment => format!("added the equipment {thing}"),
            MutationKind::AddPhoto => format!("attached the photo {thing}"),
            MutationKind::Remove => match self.related.as_ref().map(|related| related.model) {
                Some(RelatedModel::Photo(_)) => format!("removed the photo {thing}"),
                Some(RelatedModel::Equipment(_)) => format!("removed the equipment {thing}"),
                _ => "removed the inspection".into(),
            },
            MutationKind::BringBack => "brought the inspection back".into(),
            MutationKind::CreateReport => format!("created the PDF {thing}"),
            MutationKind::DownloadReport => format!("opened the PDF {thing}"),
        }
    }

    fn edit_sentence(&self, thing: &str) -> String {
        let differences = self.differences();
        let of = if thing.is_empty() { String::new() } else { format!(" of {thing}") };
        let [Difference { field, before: Some(before), after: Some(after) }] = &differences[..]
        else {
            let labels: Vec<_> = differences
                .iter()
                .map(|difference| difference.field.label().to_lowercase())
                .collect();
            return format!("edited the {}{of}", listed(&labels));
        };
        let label = field.label().to_lowercase();
        match (field, after) {
            (Field::Condition, _) => {
                format!("set {thing} from {} to {}", lower(before), lower(after))
            }
            (Field::Position, _) => format!("moved {thing} from place {before} to {after}"),
            (Field::Rank, _) => format!("moved {thing} among the photos"),
            (Field::Cover, Value::Number(0)) => format!("took {thing} off the cover"),
            (Field::Cover, _) => format!("chose {thing} as the cover photo"),
            (Field::Title, _) => format!("renamed {} to {}", quoted(before), quoted(after)),
            (Field::Section, Value::Section(None)) => format!("moved {thing} out of its section"),
            (Field::Section, _) => format!("moved {thing} to another section"),
            _ if after.is_empty() => format!("cleared the {label}{of}"),
            _ if !quotable(after) || !quotable(before) => format!("edited the {label}{of}"),
            _ if before.is_empty() => format!("set the {label}{of} to {}", quoted(after)),
            _ => format!("set the {label}{of} from {} to {}", quoted(before), quoted(after)),
        }
    }
}

fn quoted(value: &Value) -> String {
    isolate(&value.to_string()).into_owned()
}

fn lower(value: &Value) -> String {
    value.to_string().to_lowercase()
}

fn quotable(value: &Value) -> bool {
    let text = value.to_string();
    text.chars().count() <= QUOTED && !text.contains('\n')
}

fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 2 * QUOTED {
        return isolate(&line).into_owned();
    }
    let start: String = line.chars().take(2 * QUOTED).chain(['…']).collect();
    isolate(&start).into_owned()
}
