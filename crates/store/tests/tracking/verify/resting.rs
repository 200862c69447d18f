//! Tests that read-only access writes nothing to the file or beside it.

use super::*;
use std::{fs, path::Path};

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
    store.verify(Some(&world.witness()), quietly()).await.unwrap();
    drop(store);
    assert!(fs::read(&file).unwrap() == before);
    assert_eq!(names(folder.path()), ["copied.db"]);
    let missing = format!("sqlite://{}", folder.path().join("none.db").display());
    assert!(Store::open_to_read(&missing).await.is_err());
    assert_eq!(names(folder.path()), ["copied.db"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Returns the names and contents of the files in a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| {
        let bytes = fs::read(folder.join(&name)).unwrap();
        (name, bytes)
    };
    names(folder).into_iter().map(read).collect()
}

#[tokio::test]
async fn a_file_copied_with_its_log_is_left_as_it_is() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let folder = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        let from = case.folder.path().join(format!("data/test.db{end}"));
        fs::copy(from, folder.path().join(format!("copied.db{end}"))).unwrap();
    }
    let before = contents(folder.path());
    assert!(!before["copied.db-wal"].is_empty(), "what was done last stands in the log alone");
    let url = format!("sqlite://{}", folder.path().join("copied.db").display());
    let store = Store::open_to_read(&url).await.unwrap();
    let sound = store.verify(Some(&world.witness()), quietly()).await.unwrap();
    assert_eq!(sound.changes, 17);
    drop(store);
    assert!(contents(folder.path()) == before, "{:?}", names(folder.path()));
}

#[tokio::test]
async fn a_file_in_use_is_read_beside_the_server() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let folder = case.folder.path().join("data");
    let before = contents(&folder);
    let all = "the database, its log, the index of that, and the file that is locked to set it up";
    assert_eq!(before.len(), 4, "{all}");
    let store = Store::open_to_read(&case.url).await.unwrap();
    // A process that has it open continues to write.
    case.does(&world.ada, SECOND, section("Porch")).await;
    let sound = store.verify(Some(&world.witness()), quietly()).await.unwrap();
    assert_eq!(sound.changes, 18);
    drop(store);
    assert_eq!(contents(&folder).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_file_taken_into_use_while_it_is_read_is_not_complained_of() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let copy = case.copy().await;
    let file = copy.folder.path().join("alone.db");
    copy.raw().await.run(&format!("vacuum into '{}'", file.display())).await.unwrap();
    let url = format!("sqlite://{}", file.display());
    let store = Store::open_to_read(&url).await.unwrap();
    // From now on a read could mix two states.
    let objects = copy.folder.path().join("objects");
    let server = Store::open(&url, objects.to_str().unwrap()).await.unwrap();
    let mut work = server.begin(&world.ada, Uuid::now_v7(), at(50)).await.unwrap();
    work.perform(SECOND, None, section("Porch")).await.unwrap();
    work.commit().await.unwrap();
    let mut raw = Raw::Sqlite(open(&url).await);
    raw.run("pragma foreign_keys = off; drop trigger changes_update").await.unwrap();
    raw.run("update changes set created_at = 1 where id = 3").await.unwrap();
    raw.run("pragma wal_checkpoint(truncate)").await.unwrap();
    match store.verify(Some(&world.witness()), quietly()).await {
        Err(VerifyError::Failed(failed)) => {
            assert_names(&failed.to_string(), &["taken into use", "Verify it again"]);
        }
        other => panic!("{other:?}"),
    }
    assert!(store.verify_inspection(FIRST).await.is_err());
    // A new reader sees the present state.
    let again = Store::open_to_read(&url).await.unwrap();
    let found = again.verify(None, quietly()).await;
    assert!(matches!(found, Err(VerifyError::Wrong(_))), "{found:?}");
    copy.close().await;
}

async fn open(url: &str) -> sqlx_sqlite::SqliteConnection {
    sqlx::ConnectOptions::connect(&store::sqlite_options(url).unwrap()).await.unwrap()
}
