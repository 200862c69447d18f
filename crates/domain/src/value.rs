//! The value of a field, and sets of them.

use crate::{ChangeId, Condition, Field, Kind, Person, SectionId, Status, day_in_words, parse_day};
use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// The value of one field. Where it is stored or sent it stands bare: its field's [`Kind`] says how to
/// read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text of one or more lines; empty where nothing is said.
    Text(String),
    /// A calendar day.
    Date(Option<NaiveDate>),
    /// Where an inspection stands.
    Status(Status),
    /// How something was found.
    Condition(Condition),
    /// Somebody, named as at the time.
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

    /// Returns whether it says nothing: empty text, no date, nobody.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Date(date) => date.is_none(),
            Self::Person(person) => person.is_none(),
            Self::Section(section) => section.is_none(),
            Self::Status(_) | Self::Condition(_) | Self::Number(_) => false,
        }
    }

    /// Returns whether it is of the kind that `field` holds.
    pub fn fits(&self, field: Field) -> bool {
        matches!(
            (self, field.kind()),
            (Self::Text(_), Kind::Line | Kind::Prose)
                | (Self::Date(_), Kind::Date)
                | (Self::Status(_), Kind::Status)
                | (Self::Condition(_), Kind::Condition)
                | (Self::Person(_), Kind::Person)
                | (Self::Number(_), Kind::Number)
                | (Self::Section(_), Kind::Section)
        )
    }

    /// Reads what a person typed into, or chose in, a form control for `field`. A person is chosen by
    /// id alone and named by the server, so that kind is not read here.
    ///
    /// # Errors
    /// A sentence that says what to do instead.
    pub fn parse(field: Field, typed: &str) -> Result<Self, String> {
        let typed_line = typed.trim();
        match field.kind() {
            Kind::Line | Kind::Prose => Ok(Self::text(typed)),
            Kind::Date if typed_line.is_empty() => Ok(Self::Date(None)),
            Kind::Date => parse_day(typed_line).map(|date| Self::Date(Some(date))),
            Kind::Status => typed_line
                .parse()
                .map(Self::Status)
                .map_err(|()| "Choose draft, review or complete.".into()),
            Kind::Condition => typed_line
                .parse()
                .map(Self::Condition)
                .map_err(|()| "Choose good, fair, poor, unsafe or not inspected.".into()),
            Kind::Number => {
                typed_line.parse().map(Self::Number).map_err(|_| "Give a whole number.".into())
            }
            Kind::Section if typed_line.is_empty() => Ok(Self::Section(None)),
            Kind::Section => typed_line
                .parse()
                .map(|section| Self::Section(Some(section)))
                .map_err(|_| "Choose one of the sections.".into()),
            Kind::Person => Err("Choose one of the people listed.".into()),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
    )*};
}

from! {
    String => Text,
    Option<NaiveDate> => Date,
    Status => Status,
    Condition => Condition,
    Option<Person> => Person,
    i64 => Number,
    Option<SectionId> => Section,
}

impl From<ChangeId> for Value {
    fn from(change: ChangeId) -> Self {
        Self::Number(change.0)
    }
}

/// As people read it: "Good", "31 Mar 2026", a name; empty where it says nothing.
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

/// Values by field, in the fields' order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Values(pub BTreeMap<Field, Value>);

impl Values {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more value, for building a set in place.
    #[must_use]
    pub fn with(mut self, field: Field, value: Value) -> Self {
        self.0.insert(field, value);
        self
    }

    /// One field's value.
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.0.get(&field)
    }

    /// Returns the fields that have a value.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.0.keys().copied()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Field by field.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }
}

impl FromIterator<(Field, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (Field, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// Reads a value of that kind.
impl<'de> DeserializeSeed<'de> for Kind {
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
