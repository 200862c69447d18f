//! Test of a clock that was ahead for two days: the server warns, and the gap is accepted once.

use crate::{support::on_both, world::World};
use chrono::TimeDelta;
use domain::{
    change::Mutation,
    inspection::{Field, Target, Value, Values},
};
use std::{
    fs::{self, File},
    process::Stdio,
    time::{Duration, Instant},
};
use store::{CheckpointFolder, Checkpointer, Clock};
use uuid::Uuid;

/// Returns the output of a server until it warns of the clock.
fn warned(world: &World<'_>) -> String {
    let site = world.path("site");
    fs::create_dir_all(&site).unwrap();
    fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let log = world.path("log.txt");
    let mut command = world.plumbline();
    command.env("RUST_LOG", "warn").args(["serve", "--addr", "127.0.0.1:0", "--site"]).arg(site);
    command.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
    let mut served = command.spawn().unwrap();
    let begun = Instant::now();
    let said = loop {
        let said = fs::read_to_string(&log).unwrap();
        if said.contains("accept-clock") || begun.elapsed() > Duration::from_secs(20) {
            break said;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    served.kill().unwrap();
    served.wait().unwrap();
    said
}

on_both!(a_clock_that_was_ahead_is_warned_of_and_accepted, |case| {
    let world = World::new(case).await;
    let said = world.fails(&["accept-clock", "--reason", "No reason"]);
    assert!(said.contains("nothing to accept"), "{said}");

    let wrong = Clock::system().now() + TimeDelta::days(2);
    let mut work = world.store.begin(&world.admin, Uuid::now_v7(), wrong).await.unwrap();
    let values = Values::new().with(Field::Name, Value::text("In two days"));
    let edit = Mutation::Edit { target: Target::Inspection, values };
    work.perform(world.ids[0], None, edit).await.unwrap().unwrap();
    work.commit().await.unwrap();
    let folder = CheckpointFolder::at(world.path("checkpoints"));
    let mut checkpointer = Checkpointer::open(world.store.clone(), folder).unwrap();
    checkpointer.keep(wrong).await.unwrap().unwrap();
    world.rename("Today").await;

    let said = warned(&world);
    assert!(said.contains("accept-clock"), "{said}");
    let said = world.fails(&["verify"]);
    assert!(said.contains("backdated"), "{said}");
    let said = world.fails(&["accept-clock", "--reason", " "]);
    assert!(said.contains("one line"), "{said}");
    let said = world.succeeds(&["accept-clock", "--reason", "The clock was two days ahead"]);
    assert!(said.contains(".clock"), "{said}");
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("The clock was two days ahead"), "{said}");

    // A backup includes the accepted gap, and is restored with it.
    let backup = world.path("backup");
    let backup = backup.to_str().unwrap();
    world.succeeds(&["backup", backup]);
    if case.is_sqlite() {
        let database = format!("sqlite://{}", world.path("restored/restored.db").display());
        let (objects, checkpoints) = (world.path("restored/objects"), world.path("restored/none"));
        let said = world.succeeds(&[
            "restore",
            backup,
            "--database-url",
            &database,
            "--objects",
            objects.to_str().unwrap(),
            "--checkpoints",
            checkpoints.to_str().unwrap(),
        ]);
        assert!(said.contains("which verify"), "{said}");
    } else {
        assert!(fs::read_to_string(world.path("backup/manifest.json")).unwrap().contains(".clock"));
    }
});
