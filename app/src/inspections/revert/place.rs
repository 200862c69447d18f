//! Names of conflicting fields and of the person's choices in addresses and forms, as in
//! `decide.section-12.condition=back`.

use crate::form::target;
#[cfg(feature = "ssr")]
use crate::{error::AppError, form::Typed};
#[cfg(feature = "ssr")]
use domain::revert::Choices;
use domain::revert::{Choice, FieldPath};

const DECIDE: &str = "decide.";

/// Returns the name of the field's controls in a form.
pub(super) fn name(place: FieldPath) -> String {
    let target = target::slug(place.target);
    match place.field {
        Some(field) => format!("{DECIDE}{target}.{field}"),
        None => format!("{DECIDE}{target}"),
    }
}

/// Returns the name of a choice in a form.
pub(super) const fn slug(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "keep",
        Choice::Back => "back",
    }
}

/// Parses the choices in a form or an address.
///
/// # Errors
/// A choice cannot be parsed. It is not ignored, because a field without a choice keeps its value.
#[cfg(feature = "ssr")]
pub(super) fn choices(typed: &Typed) -> Result<Choices, AppError> {
    let decided =
        typed.iter().filter_map(|(name, choice)| Some((name.strip_prefix(DECIDE)?, choice)));
    let read = |(name, choice): (&str, &String)| {
        let decision = parse(name).zip(chosen(choice));
        decision.ok_or_else(|| {
            AppError::unreadable(&format!("{DECIDE}{name}={choice}"), "Go back and decide again.")
        })
    };
    decided.map(read).collect()
}

#[cfg(feature = "ssr")]
fn parse(name: &str) -> Option<FieldPath> {
    let (target, field) = match name.split_once('.') {
        Some((target, field)) => (target, Some(field.parse().ok()?)),
        None => (name, None),
    };
    Some(FieldPath { target: target::parse(target)?, field })
}

#[cfg(feature = "ssr")]
fn chosen(slug: &str) -> Option<Choice> {
    [Choice::Keep, Choice::Back].into_iter().find(|choice| self::slug(*choice) == slug)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::{
        id::{PhotoId, SectionId},
        inspection::{Field, Target},
    };

    #[test]
    fn every_decision_survives_the_way_through_a_form() {
        for target in
            [Target::Inspection, Target::Section(SectionId(12)), Target::Photo(PhotoId(3))]
        {
            for field in [None, Some(Field::Condition), Some(Field::ScheduledOn)] {
                let place = FieldPath { target, field };
                let typed = Typed::from([
                    (name(place), slug(Choice::Back).into()),
                    ("inspection".into(), "4".into()),
                ]);
                assert_eq!(choices(&typed), Ok(Choices::from([(place, Choice::Back)])));
            }
        }
    }

    #[test]
    fn a_decision_that_cannot_be_read_is_not_passed_over() {
        for (name, choice) in [
            ("decide.roof", "back"),
            ("decide.section-x", "back"),
            ("decide.inspection.colour", "keep"),
            ("decide.inspection.name", "perhaps"),
        ] {
            let typed = Typed::from([(name.to_owned(), choice.to_owned())]);
            let error = choices(&typed).unwrap_err();
            assert_eq!(error.status(), 400, "{name}={choice}");
        }
    }
}
