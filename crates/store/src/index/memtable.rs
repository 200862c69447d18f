//! In-memory postings of open changes, those after the last block (a memtable). They grow as more
//! changes are recorded.

use super::{bitmap::Bits, tokens, tokens::TokenQuery};
use crate::{
    Error, Store,
    db::Tx,
    rows::{self, CHANGE_COLUMNS, StoredChange},
    sql::sql,
};
use chrono::NaiveDate;
use domain::{
    change::{Action, Change, Data},
    id::UserId,
    inspection::{Field, Value},
};
use serde_json::value::RawValue;
use sqlx::types::Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

/// A change with its tokens, as it is indexed.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) id: i64,
    pub(super) day: NaiveDate,
    pub(super) tokens: BTreeSet<String>,
}

/// Postings of the changes from an id on. It is append-only.
#[derive(Debug)]
pub(super) struct Memtable {
    from: i64,
    /// In ascending order.
    ids: Vec<i64>,
    days: Vec<NaiveDate>,
    /// Positions in `ids` of the changes that have a token, in ascending order.
    places: BTreeMap<String, Vec<usize>>,
}

impl Memtable {
    fn new(from: i64) -> Self {
        Self { from, ids: Vec::new(), days: Vec::new(), places: BTreeMap::new() }
    }

    /// Returns the first id that it may not contain yet.
    fn next(&self) -> i64 {
        self.ids.last().map_or(self.from, |last| last + 1)
    }

    /// Appends changes. Those that another reader has added meanwhile are skipped.
    fn extend(&mut self, changes: Vec<Seen>) {
        let next = self.next();
        for Seen { id, day, tokens } in changes.into_iter().filter(|change| change.id >= next) {
            for token in tokens {
                self.places.entry(token).or_default().push(self.ids.len());
            }
            self.ids.push(id);
            self.days.push(day);
        }
    }
}

/// The open changes that one transaction sees. Other transactions may have added newer ones.
#[derive(Debug)]
pub(super) struct View {
    open: Arc<RwLock<Memtable>>,
    /// In ascending order.
    pub(super) ids: Vec<i64>,
}

impl View {
    /// Returns the first and the last day of any of them, in stored form; `None` if there are none.
    pub(super) fn days(&self) -> Option<(String, String)> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let days = &open.days[..self.ids.len()];
        Some((days.iter().min()?.to_string(), days.iter().max()?.to_string()))
    }

    /// Returns those that have one of the tokens asked for.
    pub(super) fn with(&self, asked: &TokenQuery) -> Bits {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let mut bits = Bits::none(self.ids.len());
        let mut set = |places: &Vec<usize>| places.iter().for_each(|place| bits.set(*place));
        match asked.range() {
            None => open.places.get(asked.first()).into_iter().for_each(&mut set),
            Some((first, end)) => {
                let within = open.places.range(first.to_owned()..end.to_owned());
                within.for_each(|(_, places)| set(places));
            }
        }
        bits
    }

    /// Returns the tokens asked for that any of them has.
    pub(super) fn tokens(&self, asked: &TokenQuery) -> Vec<String> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let seen = open.places.iter().filter(|(_, places)| places[0] < self.ids.len());
        seen.map(|(token, _)| token).filter(|token| asked.is(token)).cloned().collect()
    }
}

/// Returns the open changes from an id on. `newest` is the newest id that the transaction sees.
pub(super) async fn view(
    store: &Store,
    tx: &mut Tx,
    from: i64,
    newest: i64,
) -> Result<View, Error> {
    let open = {
        let mut kept = store.index().open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get_or_insert_with(|| new(from)).clone();
        let known_from = known.read().unwrap_or_else(PoisonError::into_inner).from;
        if known_from == from {
            known
        } else {
            // Either more changes are in blocks by now, or this transaction does not see those
            // blocks yet.
            let own = new(from);
            if known_from < from {
                *kept = Some(own.clone());
            }
            own
        }
    };
    let next = open.read().unwrap_or_else(PoisonError::into_inner).next();
    if next <= newest {
        let more = read(tx, next, None).await?;
        open.write().unwrap_or_else(PoisonError::into_inner).extend(more);
    }
    let ids = {
        let open = open.read().unwrap_or_else(PoisonError::into_inner);
        let end = open.ids.partition_point(|id| *id <= newest);
        open.ids[..end].to_vec()
    };
    Ok(View { open, ids })
}

fn new(from: i64) -> Arc<RwLock<Memtable>> {
    Arc::new(RwLock::new(Memtable::new(from)))
}

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
pub(super) async fn read(tx: &mut Tx, from: i64, end: Option<i64>) -> Result<Vec<Seen>, Error> {
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
    let mut seen = Vec::with_capacity(rows.len());
    for NamedRow { change, author_id, reference, name } in rows {
        let change = Change::try_from(change)?;
        let name = names.entry(change.inspection_id.0).or_insert(name);
        seen.push(Seen {
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
    seen.reverse();
    Ok(seen)
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
