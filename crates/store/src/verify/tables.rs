//! Verification of the tables against the fold of the records, row by row and column by column.

use super::{
    VerifyError, Violation, ViolationKind,
    expected::{Expected, Rows},
};
use crate::{
    Error,
    bulk_insert::difference,
    chain::ChainLink,
    db::Tx,
    rows::{self, HeadRow, LoadedInspection, Placed, Stored, StoredHead, Tracked},
    sql::sql,
};
use domain::{
    id::InspectionId,
    inspection::{Equipment, Inspection, Photo, Report},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Checks the inspections with ids from the first to the second, and that no row names an id in
/// between without an inspection. Returns the number of changes.
pub(super) async fn check(tx: &mut Tx, (from, to): (i64, i64)) -> Result<u64, VerifyError> {
    match compare_all(tx, (from, to)).await {
        // An unreadable row fails the whole query.
        Err(VerifyError::Wrong(wrong)) if wrong.inspection.is_none() => {
            Err(narrowed(tx, (from, to), *wrong).await?.into())
        }
        compared => compared,
    }
}

/// Returns the same violation with the first inspection that has it.
async fn narrowed(
    tx: &mut Tx,
    (from, to): (i64, i64),
    wrong: Violation,
) -> Result<Violation, VerifyError> {
    let text = "select id from inspections where id between $1 and $2 union \
         select inspection_id from changes where inspection_id between $1 and $2 order by 1";
    let ids: Vec<(i64,)> = sql(text).bind(from).bind(to).all(&mut *tx).await?;
    for (id,) in ids {
        match compare_all(tx, (id, id)).await {
            Err(VerifyError::Wrong(wrong)) => {
                return Ok(Violation { inspection: Some(InspectionId(id)), ..*wrong });
            }
            Err(failed) => return Err(failed),
            Ok(_) => {}
        }
    }
    Ok(wrong)
}

async fn compare_all(tx: &mut Tx, (from, to): (i64, i64)) -> Result<u64, VerifyError> {
    let changes = rows::changes_between(tx, from, to).await?;
    let count = changes.len() as u64;
    let mut heads: BTreeMap<i64, StoredHead> = BTreeMap::new();
    for head in rows::stored_heads(tx, (from, to)).await? {
        let id = head.id();
        if heads.insert(id, head).is_some() {
            let problem = "there are two rows of the inspection itself";
            return Err(Violation::of(id, None, ViolationKind::Row(problem.into())).into());
        }
    }
    let mut sections = by_inspection::<Placed>(tx, (from, to)).await?;
    let mut equipment = by_inspection::<Equipment>(tx, (from, to)).await?;
    let mut photos = by_inspection::<Photo>(tx, (from, to)).await?;
    let mut reports = by_inspection::<Report>(tx, (from, to)).await?;

    for changes in changes.chunk_by(|(a, _), (b, _)| a.inspection_id == b.inspection_id) {
        let id = changes[0].0.inspection_id;
        let mut expected = Expected::new(id);
        for (change, _) in changes {
            let unreadable = |flaw| Violation::of(id.0, Some(change.id.0), flaw);
            expected.replay(change).map_err(unreadable)?;
        }
        let link = changes.last().map(|(_, link)| *link);
        let head = heads.remove(&id.0);
        let wrong = compare_head(&expected.inspection, link, head)
            .or(compare(&expected.sections, sections.remove(&id.0)))
            .or(compare(&expected.equipment, equipment.remove(&id.0)))
            .or(compare(&expected.photos, photos.remove(&id.0)))
            .or(compare(&expected.reports, reports.remove(&id.0)));
        if let Some((change, problem)) = wrong {
            return Err(Violation::of(id.0, change, ViolationKind::Row(problem)).into());
        }
    }
    if let Some(id) = heads.into_keys().next() {
        let problem = "it has no record at all";
        return Err(Violation::of(id, None, ViolationKind::Row(problem.into())).into());
    }
    let stray = stray(sections)
        .or_else(|| stray(equipment))
        .or_else(|| stray(photos))
        .or_else(|| stray(reports));
    match stray {
        Some((inspection, problem)) => {
            Err(Violation::of(inspection, None, ViolationKind::Row(problem)).into())
        }
        None => Ok(count),
    }
}

type RowsByChange<T> = BTreeMap<i64, Vec<Stored<T>>>;

async fn by_inspection<T: Tracked>(
    tx: &mut Tx,
    range: (i64, i64),
) -> Result<RowsByChange<T>, Error> {
    let mut found = RowsByChange::new();
    for row in rows::stored::<T>(tx, range).await? {
        found.entry(row.inspection_id).or_insert_with(Vec::new).push(row);
    }
    Ok(found)
}

fn stray<T: Tracked>(found: RowsByChange<T>) -> Option<(i64, String)> {
    let (inspection, rows) = found.into_iter().next()?;
    let row = rows.first()?;
    let noun = T::NOUN;
    Some((inspection, format!("there is a {noun} {} of it, which no change made", row.thing.id())))
}

/// A description of a difference, with the change that it is about, if any.
type Problem = Option<(Option<i64>, String)>;

fn compare_head(
    expected: &Inspection,
    link: Option<ChainLink>,
    found: Option<StoredHead>,
) -> Problem {
    let Some(found) = found else {
        return Some((None, "the inspection itself was deleted; its record is there".into()));
    };
    let expected = LoadedInspection { inspection: expected.clone(), link };
    let (column, should, is) = HeadRow::from(&expected).difference(&found.into_row())?;
    Some((None, differs(column, &is, &should)))
}

fn compare<T: Tracked>(expected: &Rows<T>, found: Option<Vec<Stored<T>>>) -> Problem {
    let noun = T::NOUN;
    let mut rows: BTreeMap<i64, Stored<T>> = BTreeMap::new();
    for row in found.into_iter().flatten() {
        let id = row.thing.id();
        if rows.insert(id, row).is_some() {
            let change = expected.get(&id).map(|row| row.change);
            return Some((change, format!("there are two rows of the {noun} {id}")));
        }
    }
    for (id, row) in expected {
        let Some(found) = rows.get(id) else {
            return Some((Some(row.change), format!("the {noun} {id} was deleted")));
        };
        if found.thing != row.thing {
            let cells = (row.thing.cells(), found.thing.cells());
            let formatted = difference(&cells.0, &cells.1)
                .map(|(column, should, is)| differs(column, &is, &should));
            let problem = format!(
                "of the {noun} {id}, {}",
                formatted.unwrap_or_else(|| "the values differ from those of its record".into())
            );
            return Some((Some(row.change), problem));
        }
        if found.removed != Some(row.removed) {
            let is = match found.removed {
                Some(true) => "marked as removed",
                Some(false) => "there",
                None => "marked as neither there nor removed",
            };
            let should = if row.removed { "removed" } else { "there" };
            let problem = format!("the {noun} {id} is {is}, but by its record it is {should}");
            return Some((Some(row.change), problem));
        }
        if found.change_id != row.change {
            let (is, should) = (found.change_id, row.change);
            let problem =
                format!("the {noun} {id} names change {is} as its last, but {should} is it");
            return Some((Some(row.change), problem));
        }
    }
    let extra = rows.keys().find(|id| !expected.contains_key(id))?;
    Some((None, format!("there is a {noun} {extra} of it, which no change made")))
}

fn differs(column: &str, is: &Value, should: &Value) -> String {
    let column = column.replace('_', " ");
    format!("the {column} is {}, but by its record it is {}", formatted(is), formatted(should))
}

fn formatted(value: &Value) -> String {
    const MAX_VALUE_LENGTH: usize = 60;
    match value {
        Value::Null => "empty".into(),
        Value::String(text) if text.chars().count() > MAX_VALUE_LENGTH => {
            format!("“{}…”", text.chars().take(MAX_VALUE_LENGTH).collect::<String>())
        }
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    }
}
