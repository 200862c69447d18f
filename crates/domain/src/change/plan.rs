//! Planning of mutations: validation, and the record that a mutation makes.

use crate::{
    change::{Action, Data, Mutation, MutationKind, Record, Related, RelatedModel, RevertOf},
    id::{ReportId, SectionId},
    inspection::{
        Field, Inspection, Invalid, Photo, Status, Target, Value, Values, check, name_of,
    },
    people::Denied,
    text::trimmed_prose,
};
use serde::{Deserialize, Serialize};

/// Reason why a mutation is refused. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The actor may not do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Values are invalid, with a message for each field.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such status change from the present status.
    #[error("{}", step(*.from, *.to))]
    Transition {
        /// The present status.
        from: Status,
        /// The requested status.
        to: Status,
    },
    /// A reason is required for going back to draft.
    #[error("Say why it goes back to draft, so that the inspector knows what to do.")]
    ReasonNeeded,
    /// A reason is required for a correction.
    #[error("Say why it is corrected; the reason stands in the record.")]
    CorrectionReasonNeeded,
    /// The object is no longer, or never was, part of the inspection.
    #[error(
        "That is no longer part of this inspection. Someone may have removed it; load the page again."
    )]
    NotThere,
}

fn step(from: Status, to: Status) -> String {
    match (from, to) {
        _ if from == to => format!("It is already {}.", to.label().to_lowercase()),
        (Status::Draft, Status::Complete) => {
            "A draft cannot be completed. Mark it ready for review first.".into()
        }
        _ => format!(
            "It is {}; it cannot go to {} from there. Send it back or reopen it first.",
            from.label().to_lowercase(),
            to.label().to_lowercase()
        ),
    }
}

impl Mutation {
    /// Maximum length of a reason, in characters.
    pub const REASON: usize = 2_000;
}

impl Inspection {
    /// Plans a mutation and returns the record that it makes; `None` if it changes nothing. Text is
    /// trimmed and positions are clamped, so apply the [record's mutation](Record::mutation) and
    /// not the requested one. Permissions are checked separately, by [`may`](crate::permission::may).
    ///
    /// # Errors
    /// A [`Refusal`] that says what to do instead.
    pub fn plan(&self, mutation: &Mutation) -> Result<Option<Record>, Refusal> {
        self.plan_step(mutation, Status::step)
    }

