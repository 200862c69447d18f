//! What `plumbline serve` will not do.

use crate::{support::Case, world::World};
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Stdio,
};

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
async fn what_is_missing_is_said_with_a_way_on() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let nowhere = world.path("nowhere");
    let said =
        world.fails(&["serve", "--addr", "127.0.0.1:0", "--site", nowhere.to_str().unwrap()]);
    assert!(said.contains("nowhere does not hold the site's files"), "{said}");
    assert!(said.contains("cargo xtask build"), "{said}");

    let site = world.path("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = world.fails(&["serve", "--addr", &addr, "--site", site.to_str().unwrap()]);
    assert!(said.contains("is already in use") && said.contains("--addr"), "{said}");
}

#[tokio::test]
async fn a_server_without_accounts_prints_a_link_to_make_the_first() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for user in world.store.users().await.unwrap() {
        world.store.delete_user(user.id).await.unwrap();
    }
    let site = world.path("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
    let mut server = world
        .plumbline()
        .args(["serve", "--addr", "127.0.0.1:0", "--site", site.to_str().unwrap()])
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
