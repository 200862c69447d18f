//! Changes, and the records in them.

use crate::{
    Action, ChangeId, EquipmentId, Field, InspectionId, MutationKind, PhotoId, ReportId, SectionId,
    Target, UserId, Value, Values,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use std::{collections::BTreeMap, fmt, str::FromStr};
use uuid::Uuid;

/// One recorded change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its id; a later change of an inspection has a greater one.
    pub id: ChangeId,
    /// The inspection it changed.
    pub inspection_id: InspectionId,
    /// When, in UTC, cut to microseconds.
    #[serde(with = "crate::moment")]
    pub created_at: DateTime<Utc>,
    /// Who did it; `None` once that user is deleted.
    pub user_id: Option<UserId>,
    /// Their name at the time.
    pub user_name: String,
    /// The request it was part of.
    pub request_id: Uuid,
    /// Its number among the mutations of that request, from 1. With the request's id it is the key of the
    /// mutation: no two changes share both.
    pub ordinal: i64,
    /// What was done.
    pub record: Record,
}

/// What was done: the part of a change that follows from the mutation and the state it met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What the user was doing.
    pub action: Action,
    /// Which mutation it was, by which the record is [read back](Record::mutation).
    pub kind: MutationKind,
    /// The fields that changed, for edits and status steps.
    pub fields: Vec<Field>,
    /// What it was done to, if not to the inspection as a whole.
    pub related: Option<Related>,
    /// Before and after.
    pub data: Data,
}

/// A thing that a change is about, named as it was called at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// What it is.
    pub model: RelatedModel,
    /// What it was called (`related_str`).
    pub text: String,
}

/// What a change is about, written `inspection.Section:12` (`related_model`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RelatedModel {
    /// The inspection itself, when it goes.
    Inspection(InspectionId),
    /// A section.
    Section(SectionId),
    /// A piece of equipment.
    Equipment(EquipmentId),
    /// A photo.
    Photo(PhotoId),
    /// A kept report.
    Report(ReportId),
}

impl RelatedModel {
    /// The same as what a mutation is about; `None` for a report, which nothing edits.
    pub const fn target(self) -> Option<Target> {
        match self {
            Self::Inspection(_) => Some(Target::Inspection),
            Self::Section(id) => Some(Target::Section(id)),
            Self::Equipment(id) => Some(Target::Equipment(id)),
            Self::Photo(id) => Some(Target::Photo(id)),
            Self::Report(_) => None,
        }
    }
}

impl fmt::Display for RelatedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inspection(id) => write!(f, "inspection.Inspection:{id}"),
            Self::Section(id) => write!(f, "inspection.Section:{id}"),
            Self::Equipment(id) => write!(f, "inspection.Equipment:{id}"),
            Self::Photo(id) => write!(f, "inspection.Photo:{id}"),
            Self::Report(id) => write!(f, "report.Report:{id}"),
        }
    }
}

impl FromStr for RelatedModel {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed(format!("`{text}` names nothing known"));
        let (model, id) = text.split_once(':').ok_or_else(malformed)?;
        let id: i64 = id.parse().map_err(|_| malformed())?;
        match model {
            "inspection.Inspection" => Ok(Self::Inspection(InspectionId(id))),
            "inspection.Section" => Ok(Self::Section(SectionId(id))),
            "inspection.Equipment" => Ok(Self::Equipment(EquipmentId(id))),
            "inspection.Photo" => Ok(Self::Photo(PhotoId(id))),
            "report.Report" => Ok(Self::Report(ReportId(id))),
            _ => Err(malformed()),
        }
    }
}

impl TryFrom<String> for RelatedModel {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<RelatedModel> for String {
    fn from(model: RelatedModel) -> Self {
        model.to_string()
    }
}

/// What was before and what is after (`related_data`): of an edit only the fields that changed, of
/// a thing that came or went all of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Data {
    /// The values that were; none for a thing that came.
    pub before: Values,
    /// The values that are; none for a thing that went.
    pub after: Values,
    /// Why, where the user said so.
    pub reason: Option<String>,
    /// The change that this one undoes.
    pub undoes: Option<ChangeId>,
    /// The change to whose state the request that this one is of leads back.
    pub restores: Option<ChangeId>,
    /// The photos that came or went with a section.
    pub photos: BTreeMap<PhotoId, Values>,
}

/// What says nothing is left out where fields have names, as in JSON; elsewhere their places count.
impl Serialize for Data {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let all = !to.is_human_readable();
        let Self { before, after, reason, undoes, restores, photos } = self;
        let mut data = to.serialize_struct("Data", 6)?;
        if all || !before.is_empty() {
            data.serialize_field("before", before)?;
        }
        if all || !after.is_empty() {
            data.serialize_field("after", after)?;
        }
        if all || reason.is_some() {
            data.serialize_field("reason", reason)?;
        }
        if all || undoes.is_some() {
            data.serialize_field("undoes", undoes)?;
        }
        if all || restores.is_some() {
            data.serialize_field("restores", restores)?;
        }
        if all || !photos.is_empty() {
            data.serialize_field("photos", photos)?;
        }
        data.end()
    }
}

/// One field's before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which field.
    pub field: Field,
    /// What it was, if it was.
    pub before: Option<Value>,
    /// What it is, if it is.
    pub after: Option<Value>,
}

/// A record that cannot be read as a mutation; it says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this record cannot be read: {0}")]
pub struct Malformed(pub String);

impl Record {
    /// What of the inspection it is about: the inspection itself where nothing else is named; `None`
    /// for a report.
    pub fn target(&self) -> Option<Target> {
        let related = self.related.as_ref();
        related.map_or(Some(Target::Inspection), |related| related.model.target())
    }

    /// Whether it was made to lead back, by undoing a change or restoring an earlier state.
    pub const fn is_revert(&self) -> bool {
        self.data.undoes.is_some() || self.data.restores.is_some()
    }

    /// Field by field what was and what is, in the fields' order.
    pub fn differences(&self) -> Vec<Difference> {
        differences(&self.data.before, &self.data.after)
    }
}

/// Field by field what was and what is, in the fields' order.
pub fn differences(before: &Values, after: &Values) -> Vec<Difference> {
    let mut fields: Vec<_> = before.fields().chain(after.fields()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
        .into_iter()
        .map(|field| Difference {
            field,
            before: before.get(field).cloned(),
            after: after.get(field).cloned(),
        })
        .collect()
}
