//! Forms: their values by control name, and the mutations they stand for. A form sent without
//! JavaScript and one sent by the page have the same controls.

pub(crate) mod target;

use domain::{
    change::{Mutation, Refusal},
    id::{EquipmentId, SectionId, UserId},
    inspection::{Equipment, Field, Invalid, Section, Status, Target, Value, ValueKind, Values},
    people::Person,
};
use leptos::ev;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;

/// Form values by control name.
pub type Typed = BTreeMap<String, String>;

/// Name of the control with the action.
pub(crate) const DO: &str = "do";

/// Name of the control with the target.
pub(crate) const TARGET: &str = "target";

/// Name of the control with the reason.
pub(crate) const REASON: &str = "reason";

/// Name of the control with the request id; the server performs a request id only once.
pub(crate) const REQUEST: &str = "request";

/// Name of the control with the last change that the form is based on.
pub(crate) const EXPECTED: &str = "expected";

/// Action of a form; the target is separate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormAction {
    /// Change the values of fields.
    Edit,
    /// Change the status to this one.
    Step(Status),
    /// Add a section.
    AddSection,
    /// Add an equipment item.
    AddEquipment,
    /// Remove an object.
    Remove,
}

impl FormAction {
    /// Returns the action's name in a form.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Step(status) => status.slug(),
            Self::AddSection => "add-section",
            Self::AddEquipment => "add-equipment",
            Self::Remove => "remove",
        }
    }

    /// Parses the action's name.
    pub(crate) fn parse(slug: &str) -> Option<Self> {
        Some(match slug {
            "edit" => Self::Edit,
            "add-section" => Self::AddSection,
            "add-equipment" => Self::AddEquipment,
            "remove" => Self::Remove,
            status => Self::Step(status.parse().ok()?),
        })
    }
}

/// Reads the values of a form that is being submitted.
pub(crate) fn typed(event: &ev::SubmitEvent) -> Typed {
    let form = event.target().and_then(|target| target.dyn_into().ok());
    let data = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok());
    let names =
        [DO, TARGET, REASON, REQUEST].into_iter().chain(Field::ALL.iter().map(|it| it.slug()));
    let read = |name: &'static str| Some((name.to_owned(), data.as_ref()?.get(name).as_string()?));
    names.filter_map(read).collect()
}

/// Returns the fields of the edit form of a target. A section's condition has buttons of its own on
/// the page.
pub(crate) fn fields_in_form(target: Target) -> impl Iterator<Item = Field> {
    let is_apart =
        move |field: Field| matches!((target, field), (Target::Section(_), Field::Condition));
    let fields = target.editable().iter().copied();
    fields.filter(move |field| field.is_in_form() && !is_apart(*field))
}

/// Returns the target of a form, by default the inspection; `None` when its name is invalid.
pub(crate) fn target_of(typed: &Typed) -> Option<Target> {
    match typed.get(TARGET).map(String::as_str) {
        None | Some("") => Some(Target::Inspection),
        Some(slug) => target::parse(slug),
    }
}

/// Parses the mutation of a form.
///
/// # Errors
/// The form names an unknown action or target, or a value is invalid.
pub(crate) fn mutation(typed: &Typed) -> Result<Mutation, Refusal> {
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let target = target_of(typed).ok_or(Refusal::NotThere)?;
    match FormAction::parse(text(DO)).ok_or(Refusal::NotThere)? {
        FormAction::Edit => {
            let values = values(typed, target.editable())?;
            Ok(Mutation::Edit { target, values })
        }
        FormAction::Step(to) => {
            let reason = Some(text(REASON).to_owned()).filter(|reason| !reason.is_empty());
            Ok(Mutation::SetStatus { to, reason })
        }
        FormAction::AddSection => {
            let values = values(typed, Section::FIELDS)?;
            let section = Section::from_values(SectionId(0), &values);
            Ok(Mutation::AddSection { section, position: None, photos: Vec::new() })
        }
        FormAction::AddEquipment => {
            let values = values(typed, Equipment::FIELDS)?;
            let equipment = Equipment::from_values(EquipmentId(0), &values);
            Ok(Mutation::AddEquipment { equipment })
        }
        FormAction::Remove => match target {
            Target::Section(section) => Ok(Mutation::RemoveSection { section }),
            target => Ok(Mutation::Remove { target }),
        },
    }
}

