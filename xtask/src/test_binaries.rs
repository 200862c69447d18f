//! Rust tests: compiled once for all packages, because `cargo test` for each package alone would recompile the
//! dependencies. They are run by cargo-nextest where it is installed, otherwise one program after the other.

use crate::cargo::{TOOLS, native, selection, tool, tool_selection};
use crate::process::quietly;
use crate::step::Step;
use crate::test_counts::Counts;
use crate::{children, nextest};
use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Compiled test program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestBinary {
    /// Folder of the package, which has the package's name.
    folder: PathBuf,
    /// Name of the file of tests, or of the package for its unit tests.
    name: String,
    program: PathBuf,
}

impl TestBinary {
    /// Returns whether these are tests of `package`.
    fn is_of(&self, package: &str) -> bool {
        self.folder.ends_with(package)
    }

    /// Returns whether they need a PostgreSQL server.
    pub(crate) fn needs_postgres(&self) -> bool {
        let of_server = ["commands", "nodes"].contains(&self.name.as_str());
        self.is_of("store") || (self.is_of("server") && of_server)
    }

    /// Returns the name of the package.
    fn package(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Runs the tests in the package's folder, as cargo does. `variable` is an additional
    /// environment variable.
    fn run(&self, step: &Step, args: &[String], variable: Option<(&str, &str)>) -> Result<Counts> {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command.envs(variable);
        let package = self.package();
        let title = if package == self.name { package } else { format!("{package} {}", self.name) };
        run(step, &title, command.args(args), !args.is_empty())
    }
}

/// Compiles the tests of all native packages.
pub(crate) fn compile(step: &Step) -> Result<Vec<TestBinary>> {
    let mut command = native("test");
    command.args(["--no-run", "--message-format", "json-render-diagnostics"]);
    let messages = quietly(step, &mut command)
        .context("The tests could not be built. Mend what is named above.")?;
    Ok(messages.iter().filter_map(|line| test_binary(line)).collect())
}

/// Returns the test program that a message of cargo describes, if it does.
fn test_binary(message: &str) -> Option<TestBinary> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
        return None;
    }
    Some(TestBinary {
        folder: Path::new(message["manifest_path"].as_str()?).parent()?.to_owned(),
        name: message["target"]["name"].as_str()?.to_owned(),
        program: message["executable"].as_str()?.into(),
    })
}

/// Runs test programs. `variable` is an additional environment variable.
pub(crate) fn run_all(
    step: &Step,
    binaries: &[&TestBinary],
    args: &[String],
    variable: Option<(&str, &str)>,
) -> Result<Counts> {
    if is_run_by_nextest(args) {
        let mut command = nextest::command(["--release"].into_iter().chain(selection()));
        command.arg("--filterset").arg(filterset(binaries)).envs(variable);
        return nextest::run(step, "nextest", &mut command);
    }
    let mut counts = Counts::default();
    for binary in binaries {
        counts += binary.run(step, args, variable)?;
    }
    Ok(counts)
}

/// Returns whether cargo-nextest runs the tests. Arguments are those of the test programs, which differ from its
/// own.
fn is_run_by_nextest(args: &[String]) -> bool {
    args.is_empty() && nextest::is_installed()
}

/// Returns the filter of cargo-nextest that selects the tests of these programs.
fn filterset(binaries: &[&TestBinary]) -> String {
    let selected = binaries
        .iter()
        .map(|binary| format!("(package(={}) & binary(={}))", binary.package(), binary.name));
    selected.collect::<Vec<_>>().join(" | ")
}

/// Runs the examples in the documentation.
pub(crate) fn documentation(step: &Step, args: &[String]) -> Result<Counts> {
    let mut command = native("test");
    run(step, "documentation", command.arg("--doc").arg("--").args(args), false)
}

/// Runs the tests of the build tools.
pub(crate) fn own(step: &Step, args: &[String]) -> Result<Counts> {
    let mut counts = Counts::default();
    for package in TOOLS {
        counts += if is_run_by_nextest(args) {
            let profile = ["--cargo-profile", "tool"].into_iter();
            let mut command = nextest::command(profile.chain(tool_selection(package)));
            nextest::run(step, package, &mut command)?
        } else {
            run(step, package, tool("test", package).arg("--").args(args), false)?
        };
    }
    Ok(counts)
}

/// Runs a test program and counts its tests. Its output is shown if `aloud` is set or a test fails.
fn run(step: &Step, title: &str, command: &mut Command, aloud: bool) -> Result<Counts> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // Standard error has panics of other threads and cargo's output; it is shown if a test
        // fails.
        .stderr(Stdio::piped());
    let mut child = children::spawn(command)
        .with_context(|| format!("the tests of {title} cannot be started"))?;
    let err = child.stderr().context("standard error is piped")?;
    let aside = std::thread::spawn(move || std::io::read_to_string(BufReader::new(err)));
    let (mut counts, mut log) = (Counts::default(), Vec::new());
    let out = child.stdout().context("standard output is piped")?;
    for line in BufReader::new(out).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if let Some(result) = result_line(&line) {
            counts += result;
        }
        if aloud {
            step.line(&line);
        } else {
            step.note(&line);
        }
        log.push(line);
    }
    let status = child.wait()?;
    let aside = aside.join().ok().and_then(Result::ok).unwrap_or_default();
    if !status.success() {
        // The program may have crashed without a result.
        counts.failed = counts.failed.max(1);
        if !aloud {
            log.iter().for_each(|line| step.line(line));
        }
        aside.lines().for_each(|line| step.line(line));
    }
    if counts != Counts::default() {
        step.line(&format!("{title}: {} passed, {} failed", counts.passed, counts.failed));
    }
    Ok(counts)
}

/// Parses the counts in `test result: ok. 3 passed; 0 failed; …`.
fn result_line(line: &str) -> Option<Counts> {
    let result = line.strip_prefix("test result: ")?;
    let count = |word: &str| {
        let before = result.split(word).next()?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some(Counts { passed: count(" passed")?, failed: count(" failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_result_line() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered \
                    out; finished in 0.02s";
        assert_eq!(result_line(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(result_line("test fold::tests::result ... ok"), None);
    }

    #[test]
    fn test_programs_are_told_from_all_else_that_cargo_makes() {
        let message = |test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/plumbline/store/Cargo.toml",
                "target":{{"name":"story"}},"profile":{{"test":{test}}},"executable":"/bin/story"}}"#
            )
        };
        let binary = test_binary(&message(true)).unwrap();
        assert!(binary.is_of("store") && !binary.is_of("domain") && binary.needs_postgres());
        assert_eq!((binary.name.as_str(), binary.program.to_str()), ("story", Some("/bin/story")));
        assert_eq!(test_binary(&message(false)), None);
        assert_eq!(test_binary("   Compiling store"), None);
    }

    #[test]
    fn nextest_runs_the_tests_of_the_same_programs() {
        let binary = |folder: &str, name: &str| TestBinary {
            folder: folder.into(),
            name: name.into(),
            program: PathBuf::new(),
        };
        let (index, story) =
            (binary("/crates/change-index", "change_index"), binary("/store", "story"));
        assert_eq!(
            filterset(&[&index, &story]),
            "(package(=change-index) & binary(=change_index)) | (package(=store) & binary(=story))"
        );
        assert!(!is_run_by_nextest(&["a_name".to_owned()]));
    }

    #[test]
    fn a_program_that_dies_without_a_result_has_failed() {
        let step = Step::start(String::new());
        let counts = run(&step, "dying", Command::new("false").arg("x"), false).unwrap();
        assert_eq!(counts, Counts { passed: 0, failed: 1 });
    }
}
