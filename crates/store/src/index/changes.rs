//! Reading of changes for the index.

use crate::{
    Error,
    db::Tx,
    rows::{self, CHANGE_COLUMNS, StoredChange},
    sql::sql,
};
use change_index::{IndexedChange, tokens};
use domain::{
    change::{Action, Change, Data},
    id::UserId,
    inspection::{Field, Value},
};
use serde_json::value::RawValue;
use sqlx::types::Json;
use std::collections::BTreeMap;

#[derive(sqlx::FromRow)]
struct NamedRow {
    #[sqlx(flatten)]
    change: StoredChange,
    author_id: i64,
    reference: String,
    name: String,
}

/// Reads the changes from `from` up to, but not including, `end`, in ascending order. Each is
/// indexed by the name that its inspection had right after it: the present name with later renames
/// undone.
pub(super) async fn read(
    tx: &mut Tx,
    from: i64,
    end: Option<i64>,
) -> Result<Vec<IndexedChange>, Error> {
    let mut names = match end {
        Some(end) => names_before(tx, end).await?,
        None => BTreeMap::new(),
    };
    let text = format!(
        "select {CHANGE_COLUMNS}, c.author_id, i.reference, i.name from changes as c \
         join inspections as i on i.id = c.inspection_id \
         where c.id >= $1 and c.id < $2 order by c.id desc"
    );
    let rows = sql(text).bind(from).bind(end.unwrap_or(i64::MAX));
    let rows: Vec<NamedRow> = rows.all(tx).await?;
    let mut indexed = Vec::with_capacity(rows.len());
    for NamedRow { change, author_id, reference, name } in rows {
        let change = Change::try_from(change)?;
        let name = names.entry(change.inspection_id.0).or_insert(name);
        indexed.push(IndexedChange {
            id: change.id.0,
            day: change.created_at.date_naive(),
            tokens: tokens::of(&change, UserId(author_id), &reference, name),
        });
        let record = &change.record;
        if let (Action::Edit, None, Some(before)) =
            (record.action, &record.related, name_before(&record.data))
        {
            before.clone_into(name);
        }
    }
    indexed.reverse();
    Ok(indexed)
}

/// Reads the names that inspections had before a change, for those that a later change renamed.
async fn names_before(tx: &mut Tx, id: i64) -> Result<BTreeMap<i64, String>, Error> {
    let text = "select inspection_id, id, related_data from changes \
         where id >= $1 and action = $2 and related_model is null \
         and cast(fields as text) like '%\"name\"%' order by id desc";
    let edits: Vec<(i64, i64, Json<Box<RawValue>>)> =
        sql(text).bind(id).bind(Action::Edit).all(tx).await?;
    let mut names = BTreeMap::new();
    for (inspection, id, data) in edits {
        let data: Data = rows::read("related_data", id, data)?;
        if let Some(before) = name_before(&data) {
            // The rows come newest first, so the earliest rename is inserted last and wins.
            names.insert(inspection, before.to_owned());
        }
    }
    Ok(names)
}

fn name_before(data: &Data) -> Option<&str> {
    match data.before.get(Field::Name) {
        Some(Value::Text(name)) => Some(name),
        _ => None,
    }
}
