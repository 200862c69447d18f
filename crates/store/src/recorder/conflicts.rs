//! Checks that a mutation does not conflict with changes that its author has not seen.

use super::writer::RecordWriter;
use crate::{
    Error,
    db::Tx,
    rows::{CHANGE_COLUMNS, changes},
    sql::sql,
};
use domain::{
    change::{Change, Conflict, Mutation, Refusal, conflict},
    id::{ChangeId, InspectionId},
    inspection::Inspection,
    people::Actor,
};

impl RecordWriter {
    /// Refuses a mutation that conflicts with a change after `expected`.
    pub(super) async fn check_conflict(
        &mut self,
        actor: &Actor,
        before: &Inspection,
        expected: Option<ChangeId>,
        mutation: &Mutation,
    ) -> Result<(), Error> {
        if let Mutation::CreateReport { report } = mutation {
            self.check_shown(before, report.shows).await?;
        }
        let Some(expected) = expected.filter(|expected| *expected != before.head) else {
            return Ok(());
        };
        let since = changes_since(&mut self.tx, before.id, expected).await?;
        if since.is_empty() {
            // The state that it was made for is unknown.
            let head = before.head;
            let conflict = Conflict { expected, head, since, fields: Vec::new() };
            return Err(Box::new(conflict).into());
        }
        match conflict(mutation, actor.id, before, expected, &since) {
            None => Ok(()),
            Some(conflict) => Err(Box::new(conflict).into()),
        }
    }

    /// Refuses a report of a state that the inspection never had. A report of an earlier state is
    /// out of date from the start; a caller that wants the present state passes it as `expected`.
    async fn check_shown(&mut self, before: &Inspection, shows: ChangeId) -> Result<(), Error> {
        let text = "select count(*) from changes where inspection_id = $1 and id = $2";
        let (found,): (i64,) = sql(text).bind(before.id).bind(shows).one(&mut self.tx).await?;
        if found == 1 { Ok(()) } else { Err(Refusal::NotThere.into()) }
    }
}

/// Returns the changes of an inspection after the change `after`, oldest first.
pub(super) async fn changes_since(
    tx: &mut Tx,
    id: InspectionId,
    after: ChangeId,
) -> Result<Vec<Change>, Error> {
    let text = format!(
        "select {CHANGE_COLUMNS} from changes as c \
         where c.inspection_id = $1 and c.id > $2 order by c.id"
    );
    changes(sql(text).bind(id).bind(after), tx).await
}
