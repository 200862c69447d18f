//! What makes checkpoints as changes come in.

use super::{Checkpoint, CheckpointError, CheckpointFolder, Frontier, PublicKey, Signer};
use crate::{Store, boxed, chain::Hash, sql::sql};
use chrono::{DateTime, Utc};
use domain::ChangeId;
use std::collections::BTreeMap;

/// Makes checkpoints of a store's changes. It signs nothing that does not follow on from what it, or
/// whoever signed with the same key before it, has signed.
#[derive(Debug)]
pub struct Checkpointer {
    store: Store,
    folder: CheckpointFolder,
    signer: Signer,
    /// The tree up to the change [`last`](Self::last).
    tree: Frontier,
    last: i64,
    /// The checkpoints that the tree has still to pass, by size.
    ahead: BTreeMap<u64, (String, Hash)>,
    /// The size of the newest checkpoint there is.
    newest: u64,
}

impl Checkpointer {
    /// Takes up where the folder's checkpoints end. The key is made if there is none.
    ///
    /// # Errors
    /// Where the folder cannot be read or written, or a checkpoint in it is not what it should be.
    pub fn open(store: Store, folder: CheckpointFolder) -> Result<Self, CheckpointError> {
        let signer = folder.signer()?;
        let mut ahead = BTreeMap::new();
        for kept in folder.all()? {
            let checkpoint = kept.open(&signer.public_key())?;
            ahead.insert(checkpoint.size, (kept.name, checkpoint.root));
        }
        let newest = ahead.last_key_value().map_or(0, |(size, _)| *size);
        let tree = Frontier::default();
        Ok(Self { store, folder, signer, tree, last: 0, ahead, newest })
    }

    /// The key that others check with.
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// Makes a checkpoint of all changes there are, if there are any since the last.
    ///
    /// # Errors
    /// [`CheckpointError::Unfit`] where the record is not the one that was signed before; and where
    /// the database or the folder fails. Nothing is signed then.
    #[boxed]
    pub async fn keep(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Option<Checkpoint>, CheckpointError> {
        let newest = self.store.last_change().await?;
        if newest == self.last && self.ahead.is_empty() {
            return Ok(None);
        }
        let settled = self.store.settled_change().await?;
        if settled < self.last {
            return Err(CheckpointError::Unfit { name: format!("of {} changes", self.newest) });
        }
        let (tree, ahead) = (&mut self.tree.clone(), &mut self.ahead.clone());
        let mut unfit = None;
        let text = "select id, hash from changes where id > $1 and id <= $2 order by id";
        sql(text)
            .bind(self.last)
            .bind(settled)
            .each(self.store.db(), |(_, hash): (i64, Vec<u8>)| {
                tree.push(&Hash::try_from(hash.as_slice()).unwrap_or_default());
                if let Some((name, root)) = ahead.remove(&tree.size())
                    && root != tree.root()
                {
                    unfit.get_or_insert(name);
                }
                Ok(())
            })
            .await?;
        // One that is still ahead covers more changes than there are.
        let cut = ahead.pop_first().map(|(_, (name, _))| name);
        if let Some(name) = unfit.or(cut) {
            return Err(CheckpointError::Unfit { name });
        }
        self.tree = tree.clone();
        self.ahead.clear();
        self.last = settled;
        if tree.size() == self.newest {
            return Ok(None);
        }
        let checkpoint =
            Checkpoint { size: tree.size(), last: ChangeId(settled), root: tree.root(), at: now };
        self.folder.keep(&checkpoint, &self.signer)?;
        self.newest = checkpoint.size;
        Ok(Some(checkpoint))
    }
}

impl Store {
    /// The greatest id of a change, or 0.
    async fn last_change(&self) -> Result<i64, crate::Error> {
        let text = "select coalesce(max(id), 0) from changes";
        let (last,): (i64,) = sql(text).one(self.db()).await?;
        Ok(last)
    }

    /// The same, such that no change with a smaller id can come any more.
    async fn settled_change(&self) -> Result<i64, crate::Error> {
        let Some(settle) = self.db().dialect().settle_changes() else {
            return self.last_change().await;
        };
        let mut tx = self.db().write().await?;
        for statement in settle {
            sql(*statement).run(&mut tx).await?;
        }
        let text = "select coalesce(max(id), 0) from changes";
        let (last,): (i64,) = sql(text).one(&mut tx).await?;
        tx.commit().await?;
        Ok(last)
    }
}
