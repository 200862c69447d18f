//! Typeahead search for inspections by reference and name.

use super::WhereClause;
use crate::{Error, Store, boxed, rows::SearchTextKind, sql::sql};
use domain::id::InspectionId;

/// Maximum number of results.
const OFFERED: i64 = 20;

impl Store {
    /// Returns the inspections whose reference or name contains each of these words, including
    /// removed ones: id, reference and name of those that changed last. It does not check who may
    /// see them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn inspections_called(
        &self,
        words: &str,
    ) -> Result<Vec<(InspectionId, String, String)>, Error> {
        let mut tx = self.db().read().await?;
        let mut conditions = WhereClause::new(tx.dialect());
        conditions.words(words, Some(SearchTextKind::Called));
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
