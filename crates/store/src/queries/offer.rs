//! Inspections by what they are called, to choose from.

use super::Conditions;
use crate::{Error, Store, boxed, rows::Kind, sql::sql};
use domain::InspectionId;

/// How many are offered.
const OFFERED: i64 = 20;

impl Store {
    /// Returns the inspections whose reference or name holds each of these words, removed ones too: the id, the
    /// reference and the name of those that changed last. Who may see them is asked elsewhere.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn inspections_called(
        &self,
        words: &str,
    ) -> Result<Vec<(InspectionId, String, String)>, Error> {
        let mut tx = self.db().read().await?;
        let mut conditions = Conditions::new(tx.dialect());
        conditions.words(words, Some(Kind::Called));
        let text = format!(
            "select i.id, i.reference, i.name from inspections as i{} \
             order by i.change_id desc limit {OFFERED}",
            conditions.clause()
        );
        let found: Vec<(i64, String, String)> =
            sql(text).bind_all(conditions.values).all(&mut tx).await?;
        let named = |(id, reference, name)| (InspectionId(id), reference, name);
        Ok(found.into_iter().map(named).collect())
    }
}
