//! Whatever is done to a copy of a record behind its back is found and named; one that nobody touched
//! is never complained of.

use crate::support::*;
use domain::{
    ChangeId, Field, InspectionId, Mutation, PhotoId, Role, SectionId, Status, Target, Value,
};
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use std::{fs, path::Path, sync::Arc};
use store::{CheckpointFolder, Checkpointer, Kept, PublicKey, Sound, Store, VerifyError, Witness};
use uuid::Uuid;

/// A record with everything in it, and the checkpoints made meanwhile.
struct World {
    folder: CheckpointFolder,
    /// The database as it was when there were nine changes.
    early: Case,
    key: PublicKey,
}

const FIRST: InspectionId = InspectionId(1);
const SECOND: InspectionId = InspectionId(6);

impl World {
    async fn new(case: &Case) -> Self {
        let ida = case.person("Ida Example", Role::Inspector).await;
        let gus = case.person("Gus Example", Role::Inspector).await;
        let ada = case.person("Ada Example", Role::Admin).await;
        let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
        let folder = CheckpointFolder::at(case.folder.path().join("checkpoints"));
        let mut checkpointer = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        assert!(checkpointer.keep(at(0)).await.unwrap().is_none(), "there is nothing yet");

        assert_eq!(case.create(&ida, "Riverside House").await, FIRST);
        case.does(&ida, FIRST, section("Roof")).await;
        case.does(&ida, FIRST, equipment("Boiler")).await;
        case.does(&ida, FIRST, photo("slate \"1\".jpg", Some(SectionId(2)))).await;
        case.does(&ida, FIRST, report(ChangeId(4))).await;
        assert_eq!(case.create(&gus, "Größe 7").await, SECOND);
        case.does(&gus, SECOND, section("Stairs")).await;
        case.does(&ida, FIRST, client("Harbour Trust")).await;
        case.does(&gus, SECOND, client("City\n\"Works\" \\ Ümlaut")).await;
        let kept = checkpointer.keep(at(10)).await.unwrap().unwrap();
        assert_eq!((kept.size, kept.last), (9, ChangeId(9)));
        assert!(checkpointer.keep(at(11)).await.unwrap().is_none(), "nothing has changed");
        let early = case.copy().await;

        case.store.delete_user(gus.id).await.unwrap();
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(12)).await.unwrap();
        let many = work.perform_many(&[FIRST, SECOND], &client("Both")).await.unwrap();
        assert_eq!(many.done.len(), 2);
        work.commit().await.unwrap();
        case.does(&ida, FIRST, Mutation::Remove { target: Target::Photo(PhotoId(4)) }).await;
        case.does(&ida, FIRST, section("Attic")).await;
        case.does(&ida, FIRST, Mutation::RemoveSection { section: SectionId(13) }).await;
        let third = case.create(&ida, "Third").await;
        case.does(&ida, third, Mutation::Remove { target: Target::Inspection }).await;
        // Started anew, it takes up where it was.
        let mut checkpointer = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        let kept = checkpointer.keep(at(20)).await.unwrap().unwrap();
        assert_eq!((kept.size, kept.last), (16, ChangeId(16)));
        let mut again = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        assert!(again.keep(at(21)).await.unwrap().is_none(), "it is there");
        case.does(&ida, FIRST, status(Status::Review, None)).await;
        Self { early, key: again.public_key(), folder }
    }

    fn witness(&self) -> Witness {
        Witness { checkpoints: self.folder.all().unwrap(), key: self.key }
    }
}

async fn verify(case: &Case, witness: &Witness) -> Result<Sound, String> {
    let progress = Arc::new(|_, done, total| assert!(done <= total));
    // As whoever got a copy of the file would.
    let store = Store::open_to_read(&case.url).await.unwrap();
    match store.verify(Some(witness), progress).await {
        Ok(sound) => Ok(sound),
        Err(VerifyError::Wrong(wrong)) => Err(wrong.to_string()),
        Err(failed) => panic!("{failed:?}"),
    }
}

/// A connection that nothing guards against.
async fn unguarded(case: &Case) -> Raw {
    let mut raw = case.raw().await;
    match &mut raw {
        Raw::Sqlite(connection) => {
            let triggers = "select name from sqlite_master where type = 'trigger'";
            let triggers: Vec<String> =
                sqlx::query_scalar(triggers).fetch_all(&mut *connection).await.unwrap();
            for trigger in triggers {
                raw.run(&format!("drop trigger {trigger}")).await.unwrap();
            }
            raw.run("pragma ignore_check_constraints = on; pragma foreign_keys = off")
                .await
                .unwrap();
        }
        Raw::Postgres(_) => {
            raw.run("set session_replication_role = replica").await.unwrap();
            raw.run("alter table changes drop constraint changes_check").await.unwrap();
        }
    }
    raw
}

