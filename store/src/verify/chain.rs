//! Whether changes follow on from each other.

use super::{Flaw, VerifyError, Wrong};
use crate::{
    Error,
    chain::{Entry, Hash, Link, canonical},
    db::Tx,
    dialect::Dialect,
    keys::unhex,
    sql::{Bound, sql},
};
use serde::{Deserialize, Deserializer};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many changes are read at once.
const AT_ONCE: i64 = 1_000;

/// The columns of a [`Raw`], in its order.
const COLUMNS: &str = "id, inspection_id, number, created_at, author_id, user_id, user_name, \
     request_id, action, cast(fields as text) as fields, related_model, related_str, \
     cast(related_data as text) as related_data, hash";

/// The same as a JSON array, of many rows in one value: SQLite hands that out three times as fast as
/// the rows one by one. PostgreSQL takes longer to write JSON than to hand out rows.
const AS_JSON: &str = "json_group_array(json_array(id, inspection_id, number, created_at, author_id, \
     user_id, user_name, hex(request_id), action, fields, related_model, related_str, related_data, \
     hex(hash)))";

/// A change as it stands in its row.
#[derive(Clone, Debug, Deserialize, sqlx::FromRow)]
pub(super) struct Raw {
    pub(super) id: i64,
    pub(super) inspection_id: i64,
    number: i64,
    created_at: i64,
    author_id: i64,
    user_id: Option<i64>,
    user_name: String,
    request_id: Uuid,
    action: String,
    fields: String,
    related_model: Option<String>,
    related_str: Option<String>,
    related_data: String,
    #[serde(deserialize_with = "bytes")]
    hash: Vec<u8>,
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    Ok(unhex(&String::deserialize(deserializer)?))
}

/// The changes that the words after SELECT and the columns find.
async fn read<const N: usize>(
    tx: &mut Tx,
    rest: &str,
    values: [i64; N],
) -> Result<Vec<Raw>, Error> {
    let values = values.map(Bound::from).to_vec();
    match tx.dialect() {
        Dialect::Postgres => sql(format!("select {COLUMNS} {rest}")).bind_all(values).all(tx).await,
        Dialect::Sqlite => {
            let text = format!("select {AS_JSON} from (select * {rest})");
            let (json,): (String,) = sql(text).bind_all(values).one(tx).await?;
            serde_json::from_str(&json).map_err(|error| Error::Unreadable {
                table: "changes",
                column: "of one of them",
                id: 0,
                problem: error.to_string(),
            })
        }
    }
}

impl Raw {
    pub(super) fn link(&self) -> Link {
        Link { number: self.number, hash: self.hash() }
    }

    /// The table takes no other length; one that came about nevertheless fits nothing.
    fn hash(&self) -> Hash {
        Hash::try_from(self.hash.as_slice()).unwrap_or_default()
    }

    /// Whether it bears the hash that it gives after a change with this one. Its JSON may have no
    /// canonical form.
    fn fits(&self, previous: Option<Hash>) -> Result<bool, Flaw> {
        let canonical = |column: &str, json: &str| {
            canonical(json).map_err(|error| Flaw::Unreadable(format!("{column}: {error}")))
        };
        let entry = Entry {
            number: self.number,
            id: self.id,
            inspection_id: self.inspection_id,
            created_at: self.created_at,
            author_id: self.author_id,
            user_name: &self.user_name,
            request_id: self.request_id,
            action: &self.action,
            fields: &canonical("fields", &self.fields)?,
            related_model: self.related_model.as_deref(),
            related_str: self.related_str.as_deref(),
            related_data: &canonical("related_data", &self.related_data)?,
        };
        Ok(entry.hash(previous.as_ref()) == self.hash())
    }

    /// What is wrong with the user it names, where `users` are those with an account.
    fn author(&self, users: &HashSet<i64>) -> Option<Flaw> {
        let wrong = match self.user_id {
            Some(user) => user != self.author_id,
            None => users.contains(&self.author_id),
        };
        wrong.then_some(Flaw::Author { user: self.user_id, author: self.author_id })
    }

    /// Whether nothing at all is wrong with it.
    pub(super) fn follows(&self, before: Option<Link>, users: &HashSet<i64>) -> bool {
        self.number == before.map_or(0, |before| before.number) + 1
            && self.author(users).is_none()
            && self.fits(before.map(|before| before.hash)).unwrap_or(false)
    }
}

/// The ids of those with an account.
pub(super) async fn users(tx: &mut Tx) -> Result<HashSet<i64>, Error> {
    let ids: Vec<(i64,)> = sql("select id from users").all(tx).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// What came of reading the changes of a range of ids.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// The hashes in the order of the ids, and the ids.
    pub(super) hashes: Vec<Hash>,
    pub(super) ids: Vec<i64>,
    /// The last link of each inspection in it, and its change.
    pub(super) last: HashMap<i64, (i64, Link)>,
    /// The first of inspections that began before the range: what they follow on from is not known.
    pub(super) joints: Vec<Raw>,
    /// The first change that does not follow on, and its inspection.
    pub(super) suspect: Option<(i64, i64)>,
}

