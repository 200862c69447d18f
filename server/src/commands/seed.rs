//! `plumbline seed`: adds inspections from a JSON file, for tests.

use crate::{output, storage::Storage, test_clock::TestClock};
use anyhow::{Context, anyhow, ensure};
use clap::Args;
use domain::{
    change::Mutation,
    id::{EquipmentId, SectionId},
    inspection::{Equipment, Field, Inspection, Section, Status, Value, Values},
    people::Actor,
};
use serde::{Deserialize, Serialize};
use service::{Clock, ServiceError, Store, inspections};
use std::{collections::BTreeMap, fs, io, path::PathBuf};
use uuid::Uuid;

/// End of the addresses of people who can be named. The domain is reserved for examples (RFC 2606), so no real
/// person gets changes that they did not make.
const EXAMPLE: &str = "@example.org";

/// Add inspections of demo accounts from a JSON file, for tests
///
/// The file contains {"inspections": [{"inspector": "inspector@example.org", "name": "Mill", "sections":
/// [{"title": "Roof", "condition": "poor", "notes": "…"}], "equipment": [{"kind": "Boiler"}], "status":
/// "review"}]}. All of it is recorded in the name of the inspector, whose address must end in @example.org.
/// Prints the ids as JSON.
#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// File with the inspections, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    clock: TestClock,
}

/// Texts by the names of fields.
type Texts = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    inspections: Vec<SeedInspection>,
}

#[derive(Debug, Deserialize)]
struct SeedInspection {
    /// The e-mail address of the person who does all of it.
    inspector: String,
    #[serde(default)]
    sections: Vec<Texts>,
    #[serde(default)]
    equipment: Vec<Texts>,
    /// Status at the end, if it is not a draft.
    status: Option<String>,
    #[serde(flatten)]
    fields: Texts,
}

/// An inspection that was read and can be added.
struct NewInspection {
    actor: Actor,
    name: String,
    values: Values,
    mutations: Vec<Mutation>,
}

#[derive(Debug, Serialize)]
struct Seeded {
    inspections: Vec<SeededInspection>,
}

#[derive(Debug, Serialize)]
struct SeededInspection {
    id: i64,
    name: String,
}

impl Seed {
    /// Adds the inspections one after the other. Nothing is added if the file has a fault.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let text = self.read()?;
        let clock = self.clock.or(clock);
        let file: SeedFile = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a file of inspections", self.file.display()))?;
        let store = storage.open().await?;
        store.migrate().await?;
        let mut new = Vec::new();
        for (index, inspection) in file.inspections.into_iter().enumerate() {
            let place = || format!("inspection {}", index + 1);
            new.push(prepare(&store, inspection).await.with_context(place)?);
        }
        let mut inspections = Vec::new();
        for (index, inspection) in new.into_iter().enumerate() {
            let added = add(&store, inspection, clock).await.with_context(|| {
                format!("inspection {} was not added or not in full, and none after it", index + 1)
            })?;
            inspections.push(added);
        }
        output::line(serde_json::to_string(&Seeded { inspections })?)?;
        Ok(())
    }

    fn read(&self) -> anyhow::Result<String> {
        let text = match self.file.to_str() {
            Some("-") => io::read_to_string(io::stdin()),
            _ => fs::read_to_string(&self.file),
        };
        text.with_context(|| format!("{} cannot be read", self.file.display()))
    }
}

/// Reads every value, and finds the person.
async fn prepare(store: &Store, seed: SeedInspection) -> anyhow::Result<NewInspection> {
    ensure!(
        seed.inspector.ends_with(EXAMPLE),
        "{} is not the address of a demo account, which ends in {EXAMPLE}. Changes of other people are never \
         made up",
        seed.inspector
    );
    let user = store.user_by_email(&seed.inspector).await?;
    let user = user.with_context(|| {
        format!("nobody has the e-mail address {}; see plumbline user list", seed.inspector)
    })?;
    let mut mutations = Vec::new();
    for (index, texts) in seed.sections.iter().enumerate() {
        let values =
            values(texts, Section::FIELDS).with_context(|| format!("section {}", index + 1))?;
        let section = Section::from_values(SectionId(0), &values);
        mutations.push(Mutation::AddSection { section, position: None, photos: Vec::new() });
    }
    for (index, texts) in seed.equipment.iter().enumerate() {
        let values = values(texts, Equipment::FIELDS)
            .with_context(|| format!("piece of equipment {}", index + 1))?;
        let equipment = Equipment::from_values(EquipmentId(0), &values);
        mutations.push(Mutation::AddEquipment { equipment });
    }
    if let Some(status) = seed.status {
        // A reviewer completes an inspection, not its inspector.
        let to = Status::Review;
        ensure!(status == to.slug(), "“{status}” cannot be the status; use {to} or leave it out");
        mutations.push(Mutation::SetStatus { to, reason: None });
    }
    let fields: Vec<Field> =
        Inspection::EDITABLE.iter().copied().filter(|field| *field != Field::Inspector).collect();
    let name = seed.fields.get(Field::Name.slug()).context("it has no name")?.clone();
    Ok(NewInspection {
        actor: user.actor(),
        name,
        values: values(&seed.fields, &fields)?,
        mutations,
    })
}

/// Parses texts as those of a form.
fn values(texts: &Texts, fields: &[Field]) -> anyhow::Result<Values> {
    let mut values = Values::new();
    for (name, text) in texts {
        let field = fields.iter().copied().find(|field| field.slug() == name);
        let field = field.with_context(|| {
            let names: Vec<_> = fields.iter().map(|field| field.slug()).collect();
            format!("there is no field “{name}”; use {}", names.join(", "))
        })?;
        let value = Value::parse(field, text).map_err(|hint| anyhow!("{name}: {hint}"))?;
        values = values.with(field, value);
    }
    Ok(values)
}

async fn add(
    store: &Store,
    new: NewInspection,
    clock: Clock,
) -> Result<SeededInspection, ServiceError> {
    let now = clock.now();
    let id = inspections::start(store, &new.actor, now, Uuid::now_v7(), new.values).await?;
    for mutation in new.mutations {
        let request = Uuid::now_v7();
        inspections::perform(store, &new.actor, now, request, (id, None), mutation).await?;
    }
    Ok(SeededInspection { id: id.0, name: new.name })
}
