//! Confirmations: asked in a dialog, or on the page itself without JavaScript.

use crate::form::{FormAction, target};
use domain::{
    change::{Action, Mutation},
    id::UserId,
    inspection::{Condition, Inspection, Status, Target},
    text::isolate,
};

/// Confirmation of an action on a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Confirmation {
    pub(super) form_action: FormAction,
    pub(super) target: Target,
}

/// Texts of a confirmation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) message: String,
    /// Label of the confirming button.
    pub(super) action: &'static str,
    /// Whether the action removes something.
    pub(super) danger: bool,
}

impl Confirmation {
    /// Creates the confirmation of a removal.
    pub(super) const fn remove(target: Target) -> Self {
        Self { form_action: FormAction::Remove, target }
    }

    /// Creates the confirmation of a status change.
    pub(super) const fn step(to: Status) -> Self {
        Self { form_action: FormAction::Step(to), target: Target::Inspection }
    }

    /// Confirmation with a form for a new section.
    pub(super) const ADD_SECTION: Self =
        Self { form_action: FormAction::AddSection, target: Target::Inspection };

    /// Confirmation with a form for new equipment.
    pub(super) const ADD_EQUIPMENT: Self =
        Self { form_action: FormAction::AddEquipment, target: Target::Inspection };

    /// Returns its name in an address.
    pub(super) fn slug(self) -> String {
        match self.form_action {
            FormAction::Remove => format!("remove-{}", target::slug(self.target)),
            form_action => form_action.slug().into(),
        }
    }

    /// Parses the name in an address.
    pub(super) fn parse(slug: &str) -> Option<Self> {
        if let Some(target) = slug.strip_prefix("remove-") {
            return Some(Self::remove(target::parse(target)?));
        }
        let form_action = FormAction::parse(slug)?;
        (form_action != FormAction::Edit && form_action != FormAction::Remove)
            .then_some(Self { form_action, target: Target::Inspection })
    }

    /// Returns the action to confirm, which labels the button.
    pub(super) const fn action(self) -> Action {
        match (self.form_action, self.target) {
            (FormAction::Edit | FormAction::AddEquipment, _) => Action::Edit,
            (FormAction::Step(Status::Draft), _) => Action::StatusDraft,
            (FormAction::Step(Status::Review), _) => Action::StatusReview,
            (FormAction::Step(Status::Complete), _) => Action::StatusComplete,
            (FormAction::AddSection, _) => Action::AddSection,
            (FormAction::Remove, Target::Section(_)) => Action::RemoveSection,
            (FormAction::Remove, _) => Action::Remove,
        }
    }

    /// Returns the label of the button that asks, for the given viewer.
    pub(super) fn label(self, inspection: &Inspection, viewer: UserId) -> &'static str {
        match self.form_action {
            FormAction::AddEquipment => "Add equipment",
            FormAction::Step(Status::Draft) if withdraws(inspection, viewer) => {
                "Withdraw from review"
            }
            FormAction::Step(Status::Draft) if inspection.status == Status::Complete => "Reopen",
            _ => self.action().command(),
        }
    }

    /// Returns the texts; `None` when the target no longer exists.
    pub(super) fn words(self, inspection: &Inspection, viewer: UserId) -> Option<Words> {
        let action = self.label(inspection, viewer);
        let (title, message) = match self.form_action {
            FormAction::Remove => return self.removal(inspection, action),
            FormAction::Edit => return None,
            FormAction::AddSection => ("Add a section".into(), String::new()),
            FormAction::AddEquipment => ("Add equipment".into(), String::new()),
            FormAction::Step(Status::Review) => (
                format!("Send {} for review?", inspection.reference),
                match unfinished(inspection) {
                    Some(unfinished) => format!("{unfinished} You can still send it."),
                    None => "It is locked while a reviewer looks at it.".into(),
                },
            ),
            FormAction::Step(Status::Complete) => (
                format!("Complete {}?", inspection.reference),
                "This approves the inspection. You can reopen it later; you will be asked why."
                    .into(),
            ),
            FormAction::Step(Status::Draft) if withdraws(inspection, viewer) => (
                format!("Withdraw {} from review?", inspection.reference),
                "You can then edit it again. Reviewers read your reason in its history.".into(),
            ),
            FormAction::Step(Status::Draft) if inspection.status == Status::Complete => (
                format!("Reopen {}?", inspection.reference),
                "It becomes a draft that can be edited again. The inspector reads your reason at the \
                 top of the inspection."
                    .into(),
            ),
            FormAction::Step(Status::Draft) => (
                format!("Send {} back to its inspector?", inspection.reference),
                "It can then be edited again. The inspector reads your reason at the top of the \
                 inspection."
                    .into(),
            ),
        };
        Some(Words { title, message, action, danger: false })
    }

    fn removal(self, inspection: &Inspection, action: &'static str) -> Option<Words> {
        let name = inspection.name_of(self.target)?;
        let name = isolate(&name);
        let undo = "You can undo this right after.";
        let (title, message) = match self.target {
            Target::Inspection => (
                format!("Remove the inspection {name}?"),
                "It disappears from the lists with all that is in it. Its history stays.".into(),
            ),
            Target::Section(id) => {
                let with = match inspection.photos_of(Some(id)).count() {
                    0 => String::new(),
                    1 => " and its photo".into(),
                    photos => format!(" and its {photos} photos"),
                };
                (format!("Remove the section {name}{with}?"), undo.into())
            }
            Target::Equipment(_) => (format!("Remove the equipment {name}?"), undo.into()),
            Target::Photo(_) => (format!("Remove the photo {name}?"), undo.into()),
        };
        Some(Words { title, message, action, danger: true })
    }
}

