//! Signing of checkpoints as changes are recorded.

use super::{
    AcceptedGap, Checkpoint, CheckpointError, CheckpointFolder, DATED_BEFORE, Frontier, PublicKey,
    Signer, counts_as_made,
    gap::{counts_as_dated, is_behind},
};
use crate::{
    Store, boxed,
    chain::Hash,
    sql::{sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::id::ChangeId;
use std::collections::BTreeMap;

/// Signer of checkpoints of a store's changes. It only signs a record that extends everything that
/// was signed before with the same key.
#[derive(Debug)]
pub struct Checkpointer {
    store: Store,
    folder: CheckpointFolder,
    signer: Signer,
    /// The tree over the changes up to [`last`](Self::last).
    tree: Frontier,
    last: i64,
    /// The size of the stored frontier, if it belongs to a checkpoint; otherwise 0.
    stored: u64,
    /// The existing checkpoints that cover more changes than the tree does yet, by size.
    ahead: BTreeMap<u64, (String, Hash)>,
    /// The size of the newest checkpoint.
    newest: u64,
    /// The checkpoints that existed when it was opened and the newest since, by size.
    checkpoints: Vec<Checkpoint>,
    /// The fault of the clock, as of the last [`keep`](Self::keep).
    clock_warning: Option<String>,
}

impl Checkpointer {
    /// Continues from the stored frontier, which belongs to one of the checkpoints in the folder. If
    /// there is none, the first [`keep`](Self::keep) reads the hashes of all changes. The key is
    /// created if there is none.
    ///
    /// # Errors
    /// If the folder cannot be read or written, or a checkpoint in it is invalid;
    /// [`CheckpointError::Frontier`] if the frontier is damaged, or if its root is not the one that
    /// was signed.
    pub fn open(store: Store, folder: CheckpointFolder) -> Result<Self, CheckpointError> {
        let signer = folder.signer()?;
        let (mut ahead, mut checkpoints) = (BTreeMap::new(), Vec::new());
        for kept in folder.all()? {
            let checkpoint = kept.open(&signer.public_key())?;
            ahead.insert(checkpoint.size, (kept.name, checkpoint.root));
            checkpoints.push(checkpoint);
        }
        let newest = ahead.last_key_value().map_or(0, |(size, _)| *size);
        let (mut tree, mut last) = (Frontier::default(), 0);
        if let Some(frontier) = folder.frontier()?
            && let Some(checkpoint) = checkpoints.iter().find(|it| it.size == frontier.size())
        {
            if frontier.root() != checkpoint.root {
                let name = CheckpointFolder::name_of(checkpoint.size);
                let problem = format!("its root is not the one in the checkpoint {name}");
                return Err(CheckpointError::Frontier { problem });
            }
            (tree, last) = (frontier, checkpoint.last.0);
        }
        let stored = tree.size();
        ahead.retain(|size, _| *size > stored);
        let clock_warning = None;
        Ok(Self {
            store,
            folder,
            signer,
            tree,
            last,
            stored,
            ahead,
            newest,
            checkpoints,
            clock_warning,
        })
    }

    /// Returns the public key, with which others verify the checkpoints.
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// Returns the fault of the clock, or of the times in the record, as of the last
    /// [`keep`](Self::keep): one or more sentences for the administrator.
    pub fn clock_warning(&self) -> Option<&str> {
        self.clock_warning.as_deref()
    }

    /// Compares the time with those of the newest change and the checkpoints.
    fn check_clock(
        &mut self,
        now: DateTime<Utc>,
        newest: Option<(ChangeId, DateTime<Utc>)>,
    ) -> Result<(), CheckpointError> {
        // Accepted gaps are left out at first, because they are only read from the folder if there
        // is a fault.
        self.clock_warning = clock_warning(now, newest, &self.checkpoints, &[]);
        if self.clock_warning.is_some() {
            let key = self.signer.public_key();
            let gaps = self.folder.gaps()?;
            let gaps: Result<Vec<_>, _> = gaps.iter().map(|kept| kept.open_gap(&key)).collect();
            self.clock_warning = clock_warning(now, newest, &self.checkpoints, &gaps?);
        }
        Ok(())
    }

    /// Signs a checkpoint of all changes, if there are new ones since the last, and stores the
    /// frontier of its tree. Only the hashes of changes after the last are read, so it does not
    /// notice that earlier ones were altered; `plumbline verify` does, because it compares all hashes
    /// with the checkpoints.
    ///
    /// # Errors
    /// [`CheckpointError::Unfit`] if the record does not extend the one that was signed before;
    /// also if the database or the folder fails. Nothing is signed then.
    #[boxed]
    pub async fn keep(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Option<Checkpoint>, CheckpointError> {
        let newest = self.store.dated_newest_change().await?;
        self.check_clock(now, newest)?;
        let newest = newest.map_or(0, |(id, _)| id.0);
        if newest == self.last && self.tree.size() == self.newest && self.stored == self.newest {
            return Ok(None);
        }
        self.read_changes().await?;
        let mut signed = None;
        if self.tree.size() != self.newest {
            let checkpoint = Checkpoint {
                size: self.tree.size(),
                last: ChangeId(self.last),
                root: self.tree.root(),
                at: now,
            };
            self.folder.keep(&checkpoint, &self.signer)?;
            self.newest = checkpoint.size;
            // Earlier checkpoints have already been compared with each other.
            self.checkpoints = vec![checkpoint.clone()];
            signed = Some(checkpoint);
        }
        // Stored after the checkpoint, so that after an interruption the one before is still there
        // with its own checkpoint.
        if self.stored != self.newest {
            self.folder.keep_frontier(&self.tree)?;
            self.stored = self.newest;
        }
        Ok(signed)
    }

    /// Adds the changes after the last to the tree, and compares it with the checkpoints that are
    /// ahead of it.
    async fn read_changes(&mut self) -> Result<(), CheckpointError> {
        let settled = self.store.settled_change().await?;
        let (tree, ahead) = (&mut self.tree.clone(), &mut self.ahead.clone());
        let (mut unfit, mut broken) = (None, None);
        let last = self.last;
        let mut has_last = last == 0;
        let text = "select id, hash from changes where id >= $1 and id <= $2 order by id";
        sql(text)
            .bind(last)
            .bind(settled)
            .each(self.store.db(), |(id, hash): (i64, Vec<u8>)| {
                if id == last {
                    has_last = true;
                    return Ok(());
                }
                let Ok(hash) = Hash::try_from(hash.as_slice()) else {
                    broken.get_or_insert(ChangeId(id));
                    return Ok(());
                };
                tree.push(&hash);
                if let Some((name, root)) = ahead.remove(&tree.size())
                    && root != tree.root()
                {
                    unfit.get_or_insert(name);
                }
                Ok(())
            })
            .await?;
        if !has_last {
            // The end of the record was cut off.
            return Err(CheckpointError::Unfit { name: CheckpointFolder::name_of(self.newest) });
        }
        if let Some(change) = broken {
            return Err(CheckpointError::Hash { change });
        }
        // A checkpoint that was not reached covers more changes than there are.
        let cut = ahead.pop_first().map(|(_, (name, _))| name);
        if let Some(name) = unfit.or(cut) {
            return Err(CheckpointError::Unfit { name });
        }
        self.tree = tree.clone();
        self.ahead.clear();
        self.last = settled;
        Ok(())
    }
}

/// Returns the fault of the clock or of the times of checkpoints, which are in the order of their
/// sizes.
fn clock_warning(
    now: DateTime<Utc>,
    newest: Option<(ChangeId, DateTime<Utc>)>,
    checkpoints: &[Checkpoint],
    gaps: &[AcceptedGap],
) -> Option<String> {
    const ADVICE: &str = "accept that once with `plumbline accept-clock --reason \"…\"`";
    let change = newest.map(|newest| ("change", counts_as_dated(newest, gaps)));
    let checkpoint = checkpoints.last().map(|it| ("checkpoint", counts_as_made(it, gaps)));
    let known = change.into_iter().chain(checkpoint).max_by_key(|(_, at)| *at);
    if let Some((thing, at)) = known.filter(|(_, at)| is_behind(now, *at)) {
        return Some(format!(
            "the clock says {now}, but the newest {thing} bears {at}. If the clock is behind, set it \
             right: changes that are dated more than a day before a checkpoint make `plumbline verify` \
             fail. If it was ahead before and is right now, {ADVICE}"
        ));
    }
    let set_back = checkpoints.windows(2).find(|pair| {
        counts_as_made(&pair[0], gaps) - DATED_BEFORE > counts_as_made(&pair[1], gaps)
    })?;
    Some(format!(
        "the clock was set back: the checkpoint of {} changes bears {}, and the one of {} changes bears \
         {}, so `plumbline verify` fails. If the clock is right now, {ADVICE}",
        set_back[0].size, set_back[0].at, set_back[1].size, set_back[1].at
    ))
}

impl Store {
    /// Returns the change with the greatest id, and its time.
    pub(crate) async fn dated_newest_change(
        &self,
    ) -> Result<Option<(ChangeId, DateTime<Utc>)>, crate::Error> {
        let text = "select id, created_at from changes order by id desc limit 1";
        let newest: Option<(i64, i64)> = sql(text).optional(self.db()).await?;
        newest
            .map(|(id, at)| Ok((ChangeId(id), timestamp("changes", "created_at", id, at)?)))
            .transpose()
    }

    /// Returns the greatest id of a change; 0 if there is none.
    async fn last_change(&self) -> Result<i64, crate::Error> {
        let text = "select coalesce(max(id), 0) from changes";
        let (last,): (i64,) = sql(text).one(self.db()).await?;
        Ok(last)
    }

    /// Returns the greatest id once no change with a smaller id can still be committed.
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
