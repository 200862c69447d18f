//! Verifying, as an auditor does; and the checkpoints that a running server leaves.

use crate::support::World;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A running server, ended with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(world: &World) -> Served {
    let site = world.path("site");
    fs::create_dir_all(&site).unwrap();
    fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let mut command = world.plumbline();
    command.args(["serve", "--addr", "127.0.0.1:0", "--site"]).arg(site);
    Served(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn checkpoints(world: &World) -> Vec<String> {
    let Ok(entries) = fs::read_dir(world.path("checkpoints")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".checkpoint")).collect();
    names.sort();
    names
}

/// Waits, for as long as is promised, until there is a checkpoint of so many changes.
async fn wait_for(world: &World, size: usize) {
    let begun = Instant::now();
    let name = format!("{size:012}.checkpoint");
    while !checkpoints(world).contains(&name) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", checkpoints(world));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_server_leaves_checkpoints_and_verify_holds_the_record_to_them() {
    let world = World::new().await;
    assert!(world.succeeds(&["verify"]).contains("There is no checkpoint"));
    let mut served = serve(&world);
    wait_for(&world, 5).await;
    world.rename("Seaside House").await;
    wait_for(&world, 6).await;
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("6 changes of 3 inspections"), "{said}");
    assert!(said.contains("It fits 2 checkpoints."), "{said}");

    // What came last is covered when it stops.
    world.rename("Hillside House").await;
    let asked = Command::new("kill").arg(served.0.id().to_string()).status().unwrap();
    assert!(asked.success() && served.0.wait().unwrap().success());
    assert_eq!(checkpoints(&world).last().unwrap(), "000000000007.checkpoint");

    // A copy elsewhere, and the key by itself.
    let kept = world.path("kept-by-the-auditor.txt");
    fs::copy(world.path("checkpoints/000000000007.checkpoint"), &kept).unwrap();
    let key = fs::read_to_string(world.path("checkpoints/key.pub")).unwrap();
    fs::remove_dir_all(world.path("checkpoints")).unwrap();
    let kept = kept.to_str().unwrap();
    let said = world.fails(&["verify", "--checkpoint", kept]);
    assert!(said.contains("give --key"), "{said}");
    let said = world.succeeds(&["verify", "--checkpoint", kept, "--key", key.trim()]);
    assert!(said.contains("It fits 1 checkpoint."), "{said}");
    let said = world.fails(&["verify", "--checkpoint", kept, "--key", &"5e".repeat(32)]);
    assert!(said.contains("another key") || said.contains("cannot be used"), "{said}");
}

#[tokio::test]
async fn a_report_is_told_from_what_is_none_and_from_what_is_old() {
    let world = World::new().await;
    let id = world.ids[0];
    let clock = store::Clock::system();
    let made = app::reports::make(&world.store, clock, &world.admin, (id, None), Uuid::now_v7());
    made.await.unwrap();
    let inspection = world.store.inspection(id).await.unwrap().unwrap();
    let report = inspection.reports[0].clone();
    let bytes = world.store.objects().get(&store::keys::report(&report.sha256)).await.unwrap();
    let bytes = bytes.unwrap();
    let hash = world.store.change_hash(report.shows).await.unwrap().unwrap();
    let hash = store::keys::hex(&hash);
    assert!(has(&bytes, &hash), "the file's metadata names the hash of the change it shows");
    let file = world.path("a report.pdf");
    fs::write(&file, &bytes).unwrap();
    let verify = |file: &Path| world.succeeds(&["verify", file.to_str().unwrap()]);

    let said = verify(&file);
    assert!(said.contains("is one of our reports"), "{said}");
    assert!(said.contains(&hash) && said.contains("It is current"), "{said}");
    world.rename("Seaside House").await;
    assert!(verify(&file).contains("It is out of date: change 7 was the last"));

    let mut altered = bytes.to_vec();
    altered.push(b'\n');
    fs::write(&file, altered).unwrap();
    let said = world.fails(&["verify", file.to_str().unwrap()]);
    assert!(said.contains("is not one of our reports"), "{said}");
}

/// Whether some words stand somewhere in a file.
fn has(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}
