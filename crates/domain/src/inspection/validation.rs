//! Validation of field values, which the server enforces and the pages show as warnings.

use crate::{
    day::check_day,
    inspection::{Field, Value, ValueKind},
    text::{normal_line, normal_prose},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Largest sort key and largest cover number: integers up to it are exact in JSON too.
pub(crate) const MAX_RANK: i64 = (1 << 53) - 1;

/// Invalid values: a message for each field that says what to do instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// The messages.
    pub fields: BTreeMap<Field, String>,
}

impl Invalid {
    /// Creates one message about one field.
    pub fn of(field: Field, message: impl Into<String>) -> Self {
        Self { fields: BTreeMap::from([(field, message.into())]) }
    }

    /// Adds a message, unless the field has one already.
    pub fn add(&mut self, field: Field, message: impl Into<String>) {
        self.fields.entry(field).or_insert_with(|| message.into());
    }

    /// Returns `Ok` if there is no message.
    ///
    /// # Errors
    /// Itself, if there is one.
    pub fn or_ok(self) -> Result<(), Self> {
        if self.fields.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, message)) in self.fields.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{}: {message}", field.label())?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// Returns the maximum length of a text field, in characters.
const fn most(field: Field) -> usize {
    match (field, field.kind()) {
        (_, ValueKind::Prose) => 20_000,
        (Field::Caption, _) => 500,
        _ => 200,
    }
}

/// Returns the message for an empty required field; `None` if the field may be empty.
const fn required(field: Field) -> Option<&'static str> {
    match field {
        Field::Name => Some("Enter a name."),
        Field::Title => Some("Enter a title."),
        Field::Kind => Some("Say what kind of equipment it is."),
        _ => None,
    }
}

impl Field {
    /// Returns whether its value must not be empty.
    pub const fn is_required(self) -> bool {
        required(self).is_some()
    }
}

/// Checks one value and returns it in stored form: text is normalised by [`normal_line`] or
/// [`normal_prose`].
///
/// # Errors
/// A message that says what to do instead.
pub fn check(field: Field, value: Value) -> Result<Value, String> {
    if !value.fits(field) {
        return Err("This is not the kind of value that belongs here.".into());
    }
    match (field, &value) {
        (_, Value::Date(Some(day))) => check_day(*day)?,
        (Field::Rank, Value::Number(rank)) if !(-MAX_RANK..=MAX_RANK).contains(rank) => {
            return Err("Choose a place among the photos.".into());
        }
        (Field::Cover, Value::Number(cover)) if !(0..=MAX_RANK).contains(cover) => {
            return Err("Choose one of the photos as the cover.".into());
        }
        _ => {}
    }
    let Value::Text(text) = value else {
        return Ok(value);
    };
    let text = match field.kind() {
        ValueKind::Prose => normal_prose(&text),
        _ => normal_line(&text),
    };
    if text.is_empty()
        && let Some(message) = required(field)
    {
        return Err(message.into());
    }
    let (length, most) = (text.chars().count(), most(field));
    if length > most {
        return Err(format!("Keep it to {most} characters; this has {length}."));
    }
    Ok(Value::Text(text))
}

/// Checks several values and collects the messages.
///
/// # Errors
/// A message for each invalid field.
pub fn check_values<'a>(
    values: impl IntoIterator<Item = (Field, &'a Value)>,
) -> Result<(), Invalid> {
    let mut problems = Invalid::default();
    for (field, value) in values {
        if let Err(message) = check(field, value.clone()) {
            problems.add(field, message);
        }
    }
    problems.or_ok()
}
