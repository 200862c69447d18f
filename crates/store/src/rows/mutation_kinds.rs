//! Rows of `mutation_kinds`: the actions that each kind of mutation is recorded as. The database
//! refuses changes with other pairs.

use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    sql::sql,
};
use domain::change::MutationKind;

/// Adds the pairs of the table of kinds that the database does not know.
pub(crate) async fn add_missing_kinds(tx: &mut Tx) -> Result<(), Error> {
    let pairs = MutationKind::ALL.iter().flat_map(|kind| {
        let actions = kind.actions().iter();
        actions.map(|action| {
            [("kind", Cell::text(kind.slug())), ("action", Cell::text(action.slug()))]
        })
    });
    let (table, values) = BulkInsert::new(pairs).table(tx.dialect(), 1)?;
    let text = format!(
        "insert into mutation_kinds (kind, action) select kind, action from {table} where true \
         on conflict (kind, action) do nothing"
    );
    sql(text).bind_all(values).run(tx).await?;
    Ok(())
}
