//! Tests of backups while the database is in use, and of restoring them elsewhere.

use crate::{support::Case, world::World};
use bytes::Bytes;
use domain::{change::Mutation, inspection::Photo};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::Instant,
};
use store::{
    CheckpointFolder, Checkpointer, Clock, Store,
    keys::{self, PhotoSize},
};

/// Attaches and stores a photo of these bytes, and returns its hash.
async fn attach(world: &World<'_>, bytes: &'static [u8]) -> String {
    let sha256 = keys::sha256(bytes);
    for size in PhotoSize::ALL {
        let key = keys::photo(&sha256, size);
        world.store.objects().put(&key, Bytes::from_static(bytes)).await.unwrap();
    }
    let photo = Photo {
        name: "roof.jpg".into(),
        sha256: sha256.clone(),
        media_type: "image/jpeg".into(),
        bytes: 4,
        width: 2,
        height: 2,
        ..Photo::default()
    };
    world.perform(world.ids[0], Mutation::AddPhoto { photo }).await;
    sha256
}

/// Signs a checkpoint like a running server.
async fn sign(world: &World<'_>) {
    let folder = CheckpointFolder::at(world.path("checkpoints"));
    let mut checkpointer = Checkpointer::open(world.store.clone(), folder).unwrap();
    checkpointer.keep(Clock::system().now()).await.unwrap().unwrap();
}

/// Returns the manifest of the backup in that folder.
fn manifest_of(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Returns the path of the database copy named in the manifest.
fn database_in(folder: &Path) -> PathBuf {
    folder.join(manifest_of(folder)["database"]["file"].as_str().unwrap())
}

/// Options that point to another location.
struct Elsewhere([String; 6]);

impl Elsewhere {
    fn new(folder: &Path) -> Self {
        let path = |name: &str| folder.join(name).display().to_string();
        Self([
            "--database-url".into(),
            format!("sqlite://{}", path("plumbline.db")),
            "--objects".into(),
            path("objects"),
            "--checkpoints".into(),
            path("checkpoints"),
        ])
    }

    fn and<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        self.0.iter().map(String::as_str).chain(args.iter().copied()).collect()
    }

    async fn store(&self) -> Store {
        Store::open(&self.0[1], &self.0[3]).await.unwrap()
    }
}

#[tokio::test]
async fn all_of_it_comes_back_elsewhere() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let photo = attach(&world, b"roof").await;
    world.report(world.ids[0]).await;
    sign(&world).await;
    let folder = world.path("backup");
    let back_up = ["backup", folder.to_str().unwrap()];
    let said = world.succeeds(&back_up);
    assert!(said.contains("the database, 4 files copied, 0 were there, 1 checkpoints."), "{said}");
    assert!(!folder.join("checkpoints/key").exists(), "the key that signs stays where it is");

    // A second backup has the later data, and copies no file twice.
    attach(&world, b"door").await;
    sign(&world).await;
    let said = world.succeeds(&back_up);
    assert!(said.contains("3 files copied, 4 were there, 2 checkpoints."), "{said}");
    world.rename("After the backup").await;

    let place = world.path("elsewhere");
    let elsewhere = Elsewhere::new(&place);
    let restore = elsewhere.and(&["restore", folder.to_str().unwrap()]);
    let said = world.succeeds(&restore);
    for words in
        ["8 changes of 3 inspections, which verify", "7 files copied", "It fits 2 checkpoints"]
    {
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
    let restored = elsewhere.store().await;
    let inspection = restored.inspection(world.ids[0]).await.unwrap().unwrap();
    assert_eq!((inspection.name.as_str(), inspection.photos.len()), ("Riverside House", 2));
    let key = keys::photo(&photo, PhotoSize::Small);
    assert_eq!(restored.objects().get(&key).await.unwrap().unwrap(), "roof");
    assert_eq!(restored.users().await.unwrap(), world.store.users().await.unwrap());
    assert!(world.succeeds(&elsewhere.and(&["verify"])).contains("The record verifies"));

    // A restore never overwrites anything.
    let said = world.fails(&restore);
    assert!(said.contains("is there already, and a restore never overwrites"), "{said}");
}

#[tokio::test]
async fn a_backup_that_is_not_what_it_was_is_not_restored() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    sign(&world).await;
    let folder = world.path("backup");
    let back_up = ["backup", folder.to_str().unwrap()];
    world.succeeds(&back_up);
    let place = world.path("elsewhere");
    let elsewhere = Elsewhere::new(&place);
    let restore = elsewhere.and(&["restore", folder.to_str().unwrap()]);

    // One bit is flipped.
    let database = database_in(&folder);
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, &bytes).unwrap();
    assert!(world.fails(&restore).contains("is damaged"), "a bit is noticed");

    // The end of the record is cut off, and the manifest is written again.
    world.succeeds(&back_up);
    let whole = fs::read(folder.join("checkpoints").join("000000000005.checkpoint")).unwrap();
    let one_more = Case::sqlite().await;
    let shorter = World::new(&one_more).await;
    let copy = shorter.path("backup");
    shorter.succeeds(&["backup", copy.to_str().unwrap()]);
    fs::copy(database_in(&copy), &database).unwrap();
    fs::write(folder.join("checkpoints").join("000000000005.checkpoint"), whole).unwrap();
    let hash = keys::hex(Sha256::digest(fs::read(&database).unwrap()));
    let manifest = folder.join("manifest.json");
    let mut said = manifest_of(&folder);
    said["database"]["sha256"] = hash.into();
    fs::write(&manifest, said.to_string()).unwrap();
    let said = world.fails(&restore);
    assert!(
        said.contains("nothing was restored: the record in the backup does not verify"),
        "{said}"
    );
    assert!(!place.join("plumbline.db").exists());

    fs::remove_file(&manifest).unwrap();
    assert!(world.fails(&restore).contains("holds no whole backup"));
}