/// Reads the changes with ids from `from` to before `to`, and checks that they follow on.
pub(super) async fn stretch(
    tx: &mut Tx,
    (from, to): (i64, i64),
    users: &HashSet<i64>,
    mut count: impl FnMut(u64),
) -> Result<Stretch, Error> {
    let mut stretch = Stretch::default();
    let rest = format!("from changes where id >= $1 and id < $2 order by id limit {AT_ONCE}");
    let mut next = from;
    loop {
        let raws = read(tx, &rest, [next, to]).await?;
        let Some(last) = raws.last() else { return Ok(stretch) };
        next = last.id + 1;
        count(raws.len() as u64);
        for raw in raws {
            let before = stretch.last.insert(raw.inspection_id, (raw.id, raw.link()));
            stretch.hashes.push(raw.hash());
            stretch.ids.push(raw.id);
            match before {
                None if raw.inspection_id < from => stretch.joints.push(raw),
                before => {
                    let before = before.map(|(_, link)| link);
                    if stretch.suspect.is_none() && !raw.follows(before, users) {
                        stretch.suspect = Some((raw.id, raw.inspection_id));
                    }
                }
            }
        }
    }
}

/// The changes of one inspection, oldest first.
pub(super) async fn of(tx: &mut Tx, inspection: i64) -> Result<Vec<Raw>, Error> {
    read(tx, "from changes where inspection_id = $1 order by id", [inspection]).await
}

/// What is wrong with the chain of one inspection, told as what was done to it.
pub(super) fn check(raws: &[Raw], users: &HashSet<i64>) -> Option<Wrong> {
    let mut before: Option<&Raw> = None;
    for (index, raw) in raws.iter().enumerate() {
        let wrong = |flaw| Some(Wrong::of(raw.inspection_id, Some(raw.id), flaw));
        let expected = before.map_or(0, |before| before.number) + 1;
        let rest = &raws[index + 1..];
        if raw.number != expected {
            let renumbered = Raw { number: expected, ..raw.clone() };
            if renumbered.fits(before.map(Raw::hash)) == Ok(true) {
                return wrong(Flaw::Altered);
            }
            let is_there = |number| raws.iter().any(|raw| raw.number == number);
            return if raws[..index].iter().any(|earlier| earlier.number == raw.number) {
                intruder(raws, raw.number)
            } else if is_there(expected) {
                wrong(Flaw::Reordered { number: raw.number, expected })
            } else {
                wrong(Flaw::Missing { number: raw.number - 1 })
            };
        }
        match raw.fits(before.map(Raw::hash)) {
            Err(flaw) => return wrong(flaw),
            Ok(false) if rest.iter().any(|other| other.number == raw.number) => {
                return intruder(raws, raw.number);
            }
            Ok(false) => return wrong(Flaw::Altered),
            Ok(true) => {}
        }
        if let Some(flaw) = raw.author(users) {
            return wrong(flaw);
        }
        before = Some(raw);
    }
    None
}

/// Which of the changes with the same number does not belong there: one that does not follow on, else
/// one that the next does not follow on from, else the last.
fn intruder(raws: &[Raw], number: i64) -> Option<Wrong> {
    let with = |number: i64| raws.iter().filter(move |raw| raw.number == number);
    let fits = |raw: &Raw, before: Option<&Raw>| raw.fits(before.map(Raw::hash)).unwrap_or(false);
    let previous: Vec<Option<&Raw>> =
        if number == 1 { vec![None] } else { with(number - 1).map(Some).collect() };
    let stranger = with(number).find(|raw| !previous.iter().any(|before| fits(raw, *before)));
    let childless = || with(number).find(|raw| !with(number + 1).any(|next| fits(next, Some(raw))));
    let found = stranger.or_else(childless).or_else(|| with(number).next_back())?;
    Some(Wrong::of(found.inspection_id, Some(found.id), Flaw::Inserted { number }))
}

/// Tells a change that was altered from one that was moved here from another inspection.
pub(super) async fn whence(tx: &mut Tx, raws: &[Raw], wrong: Wrong) -> Result<Wrong, VerifyError> {
    let change = wrong.change.map_or(0, |change| change.0);
    let Some(raw) = raws.iter().find(|raw| raw.id == change) else { return Ok(wrong) };
    let text = "select inspection_id, hash from changes where number = $1 and inspection_id <> $2";
    let statement = sql(text).bind(raw.number - 1).bind(raw.inspection_id);
    let mut candidates: Vec<(i64, Vec<u8>)> = statement.all(&mut *tx).await?;
    // A first change follows on from nothing, and bears the id of its inspection.
    candidates.push((raw.id, Vec::new()));
    for (inspection_id, hash) in candidates {
        let there = Raw { inspection_id, ..raw.clone() };
        let previous = Hash::try_from(hash.as_slice()).ok();
        if inspection_id != raw.inspection_id && there.fits(previous) == Ok(true) {
            let inspection = domain::InspectionId(inspection_id);
            return Ok(Wrong { flaw: Flaw::Elsewhere { inspection }, ..wrong });
        }
    }
    Ok(wrong)
}
