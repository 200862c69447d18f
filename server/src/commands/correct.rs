//! `plumbline correct`: bulk corrections by an administrator, each recorded as a change.

use crate::{output, storage::Storage};
use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use domain::{
    change::{Mutation, Record, Refusal},
    id::{InspectionId, UserId},
    inspection::{Field, Inspection, Selection, Value, Values, check, own_field},
    people::{Actor, Directory, Listed, Person},
    permission::may_correct,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    process::ExitCode,
    sync::LazyLock,
};
use store::{Checkpointer, Clock, Store, User};
use uuid::Uuid;

/// Maximum number of inspections listed; the rest is only counted.
const LISTED: usize = 20;

/// Explanation of the exit codes in the help.
const EXIT_CODES: &str = "Exit codes: 0 if inspections were corrected, or would be with --apply; 3 if there was \
    nothing to correct; 1 if it failed, in which case nothing was corrected; 2 if the command line cannot be read.";

/// The end of the long help.
static FIELDS_AND_EXIT_CODES: LazyLock<String> = LazyLock::new(|| {
    let names = |fields: &[Field]| fields.iter().map(|it| it.slug()).collect::<Vec<_>>().join(", ");
    format!(
        "Fields for --set: {}.\nFields for --where: {}.\n\nExample: plumbline correct --where 'client~harbour' \
         --set 'client=Harbour Trust' --reason 'The client has a new name' --as admin@example.org\n\n{EXIT_CODES}",
        names(Inspection::EDITABLE),
        names(Inspection::FIELDS)
    )
});

/// Exit code when there was nothing to correct.
const NOTHING_TO_CORRECT: u8 = 3;

/// Correct the data of many inspections at once
///
/// Sets fields to the same value in all inspections that match. Without --apply it only lists what would change.
/// Each correction is recorded as a change, in the name of an admin and with a reason, and all of them can be undone
/// together.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES, after_long_help = FIELDS_AND_EXIT_CODES.as_str())]
pub(crate) struct Correct {
    /// Correct only inspections that match: FIELD=VALUE, FIELD!=VALUE, or FIELD~WORDS for a part of the value
    ///
    /// May be repeated: of several conditions on one field, one has to hold, and those on different fields have to
    /// hold together. An inspector is given by name or e-mail address.
    #[arg(long = "where", value_name = "CONDITION", required_unless_present = "all")]
    conditions: Vec<String>,
    /// Correct all inspections
    #[arg(long, conflicts_with = "conditions")]
    all: bool,
    /// Set a field to this value; may be repeated for other fields
    ///
    /// An inspector is given by name or e-mail address. FIELD= empties the field.
    #[arg(long, value_name = "FIELD=VALUE", required = true)]
    set: Vec<String>,
    /// Reason for the corrections, which each record contains
    #[arg(long)]
    reason: String,
    /// E-mail address of the admin who makes the corrections
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
    /// Make the corrections instead of only listing them
    #[arg(long)]
    apply: bool,
}

impl Correct {
    /// Runs the command. Returns the exit code, which tells whether there was anything to correct.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<ExitCode> {
        ensure!(!self.reason.trim().is_empty(), "--reason: {}", Refusal::CorrectionReasonNeeded);
        if self.apply {
            return self.apply(storage, clock).await;
        }
        let store = storage.open_to_read().await?;
        let asked = self.asked(&store).await?;
        let plan = Plan::new(&asked, &store.heads().await?);
        plan.show()?;
        if plan.changed.is_empty() {
            output::line("There is nothing to correct.")?;
        } else {
            output::line("Nothing was changed. Add --apply to do it.")?;
        }
        Ok(plan.exit_code())
    }

    async fn apply(&self, storage: &Storage, clock: Clock) -> anyhow::Result<ExitCode> {
        let store = storage.open().await?;
        store.migrate().await?;
        let asked = self.asked(&store).await?;
        let request = Uuid::now_v7();
        let mut work = store.begin(&asked.actor, request, clock.now()).await?;
        // An open transaction excludes other writers, so the matches stay valid until the end.
        let plan = Plan::new(&asked, &store.heads().await?);
        let many = work.perform_many(&plan.matched, &asked.mutation).await?;
        work.commit().await.context("nothing was corrected")?;

        // The output is written after the commit, so that the work does not depend on a reader of
        // the pipe.
        let written = plan.show().and_then(|()| print_summary(many.done.len(), request));
        let folder = storage.checkpoints();
        // A running server also creates one. Without a key no server ever ran, and there are no
        // checkpoints to extend.
        if folder.public_key()?.is_some() {
            let mut checkpointer = Checkpointer::open(store, folder)?;
            let kept = checkpointer.keep(clock.now()).await;
            kept.context("the inspections were corrected, but no checkpoint was made")?;
            if let Some(warning) = checkpointer.clock_warning() {
                output::error_line(format_args!("plumbline: {warning}"));
            }
        }
        written.context("the inspections were corrected, but not all of it could be told")?;
        Ok(exit_code(many.done.len()))
    }

    /// Parses the command line with the data in the database.
    async fn asked(&self, store: &Store) -> anyhow::Result<CorrectionRequest> {
        let users = store.users().await?;
        let people = directory(&users, &store.heads().await?);
        let mut selection = Selection::default();
        for condition in &self.conditions {
            selection.add(condition, &people).map_err(|hint| anyhow!("--where: {hint}"))?;
        }
        let mutation =
            Mutation::Correct { values: self.values(&people)?, reason: self.reason.clone() };
        Ok(CorrectionRequest { actor: self.actor(&users)?, selection, mutation })
    }

    fn actor(&self, users: &[User]) -> anyhow::Result<Actor> {
        let email = domain::people::normal_email(&self.actor);
        let user = users.iter().find(|user| user.email == email && user.disabled_at.is_none());
        let user = user.with_context(|| {
            format!("nobody can sign in as {}; see plumbline user list", self.actor)
        })?;
        let actor = user.actor();
        ensure!(
            may_correct(&actor, &Inspection::default()).is_ok(),
            "{} is no admin; only admins correct data",
            user.name
        );
        Ok(actor)
    }

    fn values(&self, people: &Directory) -> anyhow::Result<Values> {
        let mut values = BTreeMap::new();
        for set in &self.set {
            let Some((name, value)) = set.split_once('=') else {
                bail!("--set: “{set}” has no value. Write FIELD=VALUE.");
            };
            let field =
                own_field(name, Inspection::EDITABLE).map_err(|hint| anyhow!("--set: {hint}"))?;
            let value = match field {
                Field::Inspector if value.trim().is_empty() => Ok(Value::Person(None)),
                Field::Inspector => {
                    people.find_one(value).map(|person| Value::Person(Some(person.clone())))
                }
                field => Value::parse(field, value).and_then(|value| check(field, value)),
            };
            let value = value.map_err(|hint| anyhow!("--set: {}: {hint}", field.label()))?;
            ensure!(values.insert(field, value).is_none(), "--set: {} is set twice", field.label());
        }
        Ok(Values(values))
    }
}

