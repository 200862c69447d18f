//! Search texts of inspections: `search_texts` has a row for each object in an inspection with all
//! its user-written text, case-folded. The rows are derived from the tracked tables and written
//! with them.

use super::{Placed, heads_between, stored};
use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    dialect::Dialect,
    sql::{Sql, numbers, sql},
};
use domain::{
    id::InspectionId,
    inspection::{Equipment, Field, Inspection, Photo, Section, ValueKind, ValueRef},
    text::fold,
};
use std::borrow::Cow;

/// Kind of object that a row is about; stored as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SearchTextKind {
    /// The reference and the name of an inspection.
    Called = 0,
    /// The other texts of the inspection itself.
    Details = 1,
    /// A section.
    Section = 2,
    /// A piece of equipment.
    Equipment = 3,
    /// A photo.
    Photo = 4,
}

impl SearchTextKind {
    /// Returns the stored number.
    pub(crate) const fn number(self) -> i64 {
        self as i64
    }
}

/// A row to write.
struct Text {
    kind: SearchTextKind,
    thing: i64,
    inspection: InspectionId,
    folded: String,
}

/// Rows to write and rows to delete.
#[derive(Default)]
struct Difference {
    written: Vec<Text>,
    gone: Vec<(SearchTextKind, i64)>,
}

/// Returns the statements that write the search texts of inspections that changed.
pub(crate) fn save_texts<'a>(
    dialect: Dialect,
    pairs: impl IntoIterator<Item = (&'a Inspection, &'a Inspection)>,
) -> Result<Vec<Sql>, Error> {
    let mut difference = Difference::default();
    for (before, after) in pairs {
        difference.add(before, after);
    }
    let mut statements = Vec::new();
    if !difference.written.is_empty() {
        statements.push(upsert(dialect, difference.written)?);
    }
    let mut gone = difference.gone;
    gone.sort_unstable();
    for of_kind in gone.chunk_by(|one, next| one.0 == next.0) {
        let these = dialect.any("thing_id", 2);
        let text = format!("delete from search_texts where kind = $1 and {these}");
        let ids = numbers(of_kind.iter().map(|(_, id)| *id));
        statements.push(sql(text).bind(of_kind[0].0.number()).bind(ids));
    }
    Ok(statements)
}

/// Adds the search texts of up to `most` inspections that have none, such as those recorded by
/// earlier versions. Returns whether there were any.
pub(crate) async fn add_missing_texts(tx: &mut Tx, most: i64) -> Result<bool, Error> {
    let missing = "select i.id from inspections as i where not exists (select 1 from search_texts \
         as t where t.kind = $1 and t.thing_id = i.id) order by i.id limit $2";
    let missing: Vec<(i64,)> =
        sql(missing).bind(SearchTextKind::Called.number()).bind(most).all(&mut *tx).await?;
    let (Some(first), Some(last)) = (missing.first(), missing.last()) else { return Ok(false) };
    let range = (first.0, last.0);
    let mut texts = Difference::default();
    for loaded in heads_between(tx, range.0, range.1).await? {
        texts.add_own(&Inspection::default(), &loaded.inspection);
    }
    for row in stored::<Placed>(tx, range).await? {
        texts.add_stored(
            row.removed,
            row.inspection_id,
            SearchTextKind::Section,
            &row.thing.section,
        );
    }
    for row in stored::<Equipment>(tx, range).await? {
        texts.add_stored(row.removed, row.inspection_id, SearchTextKind::Equipment, &row.thing);
    }
    for row in stored::<Photo>(tx, range).await? {
        texts.add_stored(row.removed, row.inspection_id, SearchTextKind::Photo, &row.thing);
    }
    upsert(tx.dialect(), texts.written)?.run(tx).await?;
    Ok(true)
}

