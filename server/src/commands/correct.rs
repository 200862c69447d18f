//! `plumbline correct`: an administrator corrects data in bulk, and every correction is recorded.

use crate::cli::Storage;
use anyhow::{Context, bail, ensure};
use clap::Args;
use domain::{
    Actor, Field, Inspection, Mutation, Selection, Value, Values, may_correct, own_field,
};
use std::collections::BTreeMap;
use store::{Checkpointer, Clock, Store};
use uuid::Uuid;

/// How many inspections are listed before the rest is counted.
const LISTED: usize = 20;

/// Correct data in bulk, with a record of each change; shows what would change unless told to apply.
#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// Which inspections: FIELD=VALUE, FIELD!=VALUE or FIELD~WORDS; repeat to narrow, or for another
    /// value of the same field
    #[arg(long = "where", value_name = "CONDITION", required_unless_present = "all")]
    conditions: Vec<String>,
    /// All inspections
    #[arg(long, conflicts_with = "conditions")]
    all: bool,
    /// What to put right: FIELD=VALUE, an inspector by e-mail address; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", required = true)]
    set: Vec<String>,
    /// Why; stands in every record
    #[arg(long)]
    reason: String,
    /// The admin who does it, by e-mail address
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
    /// Do it, rather than show what would change
    #[arg(long)]
    apply: bool,
}

impl Correct {
    /// Does it, or shows what it would do.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let mut selection = Selection::default();
        for condition in &self.conditions {
            selection.add(condition).map_err(|hint| anyhow::anyhow!("--where: {hint}"))?;
        }
        if self.apply {
            return self.apply(storage, clock, &selection).await;
        }
        let store = storage.open_to_read().await?;
        let (actor, mutation) = (self.actor(&store).await?, self.mutation(&store).await?);
        show(&actor, &selected(&store, &selection).await?, &mutation);
        println!("Nothing was changed. Add --apply to do it.");
        Ok(())
    }

    async fn apply(
        &self,
        storage: &Storage,
        clock: Clock,
        selection: &Selection,
    ) -> anyhow::Result<()> {
        let store = storage.open().await?;
        store.migrate().await?;
        let (actor, mutation) = (self.actor(&store).await?, self.mutation(&store).await?);
        let request = Uuid::now_v7();
        let mut work = store.begin(&actor, request, clock.now()).await?;
        // While a work is open nobody else records anything, so what matches now does so until the end.
        let inspections = selected(&store, selection).await?;
        show(&actor, &inspections, &mutation);
        let ids: Vec<_> = inspections.iter().map(|inspection| inspection.id).collect();
        let many = work.perform_many(&ids, &mutation).await?;
        work.commit().await?;
        println!("{} corrected under the request {request}.", counted(many.done.len()));
        if !many.done.is_empty() {
            println!("All of it can be undone on the page /changes/request/{request}/undo.");
        }
        let folder = storage.checkpoints();
        // A server that is running makes one too; where none ever ran there is nothing to add to.
        if folder.public_key()?.is_some() {
            let mut checkpointer = Checkpointer::open(store, folder)?;
            checkpointer.keep(clock.now()).await?;
            if let Some(warning) = checkpointer.clock_warning() {
                eprintln!("plumbline: {warning}");
            }
        }
        Ok(())
    }

    async fn mutation(&self, store: &Store) -> anyhow::Result<Mutation> {
        Ok(Mutation::Correct { values: self.values(store).await?, reason: self.reason.clone() })
    }

    async fn actor(&self, store: &Store) -> anyhow::Result<Actor> {
        let user = store.user_by_email(&self.actor).await?;
        let user = user.filter(|user| user.disabled_at.is_none()).with_context(|| {
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

    async fn values(&self, store: &Store) -> anyhow::Result<Values> {
        let mut values = BTreeMap::new();
        for set in &self.set {
            let Some((name, value)) = set.split_once('=') else {
                bail!("--set: “{set}” has no value. Write FIELD=VALUE.");
            };
            let field = own_field(name, Inspection::EDITABLE)
                .map_err(|hint| anyhow::anyhow!("--set: {hint}"))?;
            let value = match field {
                Field::Inspector if value.trim().is_empty() => Value::Person(None),
                Field::Inspector => {
                    let user = store.user_by_email(value).await?;
                    let user = user.with_context(|| {
                        format!("--set: nobody has the e-mail address {}", value.trim())
                    })?;
                    Value::Person(Some(user.person()))
                }
                field => Value::parse(field, value)
                    .map_err(|hint| anyhow::anyhow!("--set: {}: {hint}", field.label()))?,
            };
            ensure!(values.insert(field, value).is_none(), "--set: {} is set twice", field.label());
        }
        Ok(Values(values))
    }
}

/// The inspections that match.
async fn selected(store: &Store, selection: &Selection) -> anyhow::Result<Vec<Inspection>> {
    let mut inspections = store.heads().await?;
    inspections.retain(|inspection| selection.matches(inspection));
    Ok(inspections)
}

/// Lists what would change.
fn show(actor: &Actor, inspections: &[Inspection], mutation: &Mutation) {
    let (mut changed, mut same, mut refused) = (Vec::new(), 0, Vec::new());
    for inspection in inspections {
        let planned = may_correct(actor, inspection)
            .map_err(Into::into)
            .and_then(|()| inspection.plan(mutation));
        match planned {
            Ok(Some(record)) => changed.push((inspection, record)),
            Ok(None) => same += 1,
            Err(refusal) => refused.push((inspection, refusal)),
        }
    }
    println!(
        "{} matched: {} to correct, {same} as they should be, {} refused.",
        counted(inspections.len()),
        changed.len(),
        refused.len()
    );
    for (inspection, record) in changed.iter().take(LISTED) {
        println!("  {}  {}", inspection.reference, inspection.name);
        for difference in record.differences() {
            let told = |value: Option<Value>| match value {
                Some(value) if !value.is_empty() => format!("“{value}”"),
                _ => "empty".to_owned(),
            };
            let (before, after) = (told(difference.before), told(difference.after));
            println!("    {}: {before} becomes {after}", difference.field.label());
        }
    }
    if let Some(more) = changed.len().checked_sub(LISTED).filter(|more| *more > 0) {
        println!("  and {more} more");
    }
    for (inspection, refusal) in refused.iter().take(LISTED) {
        println!("  {}  refused: {refusal}", inspection.reference);
    }
}

fn counted(inspections: usize) -> String {
    format!("{inspections} inspection{}", if inspections == 1 { "" } else { "s" })
}
