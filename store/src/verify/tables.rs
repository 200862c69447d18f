//! Whether the tables equal the fold of the records, row by row and column by column.

use super::{Flaw, VerifyError, Wrong};
use crate::{
    Error,
    chain::Link,
    db::Tx,
    rows::{self, HeadRow, Placed, Standing, Stored, Tracked},
};
use domain::{Change, Equipment, Inspection, InspectionId, Photo, Report, Section};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// The rows that the records of an inspection make, the removed ones included.
struct Expected {
    inspection: Inspection,
    sections: Rows<Placed>,
    equipment: Rows<Equipment>,
    photos: Rows<Photo>,
    reports: Rows<Report>,
}

type Rows<T> = BTreeMap<i64, Expectation<T>>;

struct Expectation<T> {
    thing: T,
    change: i64,
    removed: bool,
}

impl Expected {
    fn new(id: InspectionId) -> Self {
        Self {
            inspection: Inspection::blank(id),
            sections: Rows::new(),
            equipment: Rows::new(),
            photos: Rows::new(),
            reports: Rows::new(),
        }
    }

    /// Applies one more change.
    fn replay(&mut self, change: &Change) -> Result<(), Flaw> {
        self.inspection.replay(change).map_err(|malformed| Flaw::Unreadable(malformed.0))?;
        let (now, id) = (&self.inspection, change.id.0);
        follow(
            &mut self.sections,
            &now.sections,
            id,
            |section: &Section| section.id.0,
            |placed, section, place| placed.is(section, place),
            |section, place| Placed::at(section.clone(), place),
        );
        follow_plain(&mut self.equipment, &now.equipment, id);
        follow_plain(&mut self.photos, &now.photos, id);
        follow_plain(&mut self.reports, &now.reports, id);
        Ok(())
    }
}

fn follow_plain<T: Tracked + Clone>(rows: &mut Rows<T>, now: &[T], change: i64) {
    follow(rows, now, change, T::id, |row, thing, _| row == thing, |thing, _| thing.clone());
}

/// Marks what differs now as written by a change, and what is gone as removed by it.
fn follow<T, S>(
    rows: &mut Rows<T>,
    now: &[S],
    change: i64,
    id: impl Fn(&S) -> i64,
    same: impl Fn(&T, &S, usize) -> bool,
    make: impl Fn(&S, usize) -> T,
) {
    for (place, thing) in now.iter().enumerate() {
        let row = rows.get(&id(thing));
        if !row.is_some_and(|row| !row.removed && same(&row.thing, thing, place)) {
            let row = Expectation { thing: make(thing, place), change, removed: false };
            rows.insert(id(thing), row);
        }
    }
    if rows.values().filter(|row| !row.removed).count() > now.len() {
        let here: HashSet<i64> = now.iter().map(id).collect();
        for (id, row) in rows.iter_mut().filter(|(_, row)| !row.removed) {
            if !here.contains(id) {
                (row.removed, row.change) = (true, change);
            }
        }
    }
}

/// Checks the inspections with these ids, and that no row names another in between. Answers with how
/// many changes there were.
pub(super) async fn check(tx: &mut Tx, (from, to): (i64, i64)) -> Result<u64, VerifyError> {
    let changes = rows::changes_between(tx, from, to).await?;
    let count = changes.len() as u64;
    let heads = rows::heads_between(tx, from, to).await?;
    let mut heads: BTreeMap<i64, Standing> =
        heads.into_iter().map(|head| (head.inspection.id.0, head)).collect();
    let mut sections = by_inspection::<Placed>(tx, (from, to)).await?;
    let mut equipment = by_inspection::<Equipment>(tx, (from, to)).await?;
    let mut photos = by_inspection::<Photo>(tx, (from, to)).await?;
    let mut reports = by_inspection::<Report>(tx, (from, to)).await?;

    for changes in changes.chunk_by(|(a, _), (b, _)| a.inspection_id == b.inspection_id) {
        let id = changes[0].0.inspection_id;
        let mut expected = Expected::new(id);
        for (change, _) in changes {
            let unreadable = |flaw| Wrong::of(id.0, Some(change.id.0), flaw);
            expected.replay(change).map_err(unreadable)?;
        }
        let link = changes.last().map(|(_, link)| *link);
        let head = heads.remove(&id.0);
        let wrong = compare_head(&expected.inspection, link, head.as_ref())?;
        let wrong = match wrong {
            Some(wrong) => Some(wrong),
            None => compare(&expected.sections, sections.remove(&id.0))?
                .or(compare(&expected.equipment, equipment.remove(&id.0))?)
                .or(compare(&expected.photos, photos.remove(&id.0))?)
                .or(compare(&expected.reports, reports.remove(&id.0))?),
        };
        if let Some((change, problem)) = wrong {
            return Err(Wrong::of(id.0, change, Flaw::Row(problem)).into());
        }
    }
    if let Some(id) = heads.into_keys().next() {
        let problem = "it has no record at all";
        return Err(Wrong::of(id, None, Flaw::Row(problem.into())).into());
    }
    let stray = stray(sections)
        .or_else(|| stray(equipment))
        .or_else(|| stray(photos))
        .or_else(|| stray(reports));
    match stray {
        Some((inspection, problem)) => Err(Wrong::of(inspection, None, Flaw::Row(problem)).into()),
        None => Ok(count),
    }
}

