//! Tests of verification by an auditor, and of the checkpoints of a running server.

use crate::{
    support::{at, on_both},
    tamper::unguarded,
    world::World,
};
use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use store::{CheckpointFolder, Checkpointer};

/// A running server, killed when the test ends.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(world: &World<'_>) -> Served {
    let site = world.path("site");
    fs::create_dir_all(&site).unwrap();
    fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let mut command = world.plumbline();
    command.args(["serve", "--addr", "127.0.0.1:0", "--site"]).arg(site);
    Served(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn checkpoints(world: &World<'_>) -> Vec<String> {
    let Ok(entries) = fs::read_dir(world.path("checkpoints")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".checkpoint")).collect();
    names.sort();
    names
}

/// Waits until there is a checkpoint of this many changes, within the promised time.
async fn wait_for(world: &World<'_>, size: usize) {
    let begun = Instant::now();
    let name = format!("{size:012}.checkpoint");
    while !checkpoints(world).contains(&name) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", checkpoints(world));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

on_both!(a_server_leaves_checkpoints_and_verify_holds_the_record_to_them, |case| {
    let world = World::new(case).await;
    assert!(world.succeeds(&["verify"]).contains("There is no checkpoint"));
    let mut served = serve(&world);
    wait_for(&world, 5).await;
    world.rename("Seaside House").await;
    wait_for(&world, 6).await;
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("6 changes of 3 inspections"), "{said}");
    assert!(said.contains("It fits 2 checkpoints."), "{said}");

    // The latest changes are covered when it stops.
    world.rename("Hillside House").await;
    let asked = Command::new("kill").arg(served.0.id().to_string()).status().unwrap();
    assert!(asked.success() && served.0.wait().unwrap().success());
    assert_eq!(checkpoints(&world).last().unwrap(), "000000000007.checkpoint");

    // A copy in another place, and the key alone.
    let kept = world.path("kept-by-the-auditor.txt");
    fs::copy(world.path("checkpoints/000000000007.checkpoint"), &kept).unwrap();
    let key = fs::read_to_string(world.path("checkpoints/key.pub")).unwrap();
    let kept = kept.to_str().unwrap();
    let there = checkpoints(&world).len();
    let said = world.succeeds(&["verify", "--checkpoint", kept]);
    assert!(said.contains(&format!("It fits {there} checkpoints.")), "{said}");
    fs::remove_dir_all(world.path("checkpoints")).unwrap();
    let said = world.fails(&["verify", "--checkpoint", kept]);
    assert!(said.contains("give --key"), "{said}");
    let said = world.succeeds(&["verify", "--checkpoint", kept, "--key", key.trim()]);
    assert!(said.contains("It fits 1 checkpoint."), "{said}");
    let said = world.fails(&["verify", "--checkpoint", kept, "--key", &"5e".repeat(32)]);
    assert!(said.contains("another key") || said.contains("cannot be used"), "{said}");
});

on_both!(it_says_what_is_wrong_and_how_far_it_is, |case| {
    let world = World::new(case).await;
    let said = String::from_utf8(world.run(&["verify"]).stderr).unwrap();
    for step in ["Following the chain: ", "Holding the tables against the record: "] {
        let is_reported =
            said.lines().any(|line| line.starts_with(step) && line.ends_with(" of 5 changes"));
        assert!(is_reported, "{step:?} is not in {said}");
    }
    let mut raw = unguarded(case).await;
    raw.run("update changes set user_name = 'Eve' where id = 2").await.unwrap();
    drop(raw);
    let said = world.fails(&["verify"]);
    assert!(said.contains("the record does not verify. BI-"), "{said}");
    assert!(said.contains("change 2: the change was altered or forged"), "{said}");
});

on_both!(checkpoints_and_the_key_may_be_anywhere, |case| {
    let world = World::new(case).await;
    let folder = CheckpointFolder::at(world.path("elsewhere"));
    let mut checkpointer = Checkpointer::open(world.store.clone(), folder).unwrap();
    checkpointer.keep(at(0)).await.unwrap().unwrap();
    world.rename("Seaside House").await;
    checkpointer.keep(at(1)).await.unwrap().unwrap();
    let file = |name: &str| world.path("elsewhere").join(name).to_str().unwrap().to_owned();
    let (first, second) = (file("000000000005.checkpoint"), file("000000000006.checkpoint"));
    let key = file("key.pub");
    let both = ["verify", "--checkpoint", &first, "--checkpoint", &second, "--key", &key];
    let said = world.succeeds(&both);
    assert!(said.contains("It fits 2 checkpoints."), "{said}");
    assert!(said.contains("covers the first 6 changes"), "{said}");
    fs::write(&key, "not a key").unwrap();
    let said = world.fails(&both);
    assert!(said.contains("a public key is one line such as"), "{said}");
});

on_both!(a_proof_is_printed_and_needs_no_database, |case| {
    let world = World::new(case).await;
    let said = world.fails(&["verify", "--prove", "2"]);
    assert!(said.contains("there is no checkpoint"), "{said}");
    let folder = CheckpointFolder::at(world.path("checkpoints"));
    let mut checkpointer = Checkpointer::open(world.store.clone(), folder).unwrap();
    checkpointer.keep(at(0)).await.unwrap().unwrap();
    let proof = world.succeeds(&["verify", "--prove", "2"]);
    let file = world.path("proof.txt");
    fs::write(&file, &proof).unwrap();
    world.rename("Seaside House").await;
    let said = world.fails(&["verify", "--prove", "6"]);
    assert!(said.contains("no checkpoint covers change 6 yet"), "{said}");
    let said = world.fails(&["verify", "--prove", "60"]);
    assert!(said.contains("there is no change 60"), "{said}");

    // The auditor has no database, and knows only the key.
    let key = checkpointer.public_key().to_string();
    let check = |key: &str| {
        let mut command = world.plumbline();
        command.env("DATABASE_URL", "sqlite:///nowhere/none.db");
        command.env("PLUMBLINE_CHECKPOINTS", world.path("nowhere"));
        command.arg("verify").arg(&file).args(["--key", key]).output().unwrap()
    };
    let output = check(&key);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("among the first 5 changes"), "{said}");
    fs::write(&file, proof.replace("index 1", "index 0")).unwrap();
    let output = check(&key);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("does not hold"), "{said}");
});
