//! Test support: a database with a few inspections, and the executable to run on it.

use crate::support::Case;
use domain::{
    change::Mutation,
    id::InspectionId,
    inspection::{Field, Status, Target, Value, Values},
    people::{Actor, Role},
};
use service::reports::{Renderer, ReportMaker};
use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};
use store::{Clock, NewUser, Store};
use uuid::Uuid;

pub(crate) struct World<'a> {
    pub(crate) case: &'a Case,
    pub(crate) store: &'a Store,
    pub(crate) admin: Actor,
    pub(crate) ids: Vec<InspectionId>,
}

impl<'a> World<'a> {
    /// Creates three inspections: a draft, one in review, and a removed one.
    pub(crate) async fn new(case: &'a Case) -> Self {
        let store = &case.store;
        let new = NewUser {
            email: "ada@example.org".into(),
            name: "Ada Example".into(),
            role: Role::Admin,
            password: "plumb-the-depths".into(),
        };
        let admin = store.add_user(&new, Clock::system().now()).await.unwrap().actor();
        let mut world = Self { case, store, admin, ids: Vec::new() };
        for name in ["Riverside House", "Harbour Lane 1", "Gone"] {
            let values = Values::new()
                .with(Field::Name, Value::text(name))
                .with(Field::Client, Value::text("Harbor Trust"));
            world.ids.push(world.create(values).await);
        }
        let review = Mutation::SetStatus { to: Status::Review, reason: None };
        world.perform(world.ids[1], review).await;
        world.perform(world.ids[2], Mutation::Remove { target: Target::Inspection }).await;
        world
    }

    async fn work(&self) -> store::RecordingTx {
        let now = Clock::system().now();
        self.store.begin(&self.admin, Uuid::now_v7(), now).await.unwrap()
    }

    pub(crate) async fn create(&self, values: Values) -> InspectionId {
        let mut work = self.work().await;
        let change = work.create(values).await.unwrap();
        work.commit().await.unwrap();
        change.inspection_id
    }

    pub(crate) async fn perform(&self, id: InspectionId, mutation: Mutation) {
        let mut work = self.work().await;
        work.perform(id, None, mutation).await.unwrap().unwrap();
        work.commit().await.unwrap();
    }

    pub(crate) async fn rename(&self, name: &str) {
        let values = Values::new().with(Field::Name, Value::text(name));
        self.perform(self.ids[0], Mutation::Edit { target: Target::Inspection, values }).await;
    }

    /// Makes a report of the present state of an inspection.
    pub(crate) async fn report(&self, id: InspectionId) {
        let renderer = Renderer::running(env!("CARGO_BIN_EXE_plumbline").into());
        let maker = ReportMaker { store: self.store, renderer: &renderer, clock: Clock::system() };
        maker.make(&self.admin, (id, None), Uuid::now_v7()).await.unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.case.folder.path().join(name)
    }

    /// Returns the executable, with all its files in the test's folder.
    pub(crate) fn plumbline(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
        command
            .env("DATABASE_URL", &self.case.url)
            .env("PLUMBLINE_OBJECTS", self.path("objects"))
            .env("PLUMBLINE_CHECKPOINTS", self.path("checkpoints"))
            .env("RUST_LOG", "error");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.plumbline().args(args).output().unwrap()
    }

    /// Runs a command that must succeed, and returns its output.
    pub(crate) fn succeeds(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8(output.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}{complaint}");
        said
    }

    /// Runs a command with input on its standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.plumbline();
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        // It may have ended before it read anything.
        let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
        running.wait_with_output().unwrap()
    }

    /// Runs a command that must end with this exit code, and returns its output.
    pub(crate) fn ends_with(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8(output.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}{complaint}");
        said
    }

    /// Runs a command whose standard output is closed and that must succeed, and returns its error
    /// output.
    pub(crate) fn succeeds_unread(&self, args: &[&str]) -> String {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = self.plumbline().args(args).stdout(writer).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {complaint}");
        complaint
    }

    /// Runs a command that must fail, and returns its error output.
    pub(crate) fn fails(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{args:?} should fail: {said}");
        String::from_utf8(output.stderr).unwrap()
    }
}