/// Returns whether a return to draft is the inspector's withdrawal before a reviewer's decision.
fn withdraws(inspection: &Inspection, viewer: UserId) -> bool {
    inspection.status == Status::Review
        && inspection.inspector.as_ref().is_some_and(|inspector| inspector.id == viewer)
}

/// Returns a warning about unfinished parts; `None` when the inspection is ready.
pub(super) fn unfinished(inspection: &Inspection) -> Option<String> {
    if inspection.sections.is_empty() {
        return Some("It has no section yet.".into());
    }
    let open: Vec<_> = inspection
        .sections
        .iter()
        .filter(|section| section.condition == Condition::NotInspected)
        .map(|section| isolate(&section.title))
        .collect();
    match &open[..] {
        [] => None,
        [one] => Some(format!("{one} is not inspected yet.")),
        [first, second] => Some(format!("{first} and {second} are not inspected yet.")),
        [first, .., last] => {
            Some(format!("{} sections are not inspected yet, from {first} to {last}.", open.len()))
        }
    }
}

/// Returns the mutation that restores a removed object.
pub(super) fn undo(inspection: &Inspection, target: Target) -> Option<Mutation> {
    Some(match target {
        Target::Inspection => return None,
        Target::Section(id) => Mutation::AddSection {
            section: inspection.section(id)?.clone(),
            position: inspection.position(id),
            photos: inspection.photos_of(Some(id)).cloned().collect(),
        },
        Target::Equipment(id) => {
            Mutation::AddEquipment { equipment: inspection.equipment(id)?.clone() }
        }
        Target::Photo(id) => Mutation::AddPhoto { photo: inspection.photo(id)?.clone() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        id::{PhotoId, SectionId},
        inspection::{Photo, Section},
    };

    fn inspection(conditions: &[Condition]) -> Inspection {
        let sections = conditions.iter().zip(1..).map(|(condition, id)| Section {
            id: SectionId(id),
            title: format!("Part {id}"),
            condition: *condition,
            notes: String::new(),
        });
        Inspection { sections: sections.collect(), ..Inspection::default() }
    }

    #[test]
    fn every_question_has_its_address() {
        for ask in [
            Confirmation::ADD_SECTION,
            Confirmation::ADD_EQUIPMENT,
            Confirmation::step(Status::Review),
            Confirmation::step(Status::Draft),
            Confirmation::remove(Target::Inspection),
            Confirmation::remove(Target::Photo(PhotoId(4))),
        ] {
            assert_eq!(Confirmation::parse(&ask.slug()), Some(ask));
        }
        assert_eq!(Confirmation::parse("edit"), None);
        assert_eq!(Confirmation::parse("remove"), None);
    }

    #[test]
    fn what_is_unfinished_is_named() {
        use Condition::{Good, NotInspected};
        let said = |conditions: &[Condition]| unfinished(&inspection(conditions));
        assert_eq!(said(&[]).as_deref(), Some("It has no section yet."));
        assert_eq!(said(&[Good, Good]), None);
        assert_eq!(said(&[Good, NotInspected]).as_deref(), Some("Part 2 is not inspected yet."));
        assert_eq!(
            said(&[NotInspected, Good, NotInspected, NotInspected]).as_deref(),
            Some("3 sections are not inspected yet, from Part 1 to Part 4.")
        );
    }

    #[test]
    fn removing_and_undoing_leaves_everything_as_it_was() {
        let mut before = inspection(&[Condition::Good, Condition::Poor, Condition::Fair]);
        before.photos.push(Photo {
            id: PhotoId(9),
            section: Some(SectionId(2)),
            ..Photo::default()
        });
        let target = Target::Section(SectionId(2));
        let undo = undo(&before, target).unwrap();
        let mut after = before.clone();
        after.apply(&Mutation::RemoveSection { section: SectionId(2) });
        assert!(after.photos.is_empty());
        after.apply(&undo);
        assert_eq!(after, before);
    }
}
