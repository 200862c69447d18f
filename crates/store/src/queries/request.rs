//! Undo of a whole request, which may span many inspections.

use super::past::ToUndo;
use crate::{
    Error, Store, boxed,
    db::Tx,
    rows::{self, CHANGE_COLUMNS, LoadedInspection, changes},
    sql::{numbers, sql},
};
use domain::{
    change::{Change, Record},
    id::{ChangeId, InspectionId, UserId},
    people::Actor,
    permission::may_see,
    revert::{Choices, KeptBecause, RevertPlan},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Number of inspections that are read and planned at once.
pub(crate) const AT_ONCE: usize = 1_000;

/// Preview of undoing a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestUndo {
    /// The newest change at the time. Later changes were not considered.
    pub seen: ChangeId,
    /// The inspections that it touched and the actor may see, in the order of their ids.
    pub inspections: Vec<UndoIn>,
}

/// Preview of undoing a request in one inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoIn {
    /// Id of the inspection.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its present name.
    pub name: String,
    /// The last change that the request made to it.
    pub change: Change,
    /// Number of changes that the request made to it.
    pub changes: usize,
    /// The records that undo them, or the reason why it stays as it is.
    pub steps: Result<Vec<Record>, KeptBecause>,
}

impl Store {
    /// Previews undoing a whole request, as far as the actor may see it. An inspection that needs a
    /// decision stays as it is. Returns `None` for a request without visible changes.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn request_to_undo(
        &self,
        actor: &Actor,
        request: Uuid,
    ) -> Result<Option<RequestUndo>, Error> {
        let mut tx = self.db().read().await?;
        let newest = sql("select coalesce(max(id), 0) from changes");
        let (seen,): (i64,) = newest.one(&mut tx).await?;
        let Some(request) = Request::find(&mut tx, request).await? else { return Ok(None) };
        let mut inspections = Vec::new();
        for ids in request.inspections.chunks(AT_ONCE) {
            for planned in plan_in(&mut tx, actor, &request, ids).await? {
                let inspection = planned.standing.inspection;
                inspections.push(UndoIn {
                    id: inspection.id,
                    reference: inspection.reference,
                    name: inspection.name,
                    change: planned.change,
                    changes: planned.changes,
                    steps: planned.plan.map(|plan| plan.steps),
                });
            }
        }
        let undo = RequestUndo { seen: ChangeId(seen), inspections };
        Ok((!undo.inspections.is_empty()).then_some(undo))
    }

    /// Returns the number of inspections that a request touched; 0 if there is no such request.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn touched_by(&self, request: Uuid) -> Result<usize, Error> {
        let found = Request::find(&mut self.db().read().await?, request).await?;
        Ok(found.map_or(0, |request| request.inspections.len()))
    }
}

/// A request, found by its id.
pub(crate) struct Request {
    id: Uuid,
    /// Its first change.
    first: ChangeId,
    /// Its user; `None` once that user is deleted.
    user: Option<UserId>,
    /// The inspections that it touched, in the order of their ids.
    pub(crate) inspections: Vec<InspectionId>,
}

impl Request {
    /// Finds the request with this id. It belongs to one person: changes of others under the same
    /// id are ignored.
    pub(crate) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Self>, Error> {
        let first = "select id, user_id, author_id from changes where request_id = $1 \
             order by id limit 1";
        let found: Option<(i64, Option<i64>, i64)> = sql(first).bind(id).optional(&mut *tx).await?;
        let Some((first, user, author)) = found else { return Ok(None) };
        let touched = "select distinct inspection_id from changes \
             where request_id = $1 and author_id = $2 order by inspection_id";
        let touched: Vec<(i64,)> = sql(touched).bind(id).bind(author).all(tx).await?;
        Ok(Some(Self {
            id,
            first: ChangeId(first),
            user: user.map(UserId),
            inspections: touched.into_iter().map(|(id,)| InspectionId(id)).collect(),
        }))
    }

    fn did(&self, change: &Change) -> bool {
        change.request_id == self.id && change.user_id == self.user
    }
}

/// Plan for one inspection that a request touched.
pub(crate) struct Planned {
    /// The inspection in its present state. Its contents are loaded only if they matter.
    pub(crate) standing: LoadedInspection,
    /// The last change that the request made to it.
    change: Change,
    /// Number of changes that the request made to it.
    changes: usize,
    /// The plan, or the reason why it stays as it is.
    pub(crate) plan: Result<RevertPlan, KeptBecause>,
}

/// Plans to undo a request in these of its inspections, as far as the actor may see them. It runs
/// two statements, and five more for each inspection in which the request touched more than the
/// inspection's own fields.
pub(crate) async fn plan_in(
    tx: &mut Tx,
    actor: &Actor,
    request: &Request,
    ids: &[InspectionId],
) -> Result<Vec<Planned>, Error> {
    let standings = rows::load_heads(tx, ids).await?;
    let these = tx.dialect().any("c.inspection_id", 1);
    let text = format!(
        "select {CHANGE_COLUMNS} from changes as c where {these} and c.id >= $2 \
         order by c.inspection_id, c.id"
    );
    let statement = sql(text).bind(numbers(ids.iter().copied())).bind(request.first);
    let mut since = BTreeMap::<InspectionId, Vec<Change>>::new();
    for change in changes(statement, &mut *tx).await? {
        since.entry(change.inspection_id).or_default().push(change);
    }
    let mut planned = Vec::with_capacity(standings.len());
    for mut standing in standings {
        if !may_see(actor, &standing.inspection) {
            continue;
        }
        let id = standing.inspection.id;
        let since = since.remove(&id).unwrap_or_default();
        let of_request = || since.iter().filter(|change| request.did(change));
        let (Some(last), changes) = (of_request().next_back(), of_request().count()) else {
            continue;
        };
        let is_own =
            |change: &Change| change.record.mutation().is_ok_and(|it| it.is_of_own_fields());
        if !of_request().all(is_own) {
            standing = rows::load(tx, id).await?.ok_or(Error::NotFound)?;
        }
        let last = last.id;
        let Some(to_undo) = ToUndo::among(since, last, true) else { continue };
        let now = &standing.inspection;
        let plan = match to_undo.plan(now, &Choices::new()) {
            Ok(undo) => undo.at_once(actor, now),
            Err(refusal) => Err(refusal.into()),
        };
        planned.push(Planned { change: to_undo.change, changes, plan, standing });
    }
    Ok(planned)
}
