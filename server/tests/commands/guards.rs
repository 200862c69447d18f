//! Tests of a database without its guards: `verify` names them, `serve` refuses to start, and
//! `migrate` restores them.

use crate::{support::on_both, world::World};
use std::{fs, time::Duration};

on_both!(a_database_without_its_guards_is_not_served, |case| {
    let world = World::new(case).await;
    let (drop, guard) = match case.is_sqlite() {
        true => ("drop trigger changes_update", "the trigger changes_update on changes is missing"),
        false => (
            "alter table changes disable trigger guard_update",
            "the trigger guard_update on changes is disabled",
        ),
    };
    case.raw().await.run(drop).await.unwrap();
    let said = world.fails(&["verify"]);
    assert!(said.contains("not guarded") && said.contains(guard), "{said}");

    let site = world.path("site");
    fs::create_dir_all(&site).unwrap();
    fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let serve = ["serve", "--addr", "127.0.0.1:0", "--site", site.to_str().unwrap()];
    let said = world.fails(&serve);
    assert!(said.contains(guard), "{said}");
    assert!(said.contains("plumbline migrate --restore-guards"), "{said}");

    let said = world.succeeds(&["migrate", "--restore-guards"]);
    assert!(said.contains(&format!("Put back: {guard}.")), "{said}");
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("The record verifies"), "{said}");
    let said = world.succeeds(&["migrate", "--restore-guards"]);
    assert!(said.contains("Every trigger and function is as it should be."), "{said}");
});

on_both!(a_stray_file_is_named_once_it_is_old, |case| {
    let world = World::new(case).await;
    let photos = world.path("objects/photos");
    fs::create_dir_all(&photos).unwrap();
    let (old, new) = (photos.join("5eed"), photos.join("50f7"));
    fs::write(&new, "an upload in progress").unwrap();
    fs::write(&old, "left behind").unwrap();
    let now = fs::metadata(&old).unwrap().modified().unwrap();
    let yesterday = now - Duration::from_secs(25 * 3_600);
    fs::File::options().append(true).open(&old).unwrap().set_modified(yesterday).unwrap();
    let said = world.succeeds(&["verify", "--files"]);
    assert!(said.contains("1 file is more than a day old"), "{said}");
    assert!(said.contains("photos/5eed  11 bytes") && !said.contains("50f7"), "{said}");
    fs::remove_file(old).unwrap();
    let said = world.succeeds(&["verify", "--files"]);
    assert!(!said.contains("more than a day old"), "{said}");
});
