//! Names of people in mutations. A record has a person's present name, regardless of the name that
//! the caller gave.

use super::writer::RecordWriter;
use crate::{Error, rows::word, sql::sql};
use domain::{
    change::Mutation,
    id::UserId,
    inspection::{Field, Inspection, Invalid, Value, Values},
    people::{Person, Role},
    permission::may_create,
};

impl RecordWriter {
    /// Returns the user that a mutation assigns to a field, with their present name; `None` if
    /// there is no such user, or if their role does not inspect.
    pub(super) async fn look_up(&mut self, mutation: &Mutation) -> Result<Option<Person>, Error> {
        match mutation.values().and_then(chosen) {
            Some(user) => self.look_up_user(user).await,
            None => Ok(None),
        }
    }

    async fn look_up_user(&mut self, id: UserId) -> Result<Option<Person>, Error> {
        let statement = sql("select name, role from users where id = $1 and disabled_at is null");
        let found: Option<(String, String)> = statement.bind(id).optional(&mut self.tx).await?;
        let Some((name, role)) = found else { return Ok(None) };
        let role: Role = word("users", "role", id.0, &role)?;
        Ok(may_create(role).then_some(Person { id, name }))
    }
}

fn chosen(values: &Values) -> Option<UserId> {
    match values.get(Field::Inspector) {
        Some(Value::Person(Some(person))) => Some(person.id),
        _ => None,
    }
}

/// Replaces the name of the person in a mutation with the one that was looked up. A person who is
/// already assigned keeps the name recorded then.
pub(super) fn name(
    mut mutation: Mutation,
    before: &Inspection,
    named: Option<&Person>,
) -> Result<Mutation, Invalid> {
    let Some(values) = mutation.values_mut() else { return Ok(mutation) };
    if let Some(user) = chosen(values) {
        let same = before.inspector.as_ref().filter(|person| person.id == user);
        let person = same.or(named.filter(|person| person.id == user));
        let person = person.ok_or_else(|| {
            Invalid::of(Field::Inspector, "Choose one of the people listed; this one is not.")
        })?;
        let person = Value::Person(Some(person.clone()));
        values.0.insert(Field::Inspector, person);
    }
    Ok(mutation)
}
