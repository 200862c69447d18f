//! Verification of the reference counters: none may be behind the highest reference in use.

use super::{VerifyError, Violation, ViolationKind};
use crate::{
    db::Tx,
    reference::{parts, reference},
    sql::sql,
};
use std::collections::BTreeMap;

/// Checks the counter of each year. A counter that was set back gives the next inspection a
/// reference that is already in use, so the inspection cannot be created.
pub(super) async fn check(tx: &mut Tx) -> Result<(), VerifyError> {
    let mut highest: BTreeMap<i64, i64> = BTreeMap::new();
    sql("select reference from inspections")
        .each(&mut *tx, |(found,): (String,)| {
            if let Some((year, number)) = parts(&found) {
                let highest = highest.entry(year).or_default();
                *highest = number.max(*highest);
            }
            Ok(())
        })
        .await?;
    let counters: Vec<(i64, i64)> =
        sql("select year, last from reference_counters").all(tx).await?;
    let counters: BTreeMap<i64, i64> = counters.into_iter().collect();
    let behind: Vec<String> = highest
        .into_iter()
        .filter_map(|(year, number)| {
            let last = counters.get(&year).copied();
            let reference = reference(year, number);
            match last {
                Some(last) if last >= number => None,
                Some(last) => Some(format!(
                    "the counter of references for {year} is at {last}, and {reference} is in use \
                     (set `last` of that year in reference_counters to {number})"
                )),
                None => Some(format!(
                    "the counter of references for {year} is missing, and {reference} is in use \
                     (add a row to reference_counters with that year and {number})"
                )),
            }
        })
        .collect();
    if behind.is_empty() {
        return Ok(());
    }
    Err(Violation::overall(ViolationKind::Counter(behind.join("; "))).into())
}