type Found<T> = BTreeMap<i64, Vec<Stored<T>>>;

async fn by_inspection<T: Tracked>(tx: &mut Tx, range: (i64, i64)) -> Result<Found<T>, Error> {
    let mut found = Found::new();
    for row in rows::stored::<T>(tx, range).await? {
        found.entry(row.inspection_id).or_insert_with(Vec::new).push(row);
    }
    Ok(found)
}

fn stray<T: Tracked>(found: Found<T>) -> Option<(i64, String)> {
    let (inspection, rows) = found.into_iter().next()?;
    let row = rows.first()?;
    let noun = T::TABLE.noun();
    Some((inspection, format!("there is a {noun} {} of it, which no change made", row.thing.id())))
}

/// What is wrong, and the change it is about where there is one.
type Problem = Option<(Option<i64>, String)>;

fn compare_head(
    expected: &Inspection,
    link: Option<Link>,
    found: Option<&Standing>,
) -> Result<Problem, Error> {
    let Some(found) = found else {
        return Ok(Some((None, "the inspection itself was deleted; its record is there".into())));
    };
    let expected = Standing { inspection: expected.clone(), link };
    let difference = HeadRow::from(&expected).difference(&HeadRow::from(found));
    Ok(difference.map(|(column, should, is)| (None, differs(column, &is, &should))))
}

fn compare<T: Tracked>(
    expected: &Rows<T>,
    found: Option<Vec<Stored<T>>>,
) -> Result<Problem, Error> {
    let noun = T::TABLE.noun();
    let found: BTreeMap<i64, Stored<T>> =
        found.into_iter().flatten().map(|row| (row.thing.id(), row)).collect();
    for (id, row) in expected {
        let Some(found) = found.get(id) else {
            return Ok(Some((Some(row.change), format!("the {noun} {id} was deleted"))));
        };
        if found.thing != row.thing {
            let difference = difference(&json!(row.thing), &json!(found.thing)).unwrap_or_default();
            return Ok(Some((Some(row.change), format!("of the {noun} {id}, {difference}"))));
        }
        if found.removed != row.removed {
            let is = if found.removed { "marked as removed" } else { "there" };
            let should = if row.removed { "removed" } else { "there" };
            let problem = format!("the {noun} {id} is {is}, but by its record it is {should}");
            return Ok(Some((Some(row.change), problem)));
        }
        if found.change_id != row.change {
            let (is, should) = (found.change_id, row.change);
            let problem =
                format!("the {noun} {id} names change {is} as its last, but {should} is it");
            return Ok(Some((Some(row.change), problem)));
        }
    }
    let extra = found.keys().find(|id| !expected.contains_key(id));
    Ok(extra.map(|id| (None, format!("there is a {noun} {id} of it, which no change made"))))
}

/// The first column in which two rows differ, in words.
fn difference(expected: &Value, found: &Value) -> Option<String> {
    let (Value::Object(expected), Value::Object(found)) = (expected, found) else { return None };
    expected.iter().find_map(|(column, should)| {
        let is = found.get(column)?;
        (is != should).then(|| differs(column, is, should))
    })
}

fn differs(column: &str, is: &Value, should: &Value) -> String {
    let column = column.replace('_', " ");
    format!("the {column} is {}, but by its record it is {}", told(is), told(should))
}

fn told(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Null => "empty".into(),
        Value::String(text) if text.chars().count() > LONGEST => {
            format!("“{}…”", text.chars().take(LONGEST).collect::<String>())
        }
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    }
}