/// Does something to a copy and answers with what is found.
async fn found_after(case: &Case, witness: &Witness, statements: &[&str]) -> String {
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    for statement in statements {
        raw.run(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    drop(raw);
    let found = verify(&copy, witness).await;
    copy.close().await;
    found.expect_err(&format!("nobody saw {statements:?}"))
}

fn assert_names(found: &str, words: &[&str]) {
    for word in words {
        assert!(found.contains(word), "{word:?} is not in {found:?}");
    }
}

on_both!(an_untouched_record_is_never_complained_of, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    for case in [case, &copy] {
        let sound = verify(case, &world.witness()).await.unwrap();
        assert_eq!((sound.changes, sound.inspections, sound.checkpoints), (17, 3, 2));
        assert_eq!(sound.newest.map(|newest| newest.size), Some(16));
        for (id, changes) in [(FIRST, 11), (SECOND, 4), (InspectionId(15), 2)] {
            assert_eq!(case.store.verify_inspection(id).await.unwrap(), changes);
        }
    }
    world.early.close().await;
    copy.close().await;
});

on_both!(an_empty_database_verifies, |case| {
    let sound = case.store.verify(None, Arc::new(|_, _, _| {})).await.unwrap();
    assert_eq!(sound, Sound::default());
});

on_both!(an_altered_change_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let uuid = if case.is_sqlite() {
        "x'00112233445566778899aabbccddeeff'"
    } else {
        "'00112233-4455-6677-8899-aabbccddeeff'"
    };
    for set in [
        "created_at = created_at + 1",
        "user_id = 3, author_id = 3",
        "user_name = 'Somebody Else'",
        &format!("request_id = {uuid}"),
        "action = 'remove'",
        "fields = '[\"name\"]'",
        "fields = '[]'",
        "related_model = 'inspection.Section:2', related_str = 'Roof'",
        "related_data = '{\"after\":{\"client\":\"Other\"},\"before\":{\"client\":\"\"}}'",
        "related_data = '{\"after\":{\"client\":\"Harbour Trust\"},\"before\":{\"client\":\"\"},\"x\":1}'",
        "number = 70",
        &format!("hash = {}", case.bytes(7)),
    ] {
        let set = format!("update changes set {set} where id = 8");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", "change 8:", "altered"]);
    }
    for (set, words) in [
        ("user_id = 3", "it names user 3, but user 1 is its author"),
        ("user_id = null", "it names no user, but its author, user 1, has an account"),
    ] {
        let set = format!("update changes set {set} where id = 8");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", "change 8:", words]);
    }
    // The first change of an inspection, one of a thing, and the last.
    for id in [1, 2, 17] {
        let set = format!("update changes set created_at = created_at - 1 where id = {id}");
        let found = found_after(case, &witness, &[&set]).await;
        assert_names(&found, &["BI-2026-0001", &format!("change {id}:"), "altered"]);
    }
    let set = "update changes set related_str = 'Loft' where id = 2";
    assert_names(&found_after(case, &witness, &[set]).await, &["change 2:", "altered"]);
    if case.is_sqlite() {
        let twice = "update changes set related_data = '{\"after\":{\"client\":\"Evil\"},\
             \"after\":{\"client\":\"Harbour Trust\"},\"before\":{\"client\":\"\"}}' where id = 8";
        let found = found_after(case, &witness, &[twice]).await;
        assert_names(&found, &["change 8:", "`after` is named twice"]);
    }
    world.early.close().await;
});