/// Returns the accounts, and inspectors whose account was deleted.
fn directory(users: &[User], inspections: &[Inspection]) -> Directory {
    let accounts: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
    let inspectors: BTreeSet<&Person> =
        inspections.iter().filter_map(|it| it.inspector.as_ref()).collect();
    let deleted = inspectors.into_iter().filter(|person| !accounts.contains(&person.id));
    let deleted =
        deleted.map(|person| Listed { person: person.clone(), email: None, is_active: false });
    let users = users.iter().map(|user| Listed {
        person: user.person(),
        email: Some(user.email.clone()),
        is_active: user.disabled_at.is_none(),
    });
    Directory::new(users.chain(deleted).collect())
}

/// Parsed options of the command line.
struct CorrectionRequest {
    actor: Actor,
    selection: Selection,
    mutation: Mutation,
}

/// Planned outcome for each inspection that matches.
struct Plan {
    matched: Vec<InspectionId>,
    changed: Vec<(Inspection, Record)>,
    unchanged: usize,
    refused: Vec<(String, Refusal)>,
}

impl Plan {
    fn new(asked: &CorrectionRequest, inspections: &[Inspection]) -> Self {
        let mut plan =
            Self { matched: Vec::new(), changed: Vec::new(), unchanged: 0, refused: Vec::new() };
        for inspection in inspections.iter().filter(|it| asked.selection.matches(it)) {
            plan.matched.push(inspection.id);
            let planned = may_correct(&asked.actor, inspection)
                .map_err(Into::into)
                .and_then(|()| inspection.plan(&asked.mutation));
            match planned {
                Ok(Some(record)) => plan.changed.push((inspection.clone(), record)),
                Ok(None) => plan.unchanged += 1,
                Err(refusal) => plan.refused.push((inspection.reference.clone(), refusal)),
            }
        }
        plan
    }

    fn exit_code(&self) -> ExitCode {
        exit_code(self.changed.len())
    }

    /// Lists the planned changes.
    fn show(&self) -> io::Result<()> {
        output::line(format_args!(
            "{} matched: {} to correct, {} as they should be, {} refused.",
            counted(self.matched.len()),
            self.changed.len(),
            self.unchanged,
            self.refused.len()
        ))?;
        for (inspection, record) in self.changed.iter().take(LISTED) {
            output::line(format_args!("  {}  {}", inspection.reference, inspection.name))?;
            for difference in record.differences() {
                let formatted = |value: Option<Value>| match value {
                    Some(value) if !value.is_empty() => format!("“{value}”"),
                    _ => "empty".to_owned(),
                };
                let (before, after) = (formatted(difference.before), formatted(difference.after));
                let field = difference.field.label();
                output::line(format_args!("    {field}: {before} becomes {after}"))?;
            }
        }
        if let Some(more) = self.changed.len().checked_sub(LISTED).filter(|more| *more > 0) {
            output::line(format_args!("  and {more} more"))?;
        }
        for (reference, refusal) in self.refused.iter().take(LISTED) {
            output::line(format_args!("  {reference}  refused: {refusal}"))?;
        }
        Ok(())
    }
}

/// Reports the number of corrections.
fn print_summary(corrected: usize, request: Uuid) -> io::Result<()> {
    if corrected == 0 {
        return output::line("Nothing was corrected.");
    }
    output::line(format_args!("{} corrected under the request {request}.", counted(corrected)))?;
    output::line(format_args!(
        "All of it can be undone on the page /changes/request/{request}/undo."
    ))
}

fn exit_code(corrected: usize) -> ExitCode {
    if corrected == 0 { ExitCode::from(NOTHING_TO_CORRECT) } else { ExitCode::SUCCESS }
}

fn counted(inspections: usize) -> String {
    format!("{inspections} inspection{}", if inspections == 1 { "" } else { "s" })
}