    /// Plans a mutation of a revert, whose record refers to the change that it undoes or restores.
    /// Unlike other mutations, it may [step back](Status::step_back) to a status.
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan).
    pub(crate) fn plan_back(
        &self,
        mutation: &Mutation,
        back: RevertOf,
    ) -> Result<Option<Record>, Refusal> {
        let planned = self.plan_step(mutation, Status::step_back)?;
        Ok(planned.map(|mut record| {
            match back {
                RevertOf::Undo(change) => record.data.undoes = Some(change),
                RevertOf::Restore(change) => record.data.restores = Some(change),
            }
            record
        }))
    }

    fn plan_step(
        &self,
        mutation: &Mutation,
        step: fn(Status, Status) -> Option<Action>,
    ) -> Result<Option<Record>, Refusal> {
        match mutation {
            Mutation::Create { values } => self.plan_create(values).map(Some),
            Mutation::Edit { target, values } => self.plan_edit(*target, values),
            Mutation::Correct { values, reason } => self.plan_correction(values, reason),
            Mutation::SetStatus { to, reason } => {
                self.plan_status(*to, reason.as_deref(), step).map(Some)
            }
            Mutation::AddSection { section, position, photos } => {
                if self.section(section.id).is_some() {
                    return Ok(None);
                }
                self.check_section_fits()?;
                let notes = Value::text(section.notes.clone());
                self.check_text_fits(Field::Notes, None, &notes)
                    .map_err(|message| Invalid::of(Field::Notes, message))?;
                let end = i64::try_from(self.sections.len() + 1).unwrap_or(i64::MAX);
                let position = position.map_or(end, |position| position.clamp(1, end));
                let after =
                    checked(section.values())?.with(Field::Position, Value::Number(position));
                let data = Data { after, photos: with_ids(photos), ..Data::default() };
                Ok(Some(record(
                    Action::AddSection,
                    mutation,
                    RelatedModel::Section(section.id),
                    data,
                )))
            }
            Mutation::RemoveSection { section }
            | Mutation::Remove { target: Target::Section(section) } => {
                self.plan_remove_section(*section).map(Some)
            }
            Mutation::AddEquipment { equipment } => {
                if self.equipment(equipment.id).is_some() {
                    return Ok(None);
                }
                self.check_equipment_fits()?;
                let data = Data { after: checked(equipment.values())?, ..Data::default() };
                let model = RelatedModel::Equipment(equipment.id);
                let mut planned = record(Action::Edit, mutation, model, data);
                planned.fields = planned.data.after.fields().collect();
                Ok(Some(planned))
            }
            Mutation::AddPhoto { photo } => {
                if self.photo(photo.id).is_some() {
                    return Ok(None);
                }
                if photo.section.is_some_and(|section| self.section(section).is_none()) {
                    return Err(Refusal::NotThere);
                }
                self.check_photo_fits()?;
                let data = Data { after: checked(photo.values())?, ..Data::default() };
                Ok(Some(record(Action::AddPhoto, mutation, RelatedModel::Photo(photo.id), data)))
            }
            Mutation::Remove { target } => self.plan_remove(*target).map(Some),
            Mutation::BringBack if !self.removed => Ok(None),
            Mutation::BringBack => {
                let related = self.related(Target::Inspection);
                let data = Data { after: self.values(), ..Data::default() };
                let kind = MutationKind::BringBack;
                Ok(Some(Record { action: Action::Edit, kind, fields: Vec::new(), related, data }))
            }
            Mutation::CreateReport { report } => {
                let data = Data { after: report.values(), ..Data::default() };
                Ok(Some(record(Action::CreatePdf, mutation, RelatedModel::Report(report.id), data)))
            }
            Mutation::DownloadReport { report } => self.plan_download(mutation, *report).map(Some),
        }
    }

    fn plan_create(&self, values: &Values) -> Result<Record, Refusal> {
        let mut problems = Invalid::default();
        for field in values.fields() {
            if field != Field::Reference && !Self::EDITABLE.contains(&field) {
                problems.add(field, "This cannot be chosen for a new inspection.");
            }
        }
        problems.or_ok()?;
        // Omitted fields are recorded with their defaults, so that the record is complete by
        // itself.
        let mut filled = self.values();
        filled.0.extend(values.clone().0);
        let after = checked(filled)?;
        let fields = after.fields().collect();
        let data = Data { after, ..Data::default() };
        let kind = MutationKind::Create;
        Ok(Record { action: Action::Edit, kind, fields, related: None, data })
    }

    fn plan_edit(&self, target: Target, values: &Values) -> Result<Option<Record>, Refusal> {
        let mut data = Data::default();
        let mut problems = Invalid::default();
        for (field, value) in values.iter() {
            if !target.editable().contains(&field) {
                problems.add(field, "This cannot be edited here.");
                continue;
            }
            let before = self.value(target, field).ok_or(Refusal::NotThere)?;
            let fitting = check(field, value.clone()).and_then(|after| {
                self.check_text_fits(field, Some(&before), &after)?;
                Ok(self.truncate(field, after))
            });
            let after = match fitting {
                Ok(after) => after,
                Err(message) => {
                    problems.add(field, message);
                    continue;
                }
            };
            if let Value::Section(Some(section)) = after
                && self.section(section).is_none()
            {
                problems.add(field, "Choose one of the sections of this inspection.");
            }
            if before != after {
                data.before.0.insert(field, before);
                data.after.0.insert(field, after);
            }
        }
        problems.or_ok()?;
        if data.after.is_empty() {
            return Ok(None);
        }
        let fields = data.after.fields().collect();
        let related = self.related(target).filter(|_| target != Target::Inspection);
        let kind = MutationKind::Edit;
        Ok(Some(Record { action: Action::Edit, kind, fields, related, data }))
    }

    fn plan_correction(&self, values: &Values, reason: &str) -> Result<Option<Record>, Refusal> {
        let reason = checked_reason(Field::Summary, Some(reason))?;
        let reason = reason.ok_or(Refusal::CorrectionReasonNeeded)?;
        let planned = self.plan_edit(Target::Inspection, values)?;
        Ok(planned.map(|mut record| {
            record.kind = MutationKind::Correct;
            record.data.reason = Some(reason);
            record
        }))
    }

    /// Clamps a position to the number of sections.
    fn truncate(&self, field: Field, value: Value) -> Value {
        match value {
            Value::Number(position) if field == Field::Position => {
                let end = i64::try_from(self.sections.len()).unwrap_or(i64::MAX);
                Value::Number(position.clamp(1, end.max(1)))
            }
            other => other,
        }
    }

    fn plan_status(
        &self,
        to: Status,
        reason: Option<&str>,
        step: fn(Status, Status) -> Option<Action>,
    ) -> Result<Record, Refusal> {
        let from = self.status;
        let action = step(from, to).ok_or(Refusal::Transition { from, to })?;
        let reason = checked_reason(Field::Status, reason)?;
        if action == Action::StatusDraft && reason.is_none() {
            return Err(Refusal::ReasonNeeded);
        }
        let data = Data {
            before: Values::new().with(Field::Status, Value::Status(from)),
            after: Values::new().with(Field::Status, Value::Status(to)),
            reason,
            ..Data::default()
        };
        let kind = MutationKind::SetStatus;
        Ok(Record { action, kind, fields: vec![Field::Status], related: None, data })
    }

    fn plan_remove_section(&self, id: SectionId) -> Result<Record, Refusal> {
        let section = self.section(id).ok_or(Refusal::NotThere)?;
        let position = self.position(id).ok_or(Refusal::NotThere)?;
        let data = Data {
            before: section.values().with(Field::Position, Value::Number(position)),
            photos: with_ids(self.photos_of(Some(id))),
            ..Data::default()
        };
        let related = self.related(Target::Section(id));
        let kind = MutationKind::RemoveSection;
        Ok(Record { action: Action::RemoveSection, kind, fields: Vec::new(), related, data })
    }

    fn plan_remove(&self, target: Target) -> Result<Record, Refusal> {
        let before = match target {
            Target::Inspection => self.values(),
            Target::Section(id) => return self.plan_remove_section(id),
            Target::Equipment(id) => self.equipment(id).ok_or(Refusal::NotThere)?.values(),
            Target::Photo(id) => self.photo(id).ok_or(Refusal::NotThere)?.values(),
        };
        let related = self.related(target);
        let data = Data { before, ..Data::default() };
        let kind = MutationKind::Remove;
        Ok(Record { action: Action::Remove, kind, fields: Vec::new(), related, data })
    }

    fn plan_download(&self, mutation: &Mutation, id: ReportId) -> Result<Record, Refusal> {
        let report = self.report(id).ok_or(Refusal::NotThere)?;
        let data = Data { after: report.values(), ..Data::default() };
        Ok(record(Action::DownloadPdf, mutation, RelatedModel::Report(id), data))
    }

    /// Returns a reference to an object for a record, with its present name.
    fn related(&self, target: Target) -> Option<Related> {
        let (model, text) = match target {
            Target::Inspection => (RelatedModel::Inspection(self.id), self.reference.clone()),
            Target::Section(id) => (RelatedModel::Section(id), self.section(id)?.title.clone()),
            Target::Equipment(id) => {
                (RelatedModel::Equipment(id), name_of(&self.equipment(id)?.values()))
            }
            Target::Photo(id) => (RelatedModel::Photo(id), self.photo(id)?.name.clone()),
        };
        Some(Related { model, text })
    }
}