on_both!(an_altered_row_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let hash = format!("update inspections set hash = {} where id = 1", case.bytes(3));
    let (no, yes) = if case.is_sqlite() { ("0", "1") } else { ("false", "true") };
    let unremoved = format!("update photos set removed = {no} where id = 4");
    let removed = format!("update inspections set removed = {yes} where id = 1");
    let restored = format!("update inspections set removed = {no} where id = 15");
    let stranger = format!(
        "insert into sections (id, inspection_id, change_id, removed, position, title, condition, \
         notes) values (900, 1, 17, {no}, 2, 'Cellar', 'good', '')"
    );
    let nowhere = stranger.replace("(900, 1,", "(900, 77,");
    for (statement, words) in [
        ("update inspections set name = 'Seaside' where id = 1", "the name is “Seaside”"),
        ("update inspections set address = 'x' where id = 6", "the address is “x”"),
        ("update inspections set building_type = 'x' where id = 1", "the building type is “x”"),
        ("update inspections set client = '' where id = 1", "by its record it is “Both”"),
        ("update inspections set scheduled_on = '2026-01-01' where id = 1", "the scheduled on is"),
        ("update inspections set inspector_id = 3 where id = 1", "the inspector id is 3"),
        ("update inspections set inspector_name = 'I' where id = 1", "the inspector name is “I”"),
        ("update inspections set summary = 'Fine.' where id = 1", "the summary is “Fine.”"),
        ("update inspections set status = 'complete' where id = 1", "the status is “complete”"),
        ("update inspections set reference = 'BI-1' where id = 1", "the reference is “BI-1”"),
        ("update inspections set change_id = 14 where id = 1", "head is change 14"),
        ("update inspections set number = 9 where id = 1", "number 9"),
        (&hash, "head is change 17"),
        (&removed, "the removed is true"),
        (&restored, "the removed is false"),
        ("delete from inspections where id = 1", "the inspection itself was deleted"),
        ("update sections set title = 'Loft' where id = 2", "section 2, the title is “Loft”"),
        ("update sections set condition = 'good' where id = 2", "the condition is “good”"),
        ("update sections set notes = 'n' where id = 2", "the notes is “n”"),
        ("update sections set position = 2 where id = 2", "the position is 2"),
        ("update sections set change_id = 8 where id = 2", "section 2 names change 8 as its last"),
        ("update sections set title = 'x' where id = 13", "section 13, the title is “x”"),
        ("delete from sections where id = 13", "section 13 was deleted"),
        ("update sections set inspection_id = 6 where id = 2", "section 2 was deleted"),
        (&stranger, "a section 900 of it, which no change made"),
        (&nowhere, "a section 900 of it, which no change made"),
        ("update equipment set serial = 's' where id = 3", "equipment 3, the serial is “s”"),
        ("delete from equipment", "equipment 3 was deleted"),
        ("update photos set sha256 = 'ff' where id = 4", "photo 4, the sha256 is “ff”"),
        ("update photos set caption = 'c' where id = 4", "photo 4, the caption is “c”"),
        (&unremoved, "photo 4 is there, but by its record it is removed"),
        ("update inspections set altered_by = 16 where id = 1", "the altered by is 16"),
        ("update reports set sha256 = 'ff'", "report 5, the sha256 is “ff”"),
        ("update reports set shows = 3", "report 5, the shows is 3"),
    ] {
        assert_names(&found_after(case, &witness, &[statement]).await, &[words]);
    }
    world.early.close().await;
});

on_both!(a_record_put_together_otherwise_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let swap = |column: &str, a: i64, b: i64, va: i64, vb: i64| {
        [
            format!("update changes set {column} = -1 where id = {a}"),
            format!("update changes set {column} = {va} where id = {b}"),
            format!("update changes set {column} = {vb} where {column} = -1"),
        ]
    };
    // From the middle.
    let found = found_after(case, &witness, &["delete from changes where id = 8"]).await;
    assert_names(&found, &["BI-2026-0001", "change 10:", "number 6, was deleted"]);
    let found = found_after(case, &witness, &["delete from changes where id in (7, 9)"]).await;
    assert_names(&found, &["BI-2026-0002", "change 11:", "was deleted"]);
    // The first.
    let found = found_after(case, &witness, &["delete from changes where id = 1"]).await;
    assert_names(&found, &["BI-2026-0001", "change 2:", "number 1, was deleted"]);
    // The last of an inspection.
    let found = found_after(case, &witness, &["delete from changes where id = 17"]).await;
    assert_names(&found, &["BI-2026-0001", "its last change, number 11, was deleted"]);
    let found = found_after(case, &witness, &["delete from changes where id >= 13"]).await;
    assert_names(&found, &["its last changes, numbers 9 to 11, were deleted"]);
    // Inserted.
    let copy = |id: i64, of: i64, number: i64| {
        format!(
            "insert into changes (id, inspection_id, created_at, user_id, user_name, request_id, \
             action, fields, related_model, related_str, related_data, author_id, number, hash) \
             select {id}, inspection_id, created_at, user_id, user_name, request_id, action, fields, \
             related_model, related_str, related_data, author_id, {number}, hash \
             from changes where id = {of}"
        )
    };
    let found = found_after(case, &witness, &[&copy(100, 8, 6)]).await;
    assert_names(&found, &["BI-2026-0001", "change 100:", "inserted", "number 6"]);
    let found = found_after(case, &witness, &[&copy(-5, 1, 1)]).await;
    assert_names(&found, &["BI-2026-0001", "change -5:", "inserted"]);
    let found = found_after(case, &witness, &[&copy(100, 17, 12)]).await;
    assert_names(&found, &["BI-2026-0001", "change 100:", "altered or forged"]);
    // Reordered.
    let statements = swap("id", 8, 10, 8, 10);
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let found = found_after(case, &witness, &statements).await;
    assert_names(&found, &["BI-2026-0001", "change 8:", "reordered", "number 7 where 6 belongs"]);
    // Records of two inspections, swapped.
    let found = found_after(
        case,
        &witness,
        &[
            "update changes set inspection_id = 6 where id = 10",
            "update changes set inspection_id = 1 where id = 11",
        ],
    )
    .await;
    assert_names(&found, &["BI-2026-0002", "change 10:", "belongs to the record of inspection 1"]);
    world.early.close().await;
});

