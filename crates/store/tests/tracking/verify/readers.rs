//! The programs in `docs/record.md`, which check a record and a proof without any of our code.

use super::*;
use std::{fs, process::Command};

const DOCUMENT: &str = include_str!("../../../../../docs/record.md");

/// Runs the program of this name in the document; answers with what it printed, or with its complaint.
fn run_program(case: &Case, name: &str, argument: &str) -> Result<String, String> {
    let fence = format!("```python\n# {name}\n");
    let (_, program) = DOCUMENT.split_once(&fence).expect("the document has such a program");
    let (program, _) = program.split_once("\n```").expect("it ends");
    let file = case.folder.path().join(name);
    fs::write(&file, program).unwrap();
    let output = Command::new("python3").arg(&file).arg(argument).output();
    let output = output.expect("Python 3 is installed: the document's programs are written in it");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(words(&output.stdout)),
        false => Err(words(&output.stderr)),
    }
}

on_both!(the_documented_program_checks_a_proof, |case| {
    let world = World::new(case).await;
    for id in [1, 8, 16] {
        let proof = case.store.prove(ChangeId(id), &world.witness()).await.unwrap().unwrap();
        let file = case.folder.path().join("change.tlog-proof");
        let path = file.to_str().unwrap();
        fs::write(&file, proof.to_string()).unwrap();
        let said = run_program(case, "check_proof.py", path).unwrap();
        assert_names(&said, &["is among the first 16 changes of plumbline/"]);
        let index = format!("\nindex {}\n", id - 1);
        fs::write(&file, proof.to_string().replace(&index, "\nindex 3\n")).unwrap();
        assert_names(&run_program(case, "check_proof.py", path).unwrap_err(), &["does not hold"]);
    }
    world.close().await;
});

on_both!(the_documented_program_checks_the_chain, |case| {
    // It opens a file.
    if !case.is_sqlite() {
        return;
    }
    let world = World::new(case).await;
    let copy = case.copy().await;
    let path = copy.url.strip_prefix("sqlite://").unwrap();
    let said = run_program(case, "check_chain.py", path).unwrap();
    assert_names(&said, &["17 changes of 3 inspections verify"]);
    let mut raw = unguarded(&copy).await;
    for (set, named) in [
        ("kind = 'correct' where id = 8", "change 8 "),
        ("ordinal = 70 where id = 2", "change 2 "),
        ("number = number + 1 where id = 1", "change 1 "),
    ] {
        raw.run(&format!("update changes set {set}")).await.unwrap();
        assert_names(&run_program(case, "check_chain.py", path).unwrap_err(), &[named]);
    }
    drop(raw);
    copy.close().await;
    world.close().await;
});
