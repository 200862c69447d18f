//! Selection of inspections by conditions on the command line.

use crate::{
    id::UserId,
    inspection::{Field, Inspection, Status, Value, check},
    people::Directory,
    text::fold,
};
use std::str::FromStr;

/// Conditions on an inspection's own fields. Within one field any condition may hold; every field
/// must match. A removed inspection never matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Vec<Condition>);

/// One condition: `status=complete`, `client!=Harbour Trust` or `name~riverside`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    field: Field,
    /// Whether the test must fail.
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The value equals this one, including case.
    Is(Value),
    /// The value is one of these people.
    IsOneOf(Vec<UserId>),
    /// The value contains this text, which is folded, as the value is for the comparison.
    Has(String),
}

impl Selection {
    /// Adds a condition on one of the inspection's own fields. Inspectors are looked up in `people`.
    ///
    /// # Errors
    /// A message that says what to write instead, if the condition could never match or would match
    /// everything.
    pub fn add(&mut self, text: &str, people: &Directory) -> Result<(), String> {
        let at = text.find(['=', '~']).ok_or_else(|| {
            format!("“{text}” is no condition. Write FIELD=VALUE, FIELD!=VALUE or FIELD~WORDS.")
        })?;
        let (name, value) = (&text[..at], text[at + 1..].trim());
        let has = &text[at..=at] == "~";
        let (name, negated) = match name.strip_suffix('!') {
            Some(name) if !has => (name, true),
            _ => (name, false),
        };
        let field = own_field(name, Inspection::FIELDS)?;
        let test = if has { words(field, value) } else { equal(field, value, people) };
        let test = test.map_err(|hint| format!("“{text}”: {hint}"))?;
        self.0.push(Condition { field, negated, test });
        Ok(())
    }

    /// Returns whether an inspection matches.
    pub fn matches(&self, inspection: &Inspection) -> bool {
        let same_field = |field| {
            let of_field = self.0.iter().filter(move |condition| condition.field == field);
            let wanted: Vec<_> = of_field.clone().filter(|it| !it.negated).collect();
            (wanted.is_empty() || wanted.iter().any(|it| it.holds(inspection)))
                && of_field.filter(|it| it.negated).all(|it| it.holds(inspection))
        };
        !inspection.removed && self.0.iter().all(|condition| same_field(condition.field))
    }
}

/// Parses the test of `FIELD=VALUE`. The value is converted to its stored form.
fn equal(field: Field, value: &str, people: &Directory) -> Result<Test, String> {
    if field == Field::Inspector {
        return Ok(match value {
            "" => Test::Is(Value::Person(None)),
            value => {
                let found = people.find(value)?;
                Test::IsOneOf(found.iter().map(|entry| entry.person.id).collect())
            }
        });
    }
    let value = Value::parse(field, value)?;
    // `check` refuses an empty value in required fields, but a condition may ask for it.
    Ok(Test::Is(if value.is_empty() { value } else { check(field, value)? }))
}

/// Parses the test of `FIELD~WORDS`.
fn words(field: Field, value: &str) -> Result<Test, String> {
    let value = fold(value);
    if value.is_empty() {
        return Err(format!(
            "every {0} contains nothing. Write the words to look for, or {0}= for an empty one.",
            field.slug()
        ));
    }
    if field == Field::Status && !Status::ALL.iter().any(|it| it.slug().contains(&value)) {
        return Err("choose draft, review or complete.".into());
    }
    Ok(Test::Has(value))
}

impl Condition {
    fn holds(&self, inspection: &Inspection) -> bool {
        let actual = inspection.get(self.field);
        self.negated
            != match &self.test {
                Test::Is(value) => actual.as_ref() == Some(value),
                Test::IsOneOf(ids) => matches!(
                    &actual, Some(Value::Person(Some(person))) if ids.contains(&person.id)
                ),
                Test::Has(words) => {
                    actual.is_some_and(|value| fold(&value.typed()).contains(words))
                }
            }
    }
}

/// Parses the name of one of these fields, as in `building_type`.
///
/// # Errors
/// A message that lists them.
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
    use crate::people::{Listed, Person};

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

    /// Ida has changed her name since the inspection was assigned to her.
    fn people() -> Directory {
        let entry = |id, name: &str, email: &str| Listed {
            person: Person { id: UserId(id), name: name.into() },
            email: Some(email.into()),
            is_active: true,
        };
        Directory::new(vec![
            entry(1, "Ida Sample", "ida@example.org"),
            entry(2, "Ola Example", "ola@example.org"),
        ])
    }

    fn matches(conditions: &[&str]) -> bool {
        let mut selection = Selection::default();
        for condition in conditions {
            selection.add(condition, &people()).unwrap();
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
        assert!(matches(&["scheduled_on=2026-03-02", "client=Harbour  Trust "]));
        assert!(matches(&["address=", "reference~2026", "scheduled_on~2026-03", "client!="]));
        let removed = Inspection { removed: true, ..inspection() };
        assert!(!Selection::default().matches(&removed));
    }

    #[test]
    fn an_inspector_is_told_by_name_or_address() {
        for ida in ["inspector=ida sample", "inspector=Ida@example.org", "inspector~example"] {
            assert!(matches(&[ida]), "{ida}");
        }
        assert!(!matches(&["inspector=ola@example.org"]));
        assert!(matches(&["inspector!=Ola Example", "inspector!="]));
        assert!(!matches(&["inspector="]));
    }

    #[test]
    fn what_cannot_be_meant_says_what_to_write() {
        let refused = |text: &str| Selection::default().add(text, &people()).unwrap_err();
        assert!(refused("complete").contains("FIELD=VALUE"));
        assert!(refused("colour=red").contains("reference, name, address"));
        assert!(refused("status=done").contains("draft, review or complete"));
        assert!(refused("status~done").contains("draft, review or complete"));
        assert!(refused("scheduled_on=tomorrow").contains("2026-03-31"));
        assert!(refused("inspector=nobody@example.org").contains("plumbline user list"));
        assert!(refused(&format!("client={}", "x".repeat(201))).contains("200 characters"));
        for empty in ["client~", "client~ ", "status~", "inspector~"] {
            assert!(refused(empty).contains("Write the words"), "{empty}");
        }
    }
}
