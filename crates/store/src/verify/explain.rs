//! Explanation of a broken chain: finds out what was done to it from what is left.

use super::{
    VerifyError, Violation, ViolationKind,
    chain::Suspect,
    raw::{self, Raw, next},
};
use crate::{chain::Hash, db::Tx, sql::sql};
use domain::id::InspectionId;
use std::collections::HashSet;

/// Returns the violation in an inspection with a change that does not follow on.
pub(super) async fn explain(
    tx: &mut Tx,
    suspect: Suspect,
    users: &HashSet<i64>,
) -> Result<Violation, VerifyError> {
    let raws = raw::of(tx, suspect.inspection).await?;
    match check(&raws, users) {
        Some(wrong) => whence(tx, &raws, wrong).await,
        // The inspection's own chain is intact, so another inspection has a change with the same
        // id.
        None => Ok(Violation::of(suspect.inspection, Some(suspect.change), ViolationKind::Twice)),
    }
}

/// Returns the violation if the database counts `counted` changes, and another number can be read.
pub(super) async fn miscounted(
    tx: &mut Tx,
    (counted, read): (u64, u64),
    users: &HashSet<i64>,
) -> Result<Violation, VerifyError> {
    let text = "select id, max(inspection_id) from changes group by id having count(*) > 1 \
         order by id limit 1";
    let twin: Option<(i64, i64)> = sql(text).optional(&mut *tx).await?;
    match twin {
        Some((change, inspection)) => explain(tx, Suspect { change, inspection }, users).await,
        None => Ok(Violation::overall(ViolationKind::Unreadable(format!(
            "the database counts {counted} changes, and hands out {read}"
        )))),
    }
}

/// Returns the first violation in the chain of one inspection, by what was done to the chain.
pub(super) fn check(raws: &[Raw], users: &HashSet<i64>) -> Option<Violation> {
    let mut before: Option<&Raw> = None;
    for (index, raw) in raws.iter().enumerate() {
        let wrong = |flaw| Some(Violation::of(raw.inspection_id, Some(raw.id), flaw));
        let expected = next(before.map(|before| before.number));
        let (earlier, rest) = (&raws[..index], &raws[index + 1..]);
        if raw.number != expected {
            let is_there = raws.iter().any(|raw| raw.number == expected);
            let mut renumbered = raw.clone();
            renumbered.number = expected;
            return if !is_there && renumbered.fits(before.map(|raw| raw.hash)) == Ok(true) {
                wrong(ViolationKind::Altered)
            } else if earlier.iter().any(|earlier| earlier.number == raw.number) {
                intruder(raws, raw.number)
            } else if is_there {
                wrong(ViolationKind::Reordered { number: raw.number, expected })
            } else {
                wrong(ViolationKind::Missing { number: raw.number.saturating_sub(1) })
            };
        }
        match raw.fits(before.map(|raw| raw.hash)) {
            Err(flaw) => return wrong(flaw),
            Ok(false) if rest.iter().any(|other| other.number == raw.number) => {
                return intruder(raws, raw.number);
            }
            Ok(false) => return wrong(ViolationKind::Altered),
            Ok(true) => {}
        }
        if before.is_none() && raw.id != raw.inspection_id {
            return wrong(ViolationKind::Beginning);
        }
        if let Some(flaw) = raw.author(users) {
            return wrong(flaw);
        }
        before = Some(raw);
    }
    None
}

/// Returns the violation of the inserted change among those with the same number: one that does not
/// follow on from its predecessor, otherwise one without a successor, otherwise the last.
fn intruder(raws: &[Raw], number: i64) -> Option<Violation> {
    let with = |number: i64| raws.iter().filter(move |raw| raw.number == number);
    let fits =
        |raw: &Raw, before: Option<&Raw>| raw.fits(before.map(|raw| raw.hash)).unwrap_or(false);
    let previous: Vec<Option<&Raw>> =
        if number == 1 { vec![None] } else { with(number.saturating_sub(1)).map(Some).collect() };
    let stranger = with(number).find(|raw| !previous.iter().any(|before| fits(raw, *before)));
    let after = number.saturating_add(1);
    let childless = || with(number).find(|raw| !with(after).any(|next| fits(next, Some(raw))));
    let found = stranger.or_else(childless).or_else(|| with(number).next_back())?;
    Some(Violation::of(found.inspection_id, Some(found.id), ViolationKind::Inserted { number }))
}

/// Distinguishes a change that was altered from one that was moved here from another inspection.
async fn whence(tx: &mut Tx, raws: &[Raw], wrong: Violation) -> Result<Violation, VerifyError> {
    let change = wrong.change.map_or(0, |change| change.0);
    let Some(raw) = raws.iter().find(|raw| raw.id == change) else { return Ok(wrong) };
    let text = "select inspection_id, hash from changes where number = $1 and inspection_id <> $2";
    let statement = sql(text).bind(raw.number.saturating_sub(1)).bind(raw.inspection_id);
    let stored: Vec<(i64, Vec<u8>)> = statement.all(&mut *tx).await?;
    // No change follows one whose hash cannot be read, which is a violation of its own.
    let readable = |(id, hash): (i64, Vec<u8>)| Some((id, Some(Hash::try_from(hash).ok()?)));
    let mut candidates: Vec<_> = stored.into_iter().filter_map(readable).collect();
    // A first change has no predecessor, and its id is that of its inspection.
    candidates.push((raw.id, None));
    for (inspection_id, previous) in candidates {
        let mut there = raw.clone();
        there.inspection_id = inspection_id;
        if inspection_id != raw.inspection_id && there.fits(previous) == Ok(true) {
            let inspection = InspectionId(inspection_id);
            return Ok(Violation { flaw: ViolationKind::Elsewhere { inspection }, ..wrong });
        }
    }
    Ok(wrong)
}
