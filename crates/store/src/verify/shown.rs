//! Verification for a page that shows some changes of an inspection. It computes the hashes of those
//! changes on each read, and verifies the whole inspection only when that is due.

use super::{VerifyError, raw};
use crate::{
    Store, boxed,
    db::Tx,
    rows,
    sql::sql,
    verified_records::{Head, VerifiedRecord},
};
use domain::id::{ChangeId, InspectionId};
use std::time::Instant;

impl Store {
    /// Verifies the newest changes of an inspection, or those older than `before`, and the link from
    /// each to its predecessor. Verifies the whole inspection as well, unless this process did so in
    /// the last ten minutes and the inspection's last change is still the same. Returns the number of
    /// the inspection's changes.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    #[boxed]
    pub async fn verify_shown(
        &self,
        id: InspectionId,
        before: Option<ChangeId>,
        limit: i64,
    ) -> Result<i64, VerifyError> {
        let mut tx = self.db().read().await?;
        let head = head(&mut tx, id).await?;
        if let Some(head) = head
            && self.verified_records().is_verified(id, head)
            && fit(&mut tx, id, before, limit, head).await?
        {
            return Ok(head.number);
        }
        drop(tx);
        // It begins before the inspection is read, so that no change is taken as verified that is not.
        let at = Instant::now();
        let raws = self.verified(id).await;
        let raws = self.reported(raws).await?;
        if let Some(last) = raws.last() {
            let head = Head { id: last.id, number: last.number, hash: last.hash };
            self.verified_records().put(id, VerifiedRecord { head, at });
        }
        Ok(i64::try_from(raws.len()).unwrap_or(i64::MAX))
    }
}

/// Returns the last change of an inspection, as the inspection names it.
async fn head(tx: &mut Tx, id: InspectionId) -> Result<Option<Head>, VerifyError> {
    let text = "select change_id, number, hash from inspections where id = $1";
    let found: Option<(i64, i64, Vec<u8>)> = sql(text).bind(id.0).optional(tx).await?;
    // A hash that cannot be read is explained by the verification of the whole inspection.
    Ok(found.and_then(|(change, number, hash)| {
        let hash = rows::hash("inspections", id.0, &hash).ok()?;
        Some(Head { id: change, number, hash })
    }))
}

/// Returns whether each change of a page follows on from its predecessor, and whether the newest is
/// the inspection's last one, if the page begins with that. If not, the verification of the whole
/// inspection explains it.
async fn fit(
    tx: &mut Tx,
    id: InspectionId,
    before: Option<ChangeId>,
    limit: i64,
    head: Head,
) -> Result<bool, VerifyError> {
    let text = "from changes where inspection_id = $1 and id < $2 order by id desc limit $3";
    let bound = before.map_or(i64::MAX, |before| before.0);
    // The oldest one is the predecessor of the page.
    let raws = raw::read(tx, text, [id.0, bound, limit.saturating_add(1)]).await;
    let raws = match raws {
        Ok(raws) => raws,
        Err(VerifyError::Wrong(_)) => return Ok(false),
        Err(failed) => return Err(failed),
    };
    let users = raw::users(tx).await?;
    let is_complete = i64::try_from(raws.len()).is_ok_and(|read| read <= limit);
    let mut newer = raws.iter().zip(raws.iter().skip(1).map(Some).chain([None]));
    let follows = newer.all(|(raw, previous)| match previous {
        Some(previous) => raw.follows(Some(previous.link()), &users),
        None => !is_complete || raw.follows(None, &users),
    });
    let last = raws.first().map(|raw| Head { id: raw.id, number: raw.number, hash: raw.hash });
    Ok(follows && (before.is_some() || last == Some(head)))
}
