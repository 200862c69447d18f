//! Creation of inspections.

use super::{RecordingTx, people};
use crate::{Error, boxed, reference::reference, rows::LoadedInspection, sql::sql};
use chrono::Datelike;
use domain::{
    change::{Change, Mutation},
    id::InspectionId,
    inspection::{Field, Inspection, Invalid, Value, Values},
    permission::may_perform,
};

impl RecordingTx {
    /// Creates an inspection with these values and gives it the year's next reference. It is
    /// assigned to the actor unless the values name another inspector.
    ///
    /// # Errors
    /// [`Error::Refused`] if the actor may not, or a value is invalid.
    #[boxed]
    pub async fn create(&mut self, mut values: Values) -> Result<Change, Error> {
        let blank = Inspection::default();
        let asked = Mutation::Create { values: values.clone() };
        may_perform(&self.author.actor, &asked, &blank)?;
        let mut problems = Invalid::default();
        for field in values.fields() {
            if !Inspection::EDITABLE.contains(&field) {
                problems.add(field, "This cannot be set here.");
            }
        }
        problems.or_ok()?;
        let ordinal = self.next_ordinal();
        if let Some(done) = self.earlier().await?.find_done(ordinal, None, &asked)? {
            return Ok(done);
        }
        let myself = Value::Person(Some(self.author.actor.person()));
        values.0.entry(Field::Inspector).or_insert(myself);
        let mutation = Mutation::Create { values };
        let named = self.writer.look_up(&mutation).await?;
        let mutation = people::name(mutation, &blank, named.as_ref())?;
        blank.plan(&mutation)?;
        let reference = self.next_reference().await?;
        let id = self.writer.next_ids(1).await?[0];
        let blank =
            LoadedInspection { inspection: Inspection::blank(InspectionId(id.0)), link: None };
        let record = blank.inspection.plan(&with_reference(mutation, reference))?;
        let record = record.ok_or(Error::NotFound)?;
        let done = self.writer.apply(blank, &self.author, (id, ordinal), record)?;
        let changes = self.writer.write(vec![done]).await?;
        changes.into_iter().next().ok_or(Error::NotFound)
    }

    async fn next_reference(&mut self) -> Result<String, Error> {
        let year = i64::from(self.author.now.year());
        let next = "insert into reference_counters (year, last) values ($1, 1) \
             on conflict (year) do update set last = reference_counters.last + 1 returning last";
        let (number,): (i64,) = sql(next).bind(year).one(&mut self.writer.tx).await?;
        Ok(reference(year, number))
    }
}

fn with_reference(mutation: Mutation, reference: String) -> Mutation {
    match mutation {
        Mutation::Create { values } => {
            Mutation::Create { values: values.with(Field::Reference, Value::Text(reference)) }
        }
        other => other,
    }
}