on_both!(a_chain_forged_throughout_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    let forged = "update changes set \
         related_data = '{\"after\":{\"client\":\"Bribed Ltd\"},\"before\":{\"client\":\"\"}}' \
         where id = 8";
    raw.run(forged).await.unwrap();
    let before = "update changes set \
         related_data = '{\"after\":{\"client\":\"Both\"},\"before\":{\"client\":\"Bribed Ltd\"}}' \
         where id = 10";
    raw.run(before).await.unwrap();
    rechain(&mut raw, FIRST).await;
    drop(raw);
    let alone = copy.store.verify(None, Arc::new(|_, _, _| {})).await;
    assert!(alone.is_ok(), "without a checkpoint nobody can tell: {alone:?}");
    let found = verify(&copy, &world.witness()).await.unwrap_err();
    let words = ["rewritten", "from 1 to 9", "000000000009.checkpoint", "2 March 2026"];
    assert_names(&found, &words);
    // And nothing is signed on top of it.
    let mut checkpointer = Checkpointer::open(copy.store.clone(), world.folder.clone()).unwrap();
    let refused = checkpointer.keep(at(40)).await.unwrap_err();
    assert_names(&refused.to_string(), &["000000000009.checkpoint", "no longer fits"]);
    copy.close().await;
    world.early.close().await;
});

on_both!(a_cut_end_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    // Cleanly: the inspection that the last but one of the changes are about goes with them.
    let cut = ["delete from changes where id in (15, 16)", "delete from inspections where id = 15"];
    let found = found_after(case, &world.witness(), &cut).await;
    assert_names(&found, &["the checkpoint", "covers"]);
    // An older state as a whole, such as an old backup put back.
    let all = world.witness();
    let found = verify(&world.early, &all).await.unwrap_err();
    let words = ["cut off", "000000000016.checkpoint", "covers 16 changes", "there are 9"];
    assert_names(&found, &words);
    let mut checkpointer =
        Checkpointer::open(world.early.store.clone(), world.folder.clone()).unwrap();
    assert!(checkpointer.keep(at(40)).await.is_err(), "nothing is signed on top of it");
    // With the old checkpoint in the place of the new one.
    let [old, new] = all.checkpoints.as_slice() else { panic!("{all:?}") };
    let replayed = Kept { text: old.text.clone(), ..new.clone() };
    let witness = Witness { checkpoints: vec![old.clone(), replayed], key: all.key };
    let found = verify(&world.early, &witness).await.unwrap_err();
    assert_names(&found, &["000000000016.checkpoint", "put in the place of another"]);
    // Whoever kept a copy of the new one sees it whatever the folder holds.
    let auditor = Witness { checkpoints: vec![new.clone()], key: all.key };
    let found = verify(&world.early, &auditor).await.unwrap_err();
    assert_names(&found, &["cut off"]);
    let honest = Witness { checkpoints: vec![old.clone()], key: all.key };
    assert!(verify(&world.early, &honest).await.is_ok());
    world.early.close().await;
});

