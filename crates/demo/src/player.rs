//! Player that performs the stories through the use cases.

use super::{
    people::{PASSWORD, Who},
    photos,
    script::{ScriptStep, ScriptTime, Shot, Story},
};
use anyhow::{Context, bail};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::{
    change::Mutation,
    id::{InspectionId, SectionId},
    inspection::{Equipment, Field, Inspection, Photo, Section, Status, Target, Value, Values},
    people::Actor,
};
use service::{
    Clock, Store, inspections,
    people::NewUser,
    reports::{self, Renderer, ReportMaker},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// State of the player.
pub(super) struct Player {
    store: Store,
    renderer: Renderer,
    today: NaiveDate,
    people: BTreeMap<Who, Actor>,
    photos: BTreeMap<&'static str, Photo>,
    inspections: BTreeMap<usize, InspectionId>,
    played: u64,
}

impl Player {
    /// Creates the accounts and draws the photos.
    pub(super) async fn prepare(
        store: &Store,
        renderer: &Renderer,
        stories: &[Story],
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let photos = photos::draw_all(store, stories).await?;
        let mut people = BTreeMap::new();
        for who in Who::ALL {
            let (email, name, role) = who.account();
            let account =
                NewUser { email: email.into(), name: name.into(), role, password: PASSWORD.into() };
            let user = store.add_user(&account, now - Duration::days(30)).await?;
            people.insert(who, Actor { id: user.id, name: user.name, role: user.role });
        }
        Ok(Self {
            store: store.clone(),
            renderer: renderer.clone(),
            today: now.date_naive(),
            people,
            photos,
            inspections: BTreeMap::new(),
            played: 0,
        })
    }

    /// Performs one step in its own transaction.
    pub(super) async fn play(&mut self, moment: &ScriptTime<'_>) -> anyhow::Result<()> {
        self.perform(moment)
            .await
            .with_context(|| format!("story {}, {:?} at {}", moment.story, moment.who, moment.at))
    }

    async fn perform(&mut self, moment: &ScriptTime<'_>) -> anyhow::Result<()> {
        let actor = &self.people[&moment.who];
        let request = request_id(moment.at, self.played);
        self.played += 1;
        if let ScriptStep::Start { about, scheduled } = moment.step {
            let values = self.start(about, *scheduled);
            let id = inspections::start(&self.store, actor, moment.at, request, values).await?;
            self.inspections.insert(moment.story, id);
            return Ok(());
        }
        let id = *self.inspections.get(&moment.story).context("it begins without a start")?;
        if let ScriptStep::Pdf = moment.step {
            let clock = Clock::fixed(moment.at);
            let maker = ReportMaker { store: &self.store, renderer: &self.renderer, clock };
            maker.make(actor, (id, None), request).await?;
            return Ok(());
        }
        let inspection = inspections::visible(&self.store, actor, id).await?;
        let (store, at) = (&self.store, moment.at);
        match moment.step {
            ScriptStep::Photo(shot) => {
                let photos = vec![self.photo(shot, &inspection)?];
                let (_, last) =
                    service::photos::attach(store, actor, at, (request, 1), id, photos).await?;
                last.context("it changes nothing")?;
            }
            ScriptStep::Open => {
                let report = inspection.reports.last().context("no report yet")?;
                reports::download(store, actor, at, request, (id, report)).await?;
            }
            step => {
                let mutation = self.mutation(step, &inspection)?;
                let on = (id, Some(inspection.head));
                let change = inspections::perform(store, actor, at, request, on, mutation).await?;
                change.context("it changes nothing")?;
            }
        }
        Ok(())
    }

    fn start(&self, about: &[&str; 4], scheduled: i64) -> Values {
        [Field::Name, Field::Address, Field::BuildingType, Field::Client]
            .into_iter()
            .zip(about.map(Value::text))
            .collect::<Values>()
            .with(Field::ScheduledOn, Value::Date(Some(self.day(scheduled))))
    }

    fn day(&self, from_today: i64) -> NaiveDate {
        let days = Days::new(from_today.unsigned_abs());
        if from_today < 0 { self.today - days } else { self.today + days }
    }

    fn photo(&self, shot: &Shot, inspection: &Inspection) -> anyhow::Result<Photo> {
        let mut photo = self.photos.get(shot.name).context("no such photo")?.clone();
        photo.section = match shot.section {
            "" => None,
            title => Some(section_of(inspection, title)?),
        };
        Ok(photo)
    }

    fn mutation(&self, step: &ScriptStep, inspection: &Inspection) -> anyhow::Result<Mutation> {
        let section = |title| section_of(inspection, title);
        Ok(match step {
            ScriptStep::Start { .. }
            | ScriptStep::Pdf
            | ScriptStep::Photo(_)
            | ScriptStep::Open => {
                bail!("this step is not a plain mutation")
            }
            ScriptStep::Set(field, text) => edit(Target::Inspection, *field, Value::text(*text)),
            ScriptStep::Schedule(days) => {
                edit(Target::Inspection, Field::ScheduledOn, Value::Date(Some(self.day(*days))))
            }
            ScriptStep::Section(title) => Mutation::AddSection {
                section: Section { title: (*title).into(), ..Section::default() },
                position: None,
                photos: Vec::new(),
            },
            ScriptStep::Rename(from, to) => {
                edit(Target::Section(section(from)?), Field::Title, Value::text(*to))
            }
            ScriptStep::Place(title, place) => {
                edit(Target::Section(section(title)?), Field::Position, Value::Number(*place))
            }
            ScriptStep::Found(title, condition) => edit(
                Target::Section(section(title)?),
                Field::Condition,
                Value::Condition(*condition),
            ),
            ScriptStep::Notes(title, notes) => {
                edit(Target::Section(section(title)?), Field::Notes, Value::text(*notes))
            }
            ScriptStep::DropSection(title) => Mutation::RemoveSection { section: section(title)? },
            ScriptStep::Equipment([kind, make, model, serial], condition) => {
                Mutation::AddEquipment {
                    equipment: Equipment {
                        kind: (*kind).into(),
                        make: (*make).into(),
                        model: (*model).into(),
                        serial: (*serial).into(),
                        condition: *condition,
                        ..Equipment::default()
                    },
                }
            }
            ScriptStep::Rate(kind, condition) => edit(
                equipment_of(inspection, kind)?,
                Field::Condition,
                Value::Condition(*condition),
            ),
            ScriptStep::DropEquipment(kind) => {
                Mutation::Remove { target: equipment_of(inspection, kind)? }
            }
            ScriptStep::DropPhoto(name) => {
                let photo = inspection.photos.iter().find(|photo| photo.name == *name);
                Mutation::Remove { target: Target::Photo(photo.context("no such photo")?.id) }
            }
            ScriptStep::Ready => Mutation::SetStatus { to: Status::Review, reason: None },
            ScriptStep::Complete => Mutation::SetStatus { to: Status::Complete, reason: None },
            ScriptStep::Revert(reason) => {
                Mutation::SetStatus { to: Status::Draft, reason: Some((*reason).into()) }
            }
            ScriptStep::Drop => Mutation::Remove { target: Target::Inspection },
        })
    }
}

fn edit(target: Target, field: Field, value: Value) -> Mutation {
    Mutation::Edit { target, values: Values::new().with(field, value) }
}

fn section_of(inspection: &Inspection, title: &str) -> anyhow::Result<SectionId> {
    let section = inspection.sections.iter().find(|section| section.title == title);
    Ok(section.with_context(|| format!("no section {title}"))?.id)
}

fn equipment_of(inspection: &Inspection, kind: &str) -> anyhow::Result<Target> {
    let equipment = inspection.equipment.iter().find(|equipment| equipment.kind == kind);
    Ok(Target::Equipment(equipment.with_context(|| format!("no equipment {kind}"))?.id))
}

/// Returns a request id derived from the time and the number of the step.
fn request_id(at: DateTime<Utc>, nth: u64) -> Uuid {
    let mut rest = [0; 10];
    rest[2..].copy_from_slice(&nth.to_be_bytes());
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}