/// Returns the record of a thing that came, named by its own values.
fn record(action: Action, mutation: &Mutation, model: RelatedModel, data: Data) -> Record {
    let related = Some(Related { model, text: name_of(&data.after) });
    Record { action, kind: mutation.kind(), fields: Vec::new(), related, data }
}

/// Trims a reason and checks its length; `None` if it is empty. An error message is attached to
/// `field`.
fn checked_reason(field: Field, reason: Option<&str>) -> Result<Option<String>, Invalid> {
    let reason = reason.map(trimmed_prose).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > Mutation::REASON) {
        let message = format!("Keep the reason to {} characters.", Mutation::REASON);
        return Err(Invalid::of(field, message));
    }
    Ok(reason)
}

fn checked(values: Values) -> Result<Values, Invalid> {
    let mut problems = Invalid::default();
    let mut checked = Values::new();
    for (field, value) in values.0 {
        match check(field, value) {
            Ok(value) => {
                checked.0.insert(field, value);
            }
            Err(message) => problems.add(field, message),
        }
    }
    problems.or_ok().map(|()| checked)
}

fn with_ids<'a>(
    photos: impl IntoIterator<Item = &'a Photo>,
) -> std::collections::BTreeMap<crate::id::PhotoId, Values> {
    photos.into_iter().map(|photo| (photo.id, photo.values())).collect()
}
