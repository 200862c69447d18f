//! Changes, and the records in them.

use crate::{
    change::{Action, MutationKind},
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, ReportId, SectionId, UserId},
    inspection::{Field, Target, Value, Values},
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
    /// Time at which it was made, in UTC, truncated to microseconds.
    #[serde(with = "crate::moment")]
    pub created_at: DateTime<Utc>,
    /// Id of the person who made it; `None` once that user is deleted.
    pub user_id: Option<UserId>,
    /// Their name at the time.
    pub user_name: String,
    /// The request it was part of.
    pub request_id: Uuid,
    /// Number of its mutation in that request, from 1. Together with the request id it is the
    /// idempotency key of the mutation, so no two changes share both.
    pub ordinal: i64,
    /// Record of the mutation.
    pub record: Record,
}

/// Record of a mutation: the part of a change that follows from the mutation and from the state
/// that it was applied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The action that the user performed.
    pub action: Action,
    /// Kind of the mutation, by which the record is [decoded](Record::mutation).
    pub kind: MutationKind,
    /// The fields that changed, for edits and status steps.
    pub fields: Vec<Field>,
    /// The object it is about; `None` for the inspection as a whole.
    pub related: Option<Related>,
    /// Values before and after.
    pub data: Data,
}

/// An object that a change is about, with its name at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Its type and id.
    pub model: RelatedModel,
    /// Its name at the time (`related_str`).
    pub text: String,
}

/// Type and id of the object that a change is about, written `inspection.Section:12`
/// (`related_model`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RelatedModel {
    /// The inspection itself, when it is removed or brought back.
    Inspection(InspectionId),
    /// A section.
    Section(SectionId),
    /// A piece of equipment.
    Equipment(EquipmentId),
    /// A photo.
    Photo(PhotoId),
    /// A stored report.
    Report(ReportId),
}

impl RelatedModel {
    /// Returns the target of a mutation of this object; `None` for a report, because reports are
    /// never edited.
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

/// Values before and after a change (`related_data`): for an edit only the fields that changed, for
/// an added or removed object all of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Data {
    /// The values before; none for an added object.
    pub before: Values,
    /// The values after; none for a removed object.
    pub after: Values,
    /// The reason that the user gave.
    pub reason: Option<String>,
    /// The change that this one undoes.
    pub undoes: Option<ChangeId>,
    /// The change whose state this request restores.
    pub restores: Option<ChangeId>,
    /// The photos that were added or removed with a section.
    pub photos: BTreeMap<PhotoId, Values>,
}

/// Human-readable formats such as JSON skip empty fields. Positional formats keep them all.
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

/// Values of one field before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: Field,
    /// Value before; `None` if there was none.
    pub before: Option<Value>,
    /// Value after; `None` if there is none.
    pub after: Option<Value>,
}

/// Error for a record that cannot be decoded into a mutation, with a description of the problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this record cannot be read: {0}")]
pub struct Malformed(pub String);

impl Record {
    /// Returns the target that the record is about: the inspection if it names no other object;
    /// `None` for a report.
    pub fn target(&self) -> Option<Target> {
        let related = self.related.as_ref();
        related.map_or(Some(Target::Inspection), |related| related.model.target())
    }

    /// Returns whether it reverts something, by undoing a change or restoring an earlier state.
    pub const fn is_revert(&self) -> bool {
        self.data.undoes.is_some() || self.data.restores.is_some()
    }

    /// Returns the values of each changed field before and after, in the order of the fields.
    pub fn differences(&self) -> Vec<Difference> {
        differences(&self.data.before, &self.data.after)
    }
}

/// Returns the values of each field before and after, in the order of the fields.
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
