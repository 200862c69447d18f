//! Test that concurrent writes do not disturb verification.

use super::*;

on_both!(what_is_written_meanwhile_does_not_disturb, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let writer = {
        let (store, ida) = (case.store.clone(), ida.clone());
        tokio::spawn(async move {
            for number in 0..200 {
                let mut work = store.begin(&ida, Uuid::now_v7(), at(number)).await.unwrap();
                let title = section(&format!("Section {number}"));
                work.perform(id, None, title).await.unwrap();
                work.commit().await.unwrap();
            }
        })
    };
    let folder = CheckpointFolder::at(case.folder.path().join("checkpoints"));
    let mut checkpointer = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
    loop {
        checkpointer.keep(at(1)).await.unwrap();
        let witness = ExternalCheckpoint {
            checkpoints: folder.all().unwrap(),
            gaps: Vec::new(),
            key: checkpointer.public_key(),
        };
        let verified = case.store.verify(Some(&witness), quietly()).await;
        assert!(verified.is_ok(), "{verified:?}");
        case.store.verify_inspection(id).await.unwrap();
        if writer.is_finished() {
            break;
        }
    }
    writer.await.unwrap();
});

on_both!(who_is_deleted_meanwhile_does_not_disturb, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ada, "Riverside House").await;
    let mut leaving = Vec::new();
    for number in 0..60 {
        let somebody = case.person(&format!("Ida {number}"), Role::Admin).await;
        case.does(&somebody, id, section(&format!("Section {number}"))).await;
        leaving.push(somebody.id);
    }
    let deleting = {
        let store = case.store.clone();
        tokio::spawn(async move {
            for user in leaving {
                // No change is recorded for this deletion.
                store.delete_user(user).await.unwrap();
            }
        })
    };
    loop {
        let verified = case.store.verify(None, quietly()).await;
        assert!(verified.is_ok(), "{verified:?}");
        if deleting.is_finished() {
            break;
        }
    }
    deleting.await.unwrap();
});