/// Returns the form of a mutation, the inverse of [`mutation`]. `None` for mutations without a
/// form, such as restoring a removed object.
pub(crate) fn form_of(mutation: &Mutation) -> Option<Typed> {
    let (form_action, target, values, reason) = match mutation {
        Mutation::Edit { target, values } => {
            (FormAction::Edit, Some(*target), values.clone(), None)
        }
        Mutation::SetStatus { to, reason } => {
            (FormAction::Step(*to), None, Values::new(), reason.clone())
        }
        Mutation::AddSection { section, position: None, photos }
            if section.id == SectionId(0) && photos.is_empty() =>
        {
            (FormAction::AddSection, None, section.values(), None)
        }
        Mutation::AddEquipment { equipment } if equipment.id == EquipmentId(0) => {
            (FormAction::AddEquipment, None, equipment.values(), None)
        }
        Mutation::RemoveSection { section } => {
            (FormAction::Remove, Some(Target::Section(*section)), Values::new(), None)
        }
        Mutation::Remove { target } => (FormAction::Remove, Some(*target), Values::new(), None),
        _ => return None,
    };
    let mut typed = Typed::from([(DO.to_owned(), form_action.slug().to_owned())]);
    typed.extend(target.map(|target| (TARGET.to_owned(), target::slug(target))));
    typed.extend(reason.map(|reason| (REASON.to_owned(), reason)));
    typed.extend(values.iter().map(|(field, value)| (field.slug().to_owned(), write(value))));
    Some(typed)
}

/// Returns the form of an edit of one field, with its unparsed text.
pub(crate) fn edit_of(target: Target, field: Field, text: String) -> Typed {
    Typed::from([
        (DO.to_owned(), FormAction::Edit.slug().to_owned()),
        (TARGET.to_owned(), target::slug(target)),
        (field.slug().to_owned(), text),
    ])
}

/// Reads the target, the field and the text of an edit of one field.
pub(crate) fn one_edit(typed: &Typed) -> Option<(Target, Field, &str)> {
    let form_action = FormAction::parse(typed.get(DO)?)?;
    let target = target::parse(typed.get(TARGET)?)?;
    let mut fields = target.editable().iter().filter_map(|field| {
        let text = typed.get(field.slug())?;
        Some((target, *field, text.as_str()))
    });
    let first = fields.next().filter(|_| form_action == FormAction::Edit)?;
    fields.next().is_none().then_some(first)
}

/// Returns the id of the page element that the form belongs to.
pub(crate) fn place_of(typed: &Typed) -> String {
    typed.get(TARGET).cloned().unwrap_or_default()
}

/// Parses the values of the given fields that are in the form.
///
/// # Errors
/// One message for each invalid value.
pub(crate) fn values(typed: &Typed, fields: &[Field]) -> Result<Values, Invalid> {
    let mut values = Values::new();
    let mut problems = Invalid::default();
    for field in fields {
        let Some(text) = typed.get(field.slug()) else { continue };
        match read(*field, text) {
            Ok(value) => values = values.with(*field, value),
            Err(message) => problems.add(*field, message),
        }
    }
    problems.or_ok().map(|()| values)
}

/// Parses one value. A person is given by id; the server adds the name.
///
/// # Errors
/// A sentence that describes valid values.
pub(crate) fn read(field: Field, text: &str) -> Result<Value, String> {
    if field.kind() != ValueKind::Person {
        return Value::parse(field, text);
    }
    match text.trim() {
        "" => Ok(Value::Person(None)),
        id => id
            .parse()
            .map(|id| Value::Person(Some(Person { id: UserId(id), name: String::new() })))
            .map_err(|_| "Choose one of the people listed.".into()),
    }
}

