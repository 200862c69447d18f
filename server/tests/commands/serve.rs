//! Tests of the cases in which `plumbline serve` refuses to start.

use crate::{
    support::{Case, on_both},
    world::World,
};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};
use store::{SetupLock, Store};

/// Starts several processes at the same time on a database that none has opened before.
fn at_once(how_many: usize, case: &Case, url: &str, args: &[&str]) -> Vec<Child> {
    let start = |_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
        command
            .env("DATABASE_URL", url)
            .env("PLUMBLINE_OBJECTS", case.folder.path().join("objects"))
            .env("PLUMBLINE_CHECKPOINTS", case.folder.path().join("checkpoints"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    (0..how_many).map(start).collect()
}

/// Makes a folder that passes for the site's files.
pub(crate) fn site(folder: &Path) -> String {
    fs::create_dir(folder).unwrap();
    fs::write(folder.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    folder.to_str().unwrap().to_owned()
}

/// Reads the output of a process up to the line that begins with these words.
pub(crate) fn said_until(process: &mut Child, words: &str) -> String {
    let mut said = String::new();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let found = lines.any(|line| {
        said.push_str(&line);
        said.push('\n');
        line.starts_with(words)
    });
    if !found {
        process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    }
    assert!(found, "{said}");
    said
}

#[tokio::test]
async fn of_several_that_start_on_an_empty_file_one_migrates() {
    let case = Case::sqlite().await;
    for round in 0..4 {
        let file = case.folder.path().join(format!("new/{round}.db"));
        let url = format!("sqlite://{}", file.display());
        for child in at_once(5, &case, &url, &["migrate"]) {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
    }
}

#[tokio::test]
async fn of_two_that_start_with_the_demo_on_an_empty_file_one_fills_it() {
    let case = Case::sqlite().await;
    let site = site(&case.folder.path().join("site"));
    let url = format!("sqlite://{}", case.folder.path().join("new/demo.db").display());
    let serve = ["serve", "--demo", "--addr", "127.0.0.1:0", "--site", &site];
    let mut servers = at_once(2, &case, &url, &serve);
    let mut filled = 0;
    for server in &mut servers {
        // It says where it is once it is about to serve.
        let said = said_until(server, "Plumbline is at http://127.0.0.1:");
        filled += usize::from(said.contains("Filling the empty database"));
    }
    for mut server in servers {
        server.kill().unwrap();
        server.wait().unwrap();
    }
    assert_eq!(filled, 1);
    let store = Store::open_to_read(&url).await.unwrap();
    let mut emails: Vec<_> =
        store.users().await.unwrap().into_iter().map(|user| user.email).collect();
    let all = emails.len();
    emails.sort();
    emails.dedup();
    assert_eq!(emails.len(), all, "{emails:?}");
    assert!(emails.iter().any(|email| email == "inspector@example.org"), "{emails:?}");
    store.verify(None, Arc::new(|_, _, _| {})).await.unwrap();
}

on_both!(who_sets_a_database_up_is_alone, |case| {
    let alone: SetupLock = case.store.lock_set_up().await.unwrap();
    let store = case.store.clone();
    let second = tokio::spawn(async move { store.lock_set_up().await });
    tokio::task::yield_now().await;
    assert!(!second.is_finished());
    drop(alone);
    assert!(second.await.unwrap().is_ok());
});

#[tokio::test]
async fn accounts_that_everybody_knows_are_for_loopback_alone() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for addr in ["0.0.0.0:0", "192.0.2.1:3000", "[::]:0"] {
        let said = world.fails(&["serve", "--demo", "--addr", addr]);
        assert!(said.contains("--demo") && said.contains("127.0.0.1:3000"), "{said}");
    }
    assert_eq!(world.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_clock_of_tests_needs_the_demo() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for args in [&["serve", "--clock", "clock"][..], &["serve"]] {
        let mut command = world.plumbline();
        command.args(args).args(["--addr", "127.0.0.1:0"]).env("PLUMBLINE_CLOCK", "clock");
        let output = command.output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{args:?}");
        assert!(
            complaint.contains("PLUMBLINE_CLOCK") && complaint.contains("--demo"),
            "{complaint}"
        );
    }
}

#[tokio::test]
async fn what_is_missing_is_said_with_a_way_on() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let nowhere = world.path("nowhere");
    let said =
        world.fails(&["serve", "--addr", "127.0.0.1:0", "--site", nowhere.to_str().unwrap()]);
    assert!(said.contains("nowhere does not hold the site's files"), "{said}");
    assert!(said.contains("cargo xtask build"), "{said}");

    let site = site(&world.path("site"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = world.fails(&["serve", "--addr", &addr, "--site", &site]);
    assert!(said.contains("is already in use") && said.contains("--addr"), "{said}");
}

#[tokio::test]
async fn a_server_without_accounts_prints_a_link_to_make_the_first() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for user in world.store.users().await.unwrap() {
        world.store.delete_user(user.id).await.unwrap();
    }
    let site = site(&world.path("site"));
    let mut server = world
        .plumbline()
        .args(["serve", "--addr", "127.0.0.1:0", "--site", &site])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let link = lines.into_iter().find(|line| line.contains("/setup?token="));
    server.kill().unwrap();
    server.wait().unwrap();
    let link = link.unwrap();
    let (address, token) = link.trim().split_once("/setup?token=").unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{link}");
    assert_eq!(token.len(), 64, "{link}");
}
