//! Idempotency keys of mutations. The key is the request id and the ordinal of the mutation in that
//! request; no two changes share both. A browser that did not receive the answer repeats its
//! request, and a mutation whose key is already recorded is answered with the change that it made
//! the first time.

use super::RecordingTx;
use crate::{
    Authorship, Error, Store, boxed,
    db::Tx,
    rows::{CHANGE_COLUMNS, StoredChange, changes},
    sql::{sql, uuids},
};
use domain::{
    change::{Change, Mutation, MutationKind},
    id::InspectionId,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The changes that earlier transactions committed under some request ids, by request and ordinal.
#[derive(Debug, Default)]
pub(super) struct Earlier(Vec<Change>);

/// Those of one request, by ordinal.
#[derive(Clone, Copy, Debug)]
pub(super) struct EarlierOfRequest<'a>(&'a [Change]);

impl Earlier {
    /// Reads the changes under these request ids.
    pub(super) async fn read(tx: &mut Tx, requests: &[Uuid]) -> Result<Self, Error> {
        let these = tx.dialect().any_uuid("c.request_id", 1);
        let text = format!("select {CHANGE_COLUMNS} from changes as c where {these}");
        let statement = sql(text).bind(uuids(requests.iter().copied()));
        let mut all = changes(statement, tx).await?;
        all.sort_unstable_by_key(|change| (change.request_id, change.ordinal));
        Ok(Self(all))
    }

    /// Returns the changes of an author's request.
    ///
    /// # Errors
    /// [`Error::RequestReused`] if the request is somebody else's, because the changes of other
    /// people are not revealed to a person who guesses a request id.
    pub(super) fn of(&self, author: &Authorship) -> Result<EarlierOfRequest<'_>, Error> {
        let from = self.0.partition_point(|change| change.request_id < author.request_id);
        let to = self.0.partition_point(|change| change.request_id <= author.request_id);
        let own = &self.0[from..to];
        match own.iter().all(|change| change.user_id == Some(author.actor.id)) {
            true => Ok(EarlierOfRequest(own)),
            false => Err(Error::RequestReused),
        }
    }
}

impl<'a> EarlierOfRequest<'a> {
    /// Iterates over the changes.
    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = &'a Change> {
        self.0.iter()
    }

    /// Returns the change that this mutation, with this ordinal, made before. `inspection` is the
    /// one it is about; `None` for a mutation that creates one.
    ///
    /// # Errors
    /// [`Error::RequestReused`] if the key belongs to another mutation.
    pub(super) fn find_done(
        self,
        ordinal: i64,
        inspection: Option<InspectionId>,
        mutation: &Mutation,
    ) -> Result<Option<Change>, Error> {
        let Ok(at) = self.0.binary_search_by_key(&ordinal, |change| change.ordinal) else {
            return Ok(None);
        };
        let done = &self.0[at];
        let is_same = done.record.kind == mutation.kind()
            && !is_other_photo(done, mutation)?
            && inspection.is_none_or(|inspection| inspection == done.inspection_id);
        if is_same { Ok(Some(done.clone())) } else { Err(Error::RequestReused) }
    }

    /// Returns the change that a mutation of this kind made to an inspection before, for requests
    /// with at most one such mutation for each inspection.
    pub(super) fn find_done_to(
        self,
        inspection: InspectionId,
        kind: MutationKind,
    ) -> Option<Change> {
        let is_same = |done: &&Change| done.inspection_id == inspection && done.record.kind == kind;
        self.iter().find(is_same).cloned()
    }
}

impl RecordingTx {
    /// Returns the changes that earlier transactions of the same request committed. They are read
    /// once, because nobody else can record anything while this transaction is open.
    ///
    /// # Errors
    /// [`Error::RequestReused`] if the request is somebody else's.
    pub(super) async fn earlier(&mut self) -> Result<EarlierOfRequest<'_>, Error> {
        if self.earlier.is_none() {
            self.earlier = Some(self.writer.earlier(&[self.author.request_id]).await?);
        }
        self.earlier.get_or_insert_default().of(&self.author)
    }

    /// Sets the ordinal of the next mutation of this transaction, for a request whose mutations are
    /// sent one by one. Ordinals count from 1.
    pub const fn start_at(&mut self, ordinal: i64) {
        self.ordinal = ordinal - 1;
    }

    /// Returns the ordinal of the next mutation of this transaction.
    pub(super) const fn next_ordinal(&mut self) -> i64 {
        self.ordinal += 1;
        self.ordinal
    }

    /// Returns the first ordinal that no transaction of the request has used. It is for requests
    /// whose mutations are identified by their inspection and not by their order.
    pub(super) async fn unused_ordinal(&mut self) -> Result<i64, Error> {
        let earlier = self.earlier().await?.iter().next_back().map_or(0, |last| last.ordinal);
        self.ordinal = self.ordinal.max(earlier);
        Ok(self.next_ordinal())
    }
}

impl Store {
    /// Returns the change with this idempotency key.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn change_of_request(
        &self,
        request: Uuid,
        ordinal: i64,
    ) -> Result<Option<Change>, Error> {
        let text = format!(
            "select {CHANGE_COLUMNS} from changes as c where c.request_id = $1 and c.ordinal = $2"
        );
        let found: Option<StoredChange> =
            sql(text).bind(request).bind(ordinal).optional(self.db()).await?;
        found.map(Change::try_from).transpose()
    }
}

/// Derives a request id from the id of a form's page and the form's content: equal contents have
/// equal ids, and different contents different ids. A browser that goes back shows a form with the
/// id of its first submission; text that is typed into it then makes a new request. The time in the
/// id is kept, so that ids of the same time are adjacent in the index.
pub fn request_id_for(
    page: Uuid,
    content: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
) -> Uuid {
    let mut hash = Sha256::new_with_prefix(page.as_bytes());
    for (name, value) in content {
        for text in [name.as_ref(), value.as_ref()] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    let hash: [u8; 32] = hash.finalize().into();
    let mut bytes = *page.as_bytes();
    bytes[6..].copy_from_slice(&hash[..10]);
    uuid::Builder::from_bytes(bytes)
        .with_version(page.get_version().unwrap_or(uuid::Version::SortRand))
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
}

/// Returns whether both attach a photo, and not the same file. It must not count as a retry, because the
/// file would be lost.
fn is_other_photo(done: &Change, mutation: &Mutation) -> Result<bool, Error> {
    let Mutation::AddPhoto { photo } = mutation else { return Ok(false) };
    let done = done.record.mutation().map_err(|malformed| Error::malformed(done.id, malformed))?;
    Ok(matches!(done, Mutation::AddPhoto { photo: done } if done.sha256 != photo.sha256))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_one_id_for_each_content() {
        let page = Uuid::now_v7();
        let id = |content: &[(&str, &str)]| request_id_for(page, content.iter().copied());
        let sent = id(&[("do", "edit"), ("name", "Mill")]);
        assert_eq!(sent, id(&[("do", "edit"), ("name", "Mill")]));
        assert_eq!(sent.get_version(), Some(uuid::Version::SortRand));
        assert_eq!(sent.as_bytes()[..6], page.as_bytes()[..6]);
        for other in [
            &[("do", "edit"), ("name", "Mil")][..],
            &[("do", "edit"), ("nam", "eMill")],
            &[("do", "editname"), ("", "Mill")],
            &[("do", "edit")],
        ] {
            assert_ne!(sent, id(other));
        }
        assert_ne!(sent, request_id_for(Uuid::now_v7(), [("do", "edit"), ("name", "Mill")]));
    }
}