/// Formats a value for its control, the inverse of [`read`].
pub(crate) fn write(value: &Value) -> String {
    match value {
        Value::Person(person) => {
            person.as_ref().map(|person| person.id.to_string()).unwrap_or_default()
        }
        Value::Section(section) => section.map(|section| section.to_string()).unwrap_or_default(),
        value => value.typed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::inspection::Condition;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn an_edit_takes_the_fields_of_its_target_alone() {
        let form = typed(&[
            ("do", "edit"),
            ("target", "section-5"),
            ("title", "Roof"),
            ("condition", "poor"),
            ("status", "complete"),
            ("name", "ignored"),
        ]);
        let values = Values::new()
            .with(Field::Title, Value::text("Roof"))
            .with(Field::Condition, Value::Condition(Condition::Poor));
        let target = Target::Section(SectionId(5));
        assert_eq!(mutation(&form), Ok(Mutation::Edit { target, values }));
    }

    #[test]
    fn a_step_carries_its_reason() {
        let form = typed(&[("do", "draft"), ("reason", "The roof is missing.")]);
        let reason = Some("The roof is missing.".to_owned());
        assert_eq!(mutation(&form), Ok(Mutation::SetStatus { to: Status::Draft, reason }));
    }

    #[test]
    fn a_section_is_removed_as_a_section() {
        let form = typed(&[("do", "remove"), ("target", "section-5")]);
        assert_eq!(mutation(&form), Ok(Mutation::RemoveSection { section: SectionId(5) }));
    }

    #[test]
    fn a_mutation_survives_the_way_through_a_form() {
        let values = Values::new()
            .with(Field::Title, Value::text("Roof"))
            .with(Field::Condition, Value::Condition(Condition::Poor));
        let section = Section { title: "Facade".into(), ..Section::default() };
        let equipment = Equipment { kind: "Boiler".into(), ..Equipment::default() };
        for asked in [
            Mutation::Edit { target: Target::Section(SectionId(5)), values },
            Mutation::SetStatus { to: Status::Draft, reason: Some("Look again.".into()) },
            Mutation::AddSection { section, position: None, photos: Vec::new() },
            Mutation::AddEquipment { equipment },
            Mutation::RemoveSection { section: SectionId(5) },
            Mutation::Remove { target: Target::Inspection },
        ] {
            assert_eq!(mutation(&form_of(&asked).unwrap()), Ok(asked));
        }
        assert_eq!(form_of(&Mutation::BringBack), None);
    }

    #[test]
    fn what_cannot_be_read_is_said_field_by_field() {
        let form = typed(&[("do", "edit"), ("scheduled_on", "soon"), ("inspector", "x")]);
        let Err(Refusal::Invalid(problems)) = mutation(&form) else {
            panic!("a date of `soon` was read")
        };
        assert_eq!(
            problems.fields.keys().copied().collect::<Vec<_>>(),
            [Field::ScheduledOn, Field::Inspector]
        );
        assert_eq!(mutation(&typed(&[("do", "burn")])), Err(Refusal::NotThere));
        // An invalid name must not be taken for the whole inspection.
        let remove = typed(&[("do", "remove"), ("target", "photo-x")]);
        assert_eq!(mutation(&remove), Err(Refusal::NotThere));
    }

    #[test]
    fn values_survive_the_way_through_a_control() {
        for (field, text) in [
            (Field::Name, "Riverside House"),
            (Field::ScheduledOn, "2026-03-31"),
            (Field::ScheduledOn, ""),
            (Field::Condition, "not-inspected"),
            (Field::Inspector, "3"),
            (Field::Section, "12"),
            (Field::Section, ""),
        ] {
            assert_eq!(write(&read(field, text).unwrap()), text);
        }
    }
}
