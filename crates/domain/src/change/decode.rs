//! Decoding of records into mutations. The kind of a record determines the shape that it must have.

use crate::{
    change::{
        Data, Malformed, Mutation, MutationKind, Record, RelatedModel,
        mutation_kind::{About, Given},
    },
    inspection::{Equipment, Field, Inspection, Photo, Report, Section, Target, Value, Values},
};

impl About {
    const fn of(model: Option<RelatedModel>) -> Self {
        match model {
            None => Self::Nothing,
            Some(RelatedModel::Inspection(_)) => Self::Inspection,
            Some(RelatedModel::Section(_)) => Self::Section,
            Some(RelatedModel::Equipment(_)) => Self::Equipment,
            Some(RelatedModel::Photo(_)) => Self::Photo,
            Some(RelatedModel::Report(_)) => Self::Report,
        }
    }
}

impl Given {
    fn of(data: &Data) -> Option<Self> {
        match (data.before.0.is_empty(), data.after.0.is_empty()) {
            (false, true) => Some(Self::Before),
            (true, false) => Some(Self::After),
            (false, false) => Some(Self::Both),
            (true, true) => None,
        }
    }
}

impl Record {
    /// Decodes the record into the mutation that it records.
    ///
    /// # Errors
    /// If the record does not have the shape of its kind: another action, another type of object,
    /// or values that are missing, superfluous, or not fields of the object.
    pub fn mutation(&self) -> Result<Mutation, Malformed> {
        use RelatedModel as Model;
        self.check_shape()?;
        self.check_values()?;
        let Data { before, after, reason, photos, .. } = &self.data;
        let model = self.related.as_ref().map(|related| related.model);
        Ok(match (self.kind, model) {
            (MutationKind::Create, None) => Mutation::Create { values: after.clone() },
            (MutationKind::Edit, model) => {
                let target = model.map_or(Some(Target::Inspection), RelatedModel::target);
                let target = target.ok_or_else(|| self.malformed("a report is not edited"))?;
                Mutation::Edit { target, values: after.clone() }
            }
            (MutationKind::Correct, None) => Mutation::Correct {
                values: after.clone(),
                reason: reason.clone().ok_or_else(|| self.malformed("it gives no reason"))?,
            },
            (MutationKind::SetStatus, None) => {
                let statuses = (before.get(Field::Status), after.get(Field::Status));
                let (Some(Value::Status(from)), Some(Value::Status(to))) = statuses else {
                    return Err(self.malformed("it does not hold two statuses"));
                };
                if from.step_back(*to) != Some(self.action) {
                    return Err(self.malformed(&format!("`{}` is another step", self.action)));
                }
                Mutation::SetStatus { to: *to, reason: reason.clone() }
            }
            (MutationKind::AddSection, Some(Model::Section(id))) => Mutation::AddSection {
                section: Section::from_values(id, after),
                position: match after.get(Field::Position) {
                    Some(Value::Number(position)) => Some(*position),
                    _ => None,
                },
                photos: photos.iter().map(|(id, values)| Photo::from_values(*id, values)).collect(),
            },
            (MutationKind::RemoveSection, Some(Model::Section(id))) => {
                Mutation::RemoveSection { section: id }
            }
            (MutationKind::AddEquipment, Some(Model::Equipment(id))) => {
                Mutation::AddEquipment { equipment: Equipment::from_values(id, after) }
            }
            (MutationKind::AddPhoto, Some(Model::Photo(id))) => {
                Mutation::AddPhoto { photo: Photo::from_values(id, after) }
            }
            (MutationKind::Remove, Some(model)) => {
                let target = model.target();
                let target = target.ok_or_else(|| self.malformed("a report is not removed"))?;
                Mutation::Remove { target }
            }
            (MutationKind::BringBack, Some(Model::Inspection(_))) => Mutation::BringBack,
            (MutationKind::CreateReport, Some(Model::Report(id))) => {
                Mutation::CreateReport { report: Report::from_values(id, after) }
            }
            (MutationKind::DownloadReport, Some(Model::Report(id))) => {
                Mutation::DownloadReport { report: id }
            }
            // All other combinations were refused by `check_shape`.
            _ => return Err(self.malformed("it is about something else")),
        })
    }

    /// Refuses a record whose parts do not match its kind.
    fn check_shape(&self) -> Result<(), Malformed> {
        let kind = self.kind;
        if !kind.actions().contains(&self.action) {
            return Err(self.malformed(&format!("its action is `{}`", self.action)));
        }
        let model = self.related.as_ref().map(|related| related.model);
        if !kind.about().contains(&About::of(model)) {
            return Err(self.malformed(&match model {
                Some(model) => format!("it is about `{model}`"),
                None => "it names nothing that it is about".into(),
            }));
        }
        let Data { before, after, reason, photos, .. } = &self.data;
        if Given::of(&self.data) != Some(kind.values()) {
            return Err(self.malformed(match kind.values() {
                Given::Before => "it has to hold the values before, and none after",
                Given::After => "it has to hold the values after, and none before",
                Given::Both => "it has to hold the values before and after",
            }));
        }
        if kind.sets_fields() && !before.fields().eq(after.fields()) {
            return Err(self.malformed("the values before and after are not of the same fields"));
        }
        let may_say_why = matches!(kind, MutationKind::Correct | MutationKind::SetStatus);
        if reason.is_some() && !may_say_why {
            return Err(self.malformed("it gives a reason"));
        }
        let has_photos = matches!(kind, MutationKind::AddSection | MutationKind::RemoveSection);
        if !photos.is_empty() && !has_photos {
            return Err(self.malformed("it holds photos"));
        }
        Ok(())
    }

    /// Refuses values that the object cannot have: of a field that it does not have, or of another
    /// type. Applying them would have no effect.
    fn check_values(&self) -> Result<(), Malformed> {
        let model = self.related.as_ref().map(|related| related.model);
        let about = About::of(model);
        let fields = match about {
            About::Nothing | About::Inspection => Inspection::FIELDS,
            About::Section => Section::FIELDS,
            About::Equipment => Equipment::FIELDS,
            About::Photo => Photo::FIELDS,
            About::Report => Report::FIELDS,
        };
        let Data { before, after, photos, .. } = &self.data;
        let own = before.iter().chain(after.iter()).map(|(field, value)| {
            let has =
                fields.contains(&field) || (about == About::Section && field == Field::Position);
            (field, value, has)
        });
        let of_photos = photos.values().flat_map(Values::iter);
        let of_photos =
            of_photos.map(|(field, value)| (field, value, Photo::FIELDS.contains(&field)));
        let mut all = own.chain(of_photos);
        match all.find(|(field, value, has)| !has || !value.fits(*field)) {
            None => Ok(()),
            Some((field, ..)) => Err(Malformed(match model {
                Some(model) => format!("`{model}` cannot have this value of `{field}`"),
                None => format!("the inspection cannot have this value of `{field}`"),
            })),
        }
    }

    fn malformed(&self, problem: &str) -> Malformed {
        Malformed(format!("it does not fit its kind `{}`: {problem}", self.kind))
    }
}
