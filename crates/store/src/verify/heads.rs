//! Verification of the heads of inspections: each must be the inspection's last change.

use super::{VerifyError, Violation, ViolationKind};
use crate::{chain::ChainLink, db::Tx, rows, sql::sql};

/// Checks the inspections with ids from the first to the second. `last` returns the last change of
/// each and its link.
pub(super) async fn check(
    tx: &mut Tx,
    (from, to): (i64, i64),
    last: impl Fn(i64) -> Option<(i64, ChainLink)>,
) -> Result<(), VerifyError> {
    let text = "select id, change_id, number, hash from inspections where id between $1 and $2 \
         order by id";
    let mut wrong = None;
    sql(text)
        .bind(from)
        .bind(to)
        .each(tx, |(id, change, number, hash): (i64, i64, i64, Vec<u8>)| {
            wrong = wrong.take().or_else(|| match rows::hash("inspections", id, &hash) {
                Ok(hash) => flaw(id, (change, ChainLink { number, hash }), last(id)),
                Err(error) => {
                    Some(Violation::of(id, None, ViolationKind::Unreadable(error.to_string())))
                }
            });
            Ok(())
        })
        .await?;
    wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
}

/// Returns the violation of an inspection's head, given the inspection's last change.
fn flaw(id: i64, head: (i64, ChainLink), last: Option<(i64, ChainLink)>) -> Option<Violation> {
    let there = last.map_or(0, |(_, link)| link.number);
    if Some(head) == last {
        return None;
    }
    let to = head.1.number;
    if to > there {
        return Some(Violation::of(id, Some(head.0), ViolationKind::Cut { from: there + 1, to }));
    }
    let last = last.map_or(0, |(change, _)| change);
    let problem = format!(
        "the inspection's head is change {}, number {to}, but its last change is {last}, number {there}",
        head.0
    );
    Some(Violation::of(id, Some(last), ViolationKind::Row(problem)))
}
