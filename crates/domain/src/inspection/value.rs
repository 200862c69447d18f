//! Field values, and sets of them.

use crate::{
    day::{day_in_words, parse_day},
    id::{ChangeId, SectionId},
    inspection::{Condition, Field, Status, ValueKind},
    people::Person,
};
use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// The value of one field. It is serialized without a type tag, because its field's [`ValueKind`] tells
/// how to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text of one or more lines; it may be empty.
    Text(String),
    /// A calendar day.
    Date(Option<NaiveDate>),
    /// Status of an inspection.
    Status(Status),
    /// Condition of a section or a piece of equipment.
    Condition(Condition),
    /// A person, with the name at the time.
    Person(Option<Person>),
    /// A whole number.
    Number(i64),
    /// A section of the same inspection.
    Section(Option<SectionId>),
}

impl Value {
    /// Returns a text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns whether it is empty: empty text, no date, no person, no section.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Date(date) => date.is_none(),
            Self::Person(person) => person.is_none(),
            Self::Section(section) => section.is_none(),
            Self::Status(_) | Self::Condition(_) | Self::Number(_) => false,
        }
    }

    /// Returns whether it is of the type that `field` has.
    pub fn fits(&self, field: Field) -> bool {
        matches!(
            (self, field.kind()),
            (Self::Text(_), ValueKind::Line | ValueKind::Prose)
                | (Self::Date(_), ValueKind::Date)
                | (Self::Status(_), ValueKind::Status)
                | (Self::Condition(_), ValueKind::Condition)
                | (Self::Person(_), ValueKind::Person)
                | (Self::Number(_), ValueKind::Number)
                | (Self::Section(_), ValueKind::Section)
        )
    }

    /// Formats it as people type it: a day as `2026-03-31`, a status or a condition by its slug.
    pub fn typed(&self) -> String {
        match self {
            Self::Status(status) => status.slug().to_owned(),
            Self::Condition(condition) => condition.slug().to_owned(),
            Self::Date(date) => date.map(|date| date.to_string()).unwrap_or_default(),
            value => value.to_string(),
        }
    }

    /// Parses the text of a form control for `field`. People are not parsed here, because they are
    /// chosen by id and the server adds the name.
    ///
    /// # Errors
    /// A message that says what to do instead.
    pub fn parse(field: Field, typed: &str) -> Result<Self, String> {
        let typed_line = typed.trim();
        match field.kind() {
            ValueKind::Line | ValueKind::Prose => Ok(Self::text(typed)),
            ValueKind::Date if typed_line.is_empty() => Ok(Self::Date(None)),
            ValueKind::Date => parse_day(typed_line).map(|date| Self::Date(Some(date))),
            ValueKind::Status => typed_line
                .parse()
                .map(Self::Status)
                .map_err(|()| "Choose draft, review or complete.".into()),
            ValueKind::Condition => typed_line
                .parse()
                .map(Self::Condition)
                .map_err(|()| "Choose good, fair, poor, unsafe or not inspected.".into()),
            ValueKind::Number => {
                typed_line.parse().map(Self::Number).map_err(|_| "Give a whole number.".into())
            }
            ValueKind::Section if typed_line.is_empty() => Ok(Self::Section(None)),
            ValueKind::Section => typed_line
                .parse()
                .map(|section| Self::Section(Some(section)))
                .map_err(|_| "Choose one of the sections.".into()),
            ValueKind::Person => Err("Choose one of the people listed.".into()),
        }
    }
}

/// The value of one field, borrowed from its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRef<'a> {
    /// Text of one or more lines; it may be empty.
    Text(&'a str),
    /// A calendar day.
    Date(Option<NaiveDate>),
    /// Status of an inspection.
    Status(Status),
    /// Condition of a section or a piece of equipment.
    Condition(Condition),
    /// A person, with the name at the time.
    Person(Option<&'a Person>),
    /// A whole number.
    Number(i64),
    /// A section of the same inspection.
    Section(Option<SectionId>),
}

impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Text(text) => Self::Text(text.to_owned()),
            ValueRef::Date(date) => Self::Date(date),
            ValueRef::Status(status) => Self::Status(status),
            ValueRef::Condition(condition) => Self::Condition(condition),
            ValueRef::Person(person) => Self::Person(person.cloned()),
            ValueRef::Number(number) => Self::Number(number),
            ValueRef::Section(section) => Self::Section(section),
        }
    }
}