fn upsert(dialect: Dialect, texts: Vec<Text>) -> Result<Sql, Error> {
    let rows = texts.into_iter().map(|text| {
        let Text { kind, thing, inspection, folded } = text;
        let folded = Cell::Text(Some(Cow::from(folded)));
        [
            ("kind", kind.number().into()),
            ("thing_id", thing.into()),
            ("inspection_id", inspection.0.into()),
            ("folded", folded),
        ]
    });
    let (table, values) = BulkInsert::new(rows).table(dialect, 1)?;
    let text = format!(
        "insert into search_texts (kind, thing_id, inspection_id, folded) \
         select kind, thing_id, inspection_id, folded from {table} where true \
         on conflict (kind, thing_id) do update set folded = excluded.folded"
    );
    Ok(sql(text).bind_all(values))
}

impl Difference {
    fn add(&mut self, before: &Inspection, after: &Inspection) {
        self.add_own(before, after);
        let id = after.id;
        self.add_things(id, SearchTextKind::Section, &before.sections, &after.sections);
        self.add_things(id, SearchTextKind::Equipment, &before.equipment, &after.equipment);
        self.add_things(id, SearchTextKind::Photo, &before.photos, &after.photos);
    }

    /// Adds the inspection's own texts. A new inspection has a new reference, and so gets a row of
    /// each kind.
    fn add_own(&mut self, before: &Inspection, after: &Inspection) {
        let is_new = before.reference != after.reference;
        let differs = |field: Field| is_new || before.get_ref(field) != after.get_ref(field);
        let mut add = |kind, text: String| {
            let folded = fold(&text);
            self.written.push(Text { kind, thing: after.id.0, inspection: after.id, folded });
        };
        if CALLED.into_iter().any(differs) {
            add(SearchTextKind::Called, format!("{}\n{}", after.reference, after.name));
        }
        if details().any(differs) {
            add(SearchTextKind::Details, text_of(details().filter_map(|it| after.get_ref(it))));
        }
    }

    fn add_things<T: Thing>(
        &mut self,
        id: InspectionId,
        kind: SearchTextKind,
        before: &[T],
        after: &[T],
    ) {
        for thing in after {
            let was = before.iter().find(|it| it.id() == thing.id());
            if was != Some(thing) && was.map(Thing::text) != Some(thing.text()) {
                self.add_thing(id, kind, thing);
            }
        }
        let gone = before.iter().filter(|it| !after.iter().any(|other| other.id() == it.id()));
        self.gone.extend(gone.map(|it| (kind, it.id())));
    }

    fn add_stored(
        &mut self,
        removed: Option<bool>,
        id: i64,
        kind: SearchTextKind,
        thing: &impl Thing,
    ) {
        if removed == Some(false) {
            self.add_thing(InspectionId(id), kind, thing);
        }
    }

    fn add_thing(&mut self, inspection: InspectionId, kind: SearchTextKind, thing: &impl Thing) {
        let folded = fold(&thing.text());
        self.written.push(Text { kind, thing: thing.id(), inspection, folded });
    }
}

/// The fields of an inspection in the first of its texts.
const CALLED: [Field; 2] = [Field::Reference, Field::Name];

/// Returns the fields of an inspection in the second of its texts.
fn details() -> impl Iterator<Item = Field> {
    Inspection::FIELDS.iter().copied().filter(|field| is_text(*field) && !CALLED.contains(field))
}

/// Returns whether a field holds text that a search finds.
fn is_text(field: Field) -> bool {
    field.is_searched() && matches!(field.kind(), ValueKind::Line | ValueKind::Prose)
}

/// An object in an inspection that has user-written text.
trait Thing: PartialEq {
    fn id(&self) -> i64;

    /// Returns all its text, each value on lines of its own.
    fn text(&self) -> String;
}

macro_rules! things {
    ($($thing:ty),*) => {$(
        impl Thing for $thing {
            fn id(&self) -> i64 {
                self.id.0
            }

            fn text(&self) -> String {
                // In the order of all fields, in which the texts were written at first.
                let own = Field::ALL.iter().copied().filter(|field| is_text(*field));
                text_of(own.filter_map(|field| self.get_ref(field)))
            }
        }
    )*};
}

things!(Section, Equipment, Photo);

/// Joins the texts that are not empty.
fn text_of<'a>(values: impl Iterator<Item = ValueRef<'a>>) -> String {
    let text = |value| match value {
        ValueRef::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    };
    values.filter_map(text).collect::<Vec<_>>().join("\n")
}
