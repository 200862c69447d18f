//! Past states of an inspection, rebuilt from its changes.

use crate::{
    Error, Store, boxed,
    db::Tx,
    rows::{BulkRow, CHANGE_COLUMNS, changes, read_changes, word},
    sql::{numbers, sql},
};
use domain::{
    change::{Change, Data, Record, Refusal, Related},
    id::{ChangeId, InspectionId},
    inspection::Inspection,
    revert::{Choices, Undo},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use sqlx::types::Json;

/// A point in an inspection's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// After this change.
    Change(ChangeId),
    /// After this many changes, counted from 1; after the last if there are fewer.
    Step(i64),
}

/// State of an inspection after one of its changes, with its position in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The inspection in that state.
    pub inspection: Inspection,
    /// The change that led to it.
    pub change: Change,
    /// Number of that change, counted from 1.
    pub step: i64,
    /// Number of all changes.
    pub steps: i64,
    /// The change before it, if it is not the first.
    pub previous: Option<ChangeId>,
    /// The change after it, if it is not the last.
    pub next: Option<ChangeId>,
}

/// Changes to undo, with those that came after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToUndo {
    /// The change that the user selected.
    pub change: Change,
    /// Whether all changes of its request to this inspection are undone with it.
    pub whole_request: bool,
    /// All changes from the first one to undo on, oldest first.
    pub since: Vec<Change>,
}

impl ToUndo {
    /// Selects the changes to undo among changes of one inspection, which are given oldest first
    /// and at least from the first one to undo on. Returns `None` if the selected change is not
    /// among them.
    pub(super) fn among(
        mut since: Vec<Change>,
        change: ChangeId,
        whole_request: bool,
    ) -> Option<Self> {
        let change = since.iter().find(|it| it.id == change).cloned()?;
        let mut found = Self { change, whole_request, since: Vec::new() };
        let first = since.iter().position(|change| found.undoes(change));
        found.since = since.split_off(first.unwrap_or_default());
        Some(found)
    }

    /// Returns whether a change is to be undone.
    pub fn undoes(&self, change: &Change) -> bool {
        if self.whole_request { self.is_of_request(change) } else { change.id == self.change.id }
    }

    /// Returns whether a change is of the same request as the selected one.
    pub fn is_of_request(&self, change: &Change) -> bool {
        change.request_id == self.change.request_id && change.user_id == self.change.user_id
    }

    /// Plans to undo them in the present state of the inspection.
    ///
    /// # Errors
    /// If a value to be restored is no longer valid.
    pub fn plan(&self, now: &Inspection, choices: &Choices) -> Result<Undo, Refusal> {
        now.undo(&self.since, |change| self.undoes(change), choices)
    }
}

impl Store {
    /// Returns a past state of the inspection; `None` if it has no such change.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn snapshot(&self, id: InspectionId, at: At) -> Result<Option<Snapshot>, Error> {
        let mut tx = self.db().read().await?;
        let steps = steps(&mut tx, id, at).await?;
        let step = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        let previous = steps.iter().rev().nth(1).map(|before| ChangeId(before.id));
        let inspection = rebuild(id, steps)?;
        let text = format!("select {CHANGE_COLUMNS} from changes as c where c.id = $1");
        let last = changes(sql(text).bind(inspection.head), &mut tx).await?.pop();
        let Some(change) = last else { return Ok(None) };
        if matches!(at, At::Change(asked) if asked != change.id) {
            return Ok(None);
        }
        let later = "select min(id), count(*) from changes where inspection_id = $1 and id > $2";
        let later = sql(later).bind(id).bind(change.id);
        let (next, later): (Option<i64>, i64) = later.one(&mut tx).await?;
        Ok(Some(Snapshot {
            inspection,
            step,
            steps: step + later,
            previous,
            next: next.map(ChangeId),
            change,
        }))
    }

    /// Returns those of these changes that were undone, each with the change that last undid it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn undone(&self, ids: &[ChangeId]) -> Result<Vec<(ChangeId, ChangeId)>, Error> {
        let mut tx = self.db().read().await?;
        // The expression must be spelled exactly as in the index to use it.
        let undoes = "cast((related_data ->> 'undoes') as bigint)";
        let these = tx.dialect().any(undoes, 1);
        let text = format!(
            "select {undoes}, max(id) from changes \
             where {undoes} is not null and {these} group by 1 order by 1"
        );
        let found: Vec<(i64, i64)> =
            sql(text).bind(numbers(ids.iter().copied())).all(&mut tx).await?;
        Ok(found.into_iter().map(|(undone, by)| (ChangeId(undone), ChangeId(by))).collect())
    }

    /// Returns a change to undo, or all changes of its request to the inspection; `None` if the
    /// inspection has no such change.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn to_undo(
        &self,
        id: InspectionId,
        change: ChangeId,
        whole_request: bool,
    ) -> Result<Option<ToUndo>, Error> {
        to_undo(&mut self.db().read().await?, id, change, whole_request).await
    }
}

