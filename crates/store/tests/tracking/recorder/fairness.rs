//! Tests of the turns of units of work and of batches.

use super::*;
use domain::people::Role;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tokio::task::JoinSet;

/// Counts what tasks have done, and ends them.
#[derive(Clone, Default)]
struct Progress {
    done: Arc<AtomicUsize>,
    ends: Arc<AtomicBool>,
}

impl Progress {
    fn count(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    /// Waits until more was done than this.
    async fn wait_for(&self, more_than: usize) {
        let counts = async {
            while self.count() <= more_than {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, counts).await.expect("the others go on");
    }
}

on_both!(single_edits_do_not_starve_a_unit_of_many, |case| {
    const WRITERS: usize = 16;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 200 + WRITERS).await;
    let (progress, mut writers) = (Progress::default(), JoinSet::new());
    for id in &ids[200..] {
        let (store, ida, id, progress) = (case.store.clone(), ida.clone(), *id, progress.clone());
        writers.spawn(async move {
            for number in 0.. {
                if progress.ends.load(Ordering::SeqCst) {
                    return;
                }
                let edit = client(&format!("Client {number}"));
                store.record(request(&ida, id, edit)).await.unwrap().unwrap();
                progress.done.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    progress.wait_for(WRITERS).await;
    for round in 0..5 {
        let before = progress.count();
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(2)).await.unwrap();
        // One batch may be under way and one may have come before; a third has to wait.
        let meanwhile = progress.count() - before;
        assert!(meanwhile <= 3 * WRITERS, "{meanwhile} edits before a unit had its turn");
        let many = client(&format!("All {round}"));
        assert_eq!(work.perform_many(&ids[..200], &many).await.unwrap().done.len(), 200);
        work.commit().await.unwrap();
        progress.wait_for(progress.count()).await;
    }
    progress.ends.store(true, Ordering::SeqCst);
    writers.join_all().await;
    case.assert_folds(ids[0]).await;
});

on_both!(units_of_many_do_not_starve_a_single_edit, |case| {
    const UNITS: usize = 6;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 101).await;
    let (progress, mut units) = (Progress::default(), JoinSet::new());
    for unit in 0..UNITS {
        let (store, ida, progress) = (case.store.clone(), ida.clone(), progress.clone());
        let ids = ids[..100].to_vec();
        units.spawn(async move {
            for number in 0.. {
                if progress.ends.load(Ordering::SeqCst) {
                    return;
                }
                let mut work = store.begin(&ida, Uuid::now_v7(), at(2)).await.unwrap();
                let many = client(&format!("{unit} {number}"));
                work.perform_many(&ids, &many).await.unwrap();
                work.commit().await.unwrap();
                progress.done.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    progress.wait_for(UNITS).await;
    for round in 0..5 {
        let before = progress.count();
        case.does(&ida, ids[100], client(&format!("Client {round}"))).await;
        let meanwhile = progress.count() - before;
        assert!(meanwhile <= 2 * UNITS, "{meanwhile} units before an edit had its turn");
    }
    progress.ends.store(true, Ordering::SeqCst);
    units.join_all().await;
    case.assert_folds(ids[0]).await;
});
