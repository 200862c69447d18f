//! Tests of managing users on the command line, and of migrating the database.

use crate::{support::Case, world::World};
use domain::people::Role;
use std::net::IpAddr;
use store::{Clock, SignIn, Store};

const PASSWORD: &str = "another-long-password";

async fn signs_in(world: &World<'_>, email: &str, password: &str) -> bool {
    let (address, now) = (IpAddr::from([127, 0, 0, 1]), Clock::system().now());
    world.store.sign_in(SignIn { email, password, address, now }).await.unwrap().is_ok()
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn somebody_is_added_listed_disabled_and_let_in_again() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let add = ["user", "add", "Ines@Example.org", "--name", "Ines Lintel", "--role", "reviewer"];
    let added = world.run_with(&add, &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{}", said(&added));
    assert!(said(&added).contains("Ines Lintel <ines@example.org> was added as reviewer."));
    assert!(!said(&added).contains(PASSWORD));
    let ines = world.store.user_by_email("ines@example.org").await.unwrap().unwrap();
    assert_eq!(ines.role, Role::Reviewer);
    assert!(signs_in(&world, "ines@example.org", PASSWORD).await);

    let list = world.succeeds(&["user", "list"]);
    assert_eq!(
        list,
        "ada@example.org   Ada Example  admin\nines@example.org  Ines Lintel  reviewer\n"
    );
    let done = world.succeeds(&["user", "disable", "ines@example.org"]);
    assert_eq!(done, "Ines Lintel can sign in no longer.\n");
    assert!(world.succeeds(&["user", "list"]).contains("Ines Lintel  reviewer   disabled\n"));
    assert!(!signs_in(&world, "ines@example.org", PASSWORD).await);
    let done = world.succeeds(&["user", "disable", "ines@example.org", "--undo"]);
    assert_eq!(done, "Ines Lintel can sign in again.\n");
    assert!(signs_in(&world, "ines@example.org", PASSWORD).await);
}

#[tokio::test]
async fn a_password_is_set_from_standard_input() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let set = ["user", "password", "ada@example.org"];
    let done = world.run_with(&set, &format!("{PASSWORD}\r\n"));
    assert!(done.status.success(), "{}", said(&done));
    assert!(signs_in(&world, "ada@example.org", PASSWORD).await);
    assert!(!signs_in(&world, "ada@example.org", "plumb-the-depths").await);

    for (args, input, words) in [
        (&set[..], "", "no password was given"),
        (&set[..], "\n", "no password was given"),
        (&set[..], "short\n", "at least 12 characters"),
        (&["user", "password", "nobody@example.org"][..], PASSWORD, "see plumbline user list"),
        (&["user", "add", "ada@example.org", "--name", "A"][..], PASSWORD, "has this e-mail"),
        (
            &["user", "add", "eve@example.org", "--name", "E", "--role", "x"][..],
            "",
            "use inspector",
        ),
    ] {
        let refused = world.run_with(args, input);
        assert!(!refused.status.success() && said(&refused).contains(words), "{}", said(&refused));
    }
    assert!(signs_in(&world, "ada@example.org", PASSWORD).await);
}

#[tokio::test]
async fn a_database_is_made_and_brought_up_to_date_by_migrate() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let url = format!("sqlite://{}", world.path("new/plumbline.db").display());
    for _ in 0..2 {
        let done = world.succeeds(&["--database-url", &url, "migrate"]);
        assert_eq!(done, "The database is up to date.\n");
    }
    let store = Store::open_to_read(&url).await.unwrap();
    assert!(store.users().await.unwrap().is_empty());
}