pub(crate) async fn to_undo(
    tx: &mut Tx,
    id: InspectionId,
    change: ChangeId,
    whole_request: bool,
) -> Result<Option<ToUndo>, Error> {
    // All changes of the request are read even if only one is undone, so that the user can be told
    // of the others.
    let text = format!(
        "select {CHANGE_COLUMNS} from changes as c where c.inspection_id = $1 and c.id >= \
         (select min(o.id) from changes as o join changes as p on o.request_id = p.request_id \
         where p.id = $2 and p.inspection_id = $1 and o.inspection_id = $1) order by c.id"
    );
    let since = changes(sql(text).bind(id).bind(change), tx).await?;
    Ok(ToUndo::among(since, change, whole_request))
}

/// Returns the state of the inspection after a change, within a transaction.
pub(crate) async fn state_after(
    tx: &mut Tx,
    id: InspectionId,
    change: ChangeId,
) -> Result<Option<Inspection>, Error> {
    let steps = steps(tx, id, At::Change(change)).await?;
    let found = steps.last().is_some_and(|last| last.id == change.0);
    found.then(|| rebuild(id, steps)).transpose()
}

/// Columns of a change that the fold needs. They are faster to read and to decode than whole
/// changes.
#[derive(Deserialize, sqlx::FromRow)]
struct FoldStep {
    id: i64,
    action: String,
    kind: String,
    related_model: Option<String>,
    #[serde(deserialize_with = "written")]
    related_data: Json<Data>,
}

impl BulkRow for FoldStep {
    const COLUMNS: &'static str = "id, action, kind, related_model, related_data";
    const MEMBERS: &'static str = Self::COLUMNS;
}

/// Decodes JSON that is stored in a JSON string.
fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json<Data>, D::Error> {
    let text = String::deserialize(deserializer)?;
    serde_json::from_str(&text).map(Json).map_err(D::Error::custom)
}

/// Returns the changes up to a point in the history, oldest first.
async fn steps(tx: &mut Tx, id: InspectionId, at: At) -> Result<Vec<FoldStep>, Error> {
    let (last, most) = match at {
        At::Change(change) => (change.0, i64::MAX),
        At::Step(step) => (i64::MAX, step.max(1)),
    };
    let rest = "from changes where inspection_id = $1 and id <= $2 order by id limit $3";
    read_changes(tx, rest, vec![id.into(), last.into(), most.into()]).await
}

fn rebuild(id: InspectionId, steps: Vec<FoldStep>) -> Result<Inspection, Error> {
    let mut inspection = Inspection::blank(id);
    for FoldStep { id, action, kind, related_model, related_data: Json(data) } in steps {
        let model = related_model.as_deref();
        let model = model.map(|model| word("changes", "related_model", id, model)).transpose()?;
        let record = Record {
            action: word("changes", "action", id, &action)?,
            kind: word("changes", "kind", id, &kind)?,
            fields: Vec::new(),
            related: model.map(|model| Related { model, text: String::new() }),
            data,
        };
        let change = ChangeId(id);
        let advanced = inspection.advance(change, &record);
        advanced.map_err(|malformed| Error::malformed(change, malformed))?;
    }
    Ok(inspection)
}