on_both!(a_checkpoint_that_is_not_ours_is_found, |case| {
    let world = World::new(case).await;
    let Witness { checkpoints, key } = world.witness();
    let elsewhere = CheckpointFolder::at(case.folder.path().join("elsewhere"));
    let mut theirs = Checkpointer::open(case.store.clone(), elsewhere.clone()).unwrap();
    theirs.keep(at(30)).await.unwrap().unwrap();
    let witness = Witness { checkpoints: elsewhere.all().unwrap(), key };
    let found = verify(case, &witness).await.unwrap_err();
    assert_names(&found, &["signed with another key", &theirs.public_key().id(), &key.id()]);

    let damaged = |change: &dyn Fn(&str) -> String| {
        let mut checkpoints = checkpoints.clone();
        checkpoints[0].text = change(&checkpoints[0].text);
        Witness { checkpoints, key }
    };
    for (witness, words) in [
        (damaged(&|text| text[..100].into()), "is damaged: it has no signature"),
        (damaged(&|text| text.replace("size 9", "size x")), "`size` cannot be read"),
        (damaged(&|text| text.replace("size 9", "size 8")), "its signature does not fit"),
        (damaged(&|text| text.replace("root", "loot")), "`root` is missing"),
        (damaged(&|_| String::new()), "is damaged"),
    ] {
        let found = verify(case, &witness).await.unwrap_err();
        assert_names(&found, &["000000000009.checkpoint", words]);
    }
    world.early.close().await;
});

#[tokio::test]
async fn verifying_a_file_writes_nothing() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copied.db");
    let copy = format!("vacuum into '{}'", file.display());
    case.raw().await.run(&copy).await.unwrap();
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let before = fs::read(&file).unwrap();
    let store = Store::open_to_read(&format!("sqlite://{}", file.display())).await.unwrap();
    store.verify(Some(&world.witness()), Arc::new(|_, _, _| {})).await.unwrap();
    drop(store);
    assert!(fs::read(&file).unwrap() == before);
    assert_eq!(names(folder.path()), ["copied.db"]);
    let missing = format!("sqlite://{}", folder.path().join("none.db").display());
    assert!(Store::open_to_read(&missing).await.is_err());
    assert_eq!(names(folder.path()), ["copied.db"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

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
        let witness =
            Witness { checkpoints: folder.all().unwrap(), key: checkpointer.public_key() };
        let verified = case.store.verify(Some(&witness), Arc::new(|_, _, _| {})).await;
        assert!(verified.is_ok(), "{verified:?}");
        case.store.verify_inspection(id).await.unwrap();
        if writer.is_finished() {
            break;
        }
    }
    writer.await.unwrap();
});

/// The changes as the values that are hashed, in their order, without the inspection.
macro_rules! all_of {
    ($connection:expr, $select:expr) => {{
        let select = sqlx::AssertSqlSafe($select.clone());
        let rows = sqlx::query(select).fetch_all(&mut *$connection).await.unwrap();
        rows.iter()
            .map(|row| {
                let json = |at: usize| -> serde_json::Value {
                    serde_json::from_str(&row.get::<String, _>(at)).unwrap()
                };
                let id: i64 = row.get(0);
                let values = vec![
                    row.get::<i64, _>(1).into(),
                    id.into(),
                    row.get::<i64, _>(2).into(),
                    row.get::<i64, _>(3).into(),
                    row.get::<String, _>(4).into(),
                    row.get::<Uuid, _>(5).to_string().into(),
                    row.get::<String, _>(6).into(),
                    json(7),
                    row.get::<Option<String>, _>(8).into(),
                    row.get::<Option<String>, _>(9).into(),
                    json(10),
                ];
                (id, values)
            })
            .collect()
    }};
}

/// Gives all changes of an inspection the hashes that follow from what they say, and its head that of
/// the last: as the documentation says, and without any code of the store's.
async fn rechain(raw: &mut Raw, id: InspectionId) {
    let select = format!(
        "select id, cast(number as bigint), created_at, author_id, user_name, request_id, action, \
         cast(fields as text), related_model, related_str, cast(related_data as text) \
         from changes where inspection_id = {id} order by id"
    );
    let mut previous: Option<String> = None;
    let texts: Vec<(i64, Vec<serde_json::Value>)> = match raw {
        Raw::Sqlite(connection) => all_of!(connection, &select),
        Raw::Postgres(connection) => all_of!(connection, &select),
    };
    for (change, values) in texts {
        let mut array = vec![serde_json::json!(previous)];
        array.extend(values);
        array.insert(3, serde_json::json!(id));
        let text = format!("plumbline change 1\n{}", serde_json::to_string(&array).unwrap());
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = match raw {
            Raw::Sqlite(_) => format!("x'{hash}'"),
            Raw::Postgres(_) => format!("'\\x{hash}'::bytea"),
        };
        for statement in [
            format!("update changes set hash = {bytes} where id = {change}"),
            format!("update inspections set hash = {bytes} where id = {id}"),
        ] {
            raw.run(&statement).await.unwrap();
        }
        previous = Some(hash);
    }
}