/// Backups to one folder are killed at many moments, from the start to after the end. After each,
/// the folder restores to the last complete backup or to the interrupted one, and nothing in
/// between.
#[tokio::test]
async fn a_backup_that_is_killed_leaves_the_one_before_it() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    attach(&world, b"roof").await;
    sign(&world).await;
    let folder = world.path("backup");
    let back_up = ["backup", folder.to_str().unwrap()];
    let started = Instant::now();
    world.succeeds(&back_up);
    let whole = started.elapsed();
    let complete = |round: usize| format!("Name {round}");
    let mut last = "Riverside House".to_owned();
    let (mut killed, rounds) = (0, 24);
    for round in 0..rounds {
        let name = complete(round);
        world.rename(&name).await;
        sign(&world).await;
        let mut command = world.plumbline();
        command.args(back_up).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(whole.mul_f64(1.2 * f64::from(u32::try_from(round).unwrap()) / rounds as f64));
        child.kill().unwrap();
        let finished = child.wait().unwrap().success();
        killed += usize::from(!finished);

        let place = world.path(&format!("elsewhere-{round}"));
        let elsewhere = Elsewhere::new(&place);
        world.succeeds(&elsewhere.and(&["restore", folder.to_str().unwrap()]));
        let restored = elsewhere.store().await.inspection(world.ids[0]).await.unwrap().unwrap();
        assert!(restored.name == name || (!finished && restored.name == last), "round {round}");
        last = restored.name;
    }
    assert!(killed > 3, "only {killed} of {rounds} were cut off");
    world.succeeds(&back_up);
    let copies = fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".db"));
    assert_eq!(copies.count(), 1, "copies that no manifest names are removed");
}

/// Two concurrent backups to one folder.
#[tokio::test]
async fn a_folder_takes_one_backup_at_a_time() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let folder = world.path("backup");
    fs::create_dir(&folder).unwrap();
    let lock = fs::File::create(folder.join("backup.lock")).unwrap();
    lock.lock().unwrap();
    let said = world.fails(&["backup", folder.to_str().unwrap()]);
    assert!(said.contains("another backup to"), "{said}");
    drop(lock);
    world.succeeds(&["backup", folder.to_str().unwrap()]);
}

#[tokio::test]
async fn what_is_lost_is_named_and_the_rest_is_kept() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let lost = attach(&world, b"roof").await;
    attach(&world, b"door").await;
    let key = keys::photo(&lost, PhotoSize::Original);
    fs::write(world.path("objects").join(&key), "something else").unwrap();
    let folder = world.path("backup");
    let said = world.fails(&["backup", folder.to_str().unwrap()]);
    assert!(said.contains("everything else is backed up") && said.contains(&key), "{said}");

    let place = world.path("elsewhere");
    let elsewhere = Elsewhere::new(&place);
    let said = world.fails(&elsewhere.and(&["restore", folder.to_str().unwrap()]));
    assert!(said.contains("everything else is restored") && said.contains(&key), "{said}");
    let restored = elsewhere.store().await;
    assert_eq!(restored.inspection(world.ids[0]).await.unwrap().unwrap().photos.len(), 2);
    assert!(!restored.objects().exists(&key).await.unwrap());
}

#[tokio::test]
async fn nothing_is_mixed_and_nothing_is_made_up() {
    let (case, another) = (Case::sqlite().await, Case::sqlite().await);
    let (world, other) = (World::new(&case).await, World::new(&another).await);
    sign(&world).await;
    sign(&other).await;
    let folder = world.path("backup");
    world.succeeds(&["backup", folder.to_str().unwrap()]);
    let before = fs::read(database_in(&folder)).unwrap();
    let said = other.fails(&["backup", folder.to_str().unwrap()]);
    assert!(said.contains("holds the backup of another database"), "{said}");
    assert_eq!(fs::read(database_in(&folder)).unwrap(), before);

    let nowhere = Elsewhere::new(&world.path("nowhere"));
    let said = world.fails(&nowhere.and(&["backup", world.path("none").to_str().unwrap()]));
    assert!(said.contains("There is no database at"), "{said}");
    assert!(!world.path("none/manifest.json").exists());
}

#[tokio::test]
async fn help_says_what_each_is_for() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let help = world.succeeds(&["--help"]);
    for command in ["export", "backup", "restore"] {
        assert!(help.contains(command), "{help}");
        let own = world.succeeds(&[command, "--help"]);
        assert!(own.contains("DATABASE_URL") && own.contains("PLUMBLINE_OBJECTS"), "{own}");
    }
}
