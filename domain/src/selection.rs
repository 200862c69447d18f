//! Which inspections to correct, told in plain words on the command line.

use crate::{Field, Inspection, Value};
use std::str::FromStr;

/// Conditions on an inspection's own fields. Of those on one field any may hold; between fields all
/// must. A removed inspection never matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Vec<Condition>);

/// One condition: `status=complete`, `client!=Harbour Trust` or `name~riverside`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    field: Field,
    test: Test,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    /// The same, case and all.
    Is,
    /// Anything else.
    IsNot,
    /// Has it somewhere in it, whatever the case.
    Has,
}

impl Selection {
    /// The fields that a condition may be about.
    pub const FIELDS: &'static [Field] = &[
        Field::Status,
        Field::Reference,
        Field::Name,
        Field::Address,
        Field::BuildingType,
        Field::Client,
        Field::ScheduledOn,
        Field::Inspector,
        Field::Summary,
    ];

    /// Adds a condition.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let at = text.find(['=', '~']).ok_or_else(|| {
            format!("“{text}” is no condition. Write FIELD=VALUE, FIELD!=VALUE or FIELD~WORDS.")
        })?;
        let (name, value) = (&text[..at], text[at + 1..].trim());
        let (name, test) = match (name.strip_suffix('!'), &text[at..=at]) {
            (Some(name), "=") => (name, Test::IsNot),
            (_, "~") => (name, Test::Has),
            _ => (name, Test::Is),
        };
        let field = own_field(name, Self::FIELDS)?;
        // What can never match is a slip, not a wish. An inspector is told by name.
        if field != Field::Inspector && test != Test::Has {
            Value::parse(field, value).map_err(|hint| format!("“{text}”: {hint}"))?;
        }
        self.0.push(Condition { field, test, value: value.to_owned() });
        Ok(())
    }

    /// Whether an inspection is meant.
    pub fn matches(&self, inspection: &Inspection) -> bool {
        let same_field = |field| {
            let of_field = self.0.iter().filter(move |condition| condition.field == field);
            let wanted: Vec<_> = of_field.clone().filter(|it| it.test != Test::IsNot).collect();
            (wanted.is_empty() || wanted.iter().any(|it| it.holds(inspection)))
                && of_field.filter(|it| it.test == Test::IsNot).all(|it| it.holds(inspection))
        };
        !inspection.removed && self.0.iter().all(|condition| same_field(condition.field))
    }
}

impl Condition {
    fn holds(&self, inspection: &Inspection) -> bool {
        let is = match inspection.get(self.field) {
            Some(Value::Status(status)) => status.slug().to_owned(),
            Some(Value::Date(date)) => date.map(|date| date.to_string()).unwrap_or_default(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        match self.test {
            Test::Is => is == self.value,
            Test::IsNot => is != self.value,
            Test::Has => is.to_lowercase().contains(&self.value.to_lowercase()),
        }
    }
}

/// Reads the name of one of these fields, as in `building_type`.
///
/// # Errors
/// A sentence that lists them.
pub fn own_field(name: &str, fields: &[Field]) -> Result<Field, String> {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let found = Field::from_str(&name).ok().filter(|field| fields.contains(field));
    found.ok_or_else(|| {
        let known: Vec<&str> = fields.iter().map(|field| field.slug()).collect();
        format!("“{name}” is not a field to use here. Use one of {}.", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Person, Status, UserId};

    fn inspection() -> Inspection {
        Inspection {
            reference: "BI-2026-0001".into(),
            name: "Riverside House".into(),
            building_type: "Office".into(),
            client: "Harbour Trust".into(),
            scheduled_on: "2026-03-02".parse().ok(),
            inspector: Some(Person { id: UserId(1), name: "Ida Example".into() }),
            status: Status::Complete,
            ..Inspection::default()
        }
    }

    fn matches(conditions: &[&str]) -> bool {
        let mut selection = Selection::default();
        for condition in conditions {
            selection.add(condition).unwrap();
        }
        selection.matches(&inspection())
    }

    #[test]
    fn all_fields_must_match_and_any_value_of_one() {
        assert!(matches(&[]));
        assert!(matches(&["status=complete", "client=Harbour Trust"]));
        assert!(matches(&["status=draft", "status=complete"]));
        assert!(!matches(&["status=complete", "client=Harbour"]));
        assert!(matches(&["client~harbour", "Building-Type!=House"]));
        assert!(!matches(&["client!=Harbour Trust", "client!=Other"]));
        assert!(matches(&["scheduled_on=2026-03-02", "inspector=Ida Example"]));
        assert!(matches(&["address=", "reference~2026"]));
        let removed = Inspection { removed: true, ..inspection() };
        assert!(!Selection::default().matches(&removed));
    }

    #[test]
    fn what_cannot_be_meant_says_what_to_write() {
        let refused = |text| Selection::default().add(text).unwrap_err();
        assert!(refused("complete").contains("FIELD=VALUE"));
        assert!(refused("colour=red").contains("status, reference, name"));
        assert!(refused("status=done").contains("draft, review or complete"));
        assert!(refused("scheduled_on=tomorrow").contains("2026-03-31"));
    }
}