/// Type of a member that holds the value of a field.
pub(super) trait FieldValue: Sized {
    /// Returns the value of the member.
    fn to_value_ref(&self) -> ValueRef<'_>;

    /// Returns the member for a value; `None` if the value is of another type.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! convert {
    ($($type:ty => $variant:ident, |$member:ident| $value:expr, |$stored:ident| $from:expr;)*) => {$(
        impl FieldValue for $type {
            fn to_value_ref(&self) -> ValueRef<'_> {
                let $member = self;
                ValueRef::$variant($value)
            }

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant($stored) => Some($from),
                    _ => None,
                }
            }
        }
    )*};
}

convert! {
    String => Text, |it| it, |it| it;
    Option<NaiveDate> => Date, |it| *it, |it| it;
    Status => Status, |it| *it, |it| it;
    Condition => Condition, |it| *it, |it| it;
    Option<Person> => Person, |it| it.as_ref(), |it| it;
    i64 => Number, |it| *it, |it| it;
    Option<SectionId> => Section, |it| *it, |it| it;
    bool => Number, |flag| i64::from(*flag), |number| number == 1;
    ChangeId => Number, |change| change.0, |number| ChangeId(number);
}

/// Formats it for people: "Good", "31 Mar 2026", a name; empty if there is no value.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Date(Some(date)) => f.write_str(&day_in_words(*date)),
            Self::Status(status) => f.write_str(status.label()),
            Self::Condition(condition) => f.write_str(condition.label()),
            Self::Person(Some(person)) => f.write_str(&person.name),
            Self::Number(number) => number.fmt(f),
            Self::Section(Some(section)) => write!(f, "section {section}"),
            Self::Date(None) | Self::Person(None) | Self::Section(None) => Ok(()),
        }
    }
}

/// Values by field, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Values(pub BTreeMap<Field, Value>);

impl Values {
    /// Creates an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value and returns the set, for building one in place.
    #[must_use]
    pub fn with(mut self, field: Field, value: Value) -> Self {
        self.0.insert(field, value);
        self
    }

    /// Returns the value of a field.
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.0.get(&field)
    }

    /// Returns the fields that have a value.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.0.keys().copied()
    }

    /// Returns whether it has no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over fields and values.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }
}

impl FromIterator<(Field, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (Field, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// Deserializes a value of this type.
impl<'de> DeserializeSeed<'de> for ValueKind {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        Ok(match self {
            Self::Line | Self::Prose => Value::Text(Deserialize::deserialize(from)?),
            Self::Date => Value::Date(Deserialize::deserialize(from)?),
            Self::Status => Value::Status(Deserialize::deserialize(from)?),
            Self::Condition => Value::Condition(Deserialize::deserialize(from)?),
            Self::Person => Value::Person(Deserialize::deserialize(from)?),
            Self::Number => Value::Number(Deserialize::deserialize(from)?),
            Self::Section => Value::Section(Deserialize::deserialize(from)?),
        })
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByField;

        impl<'de> Visitor<'de> for ByField {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by field")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(field) = map.next_key::<Field>()? {
                    values.insert(field, map.next_value_seed(field.kind())?);
                }
                Ok(Values(values))
            }
        }

        deserializer.deserialize_map(ByField)
    }
}

/// Returns the name of an object with these values.
pub(crate) fn name_of(values: &Values) -> String {
    let text = |field| match values.get(field) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    if let Some(name) = text(Field::Title).or_else(|| text(Field::Name)) {
        return name.to_owned();
    }
    [Field::Kind, Field::Make, Field::Model]
        .into_iter()
        .filter_map(text)
        .collect::<Vec<_>>()
        .join(" ")
}
