//! Making a report: from the inspection and its photos to a PDF that is kept and recorded.

use super::renderer::{RenderFailure, Renderer, ReportFolder, Turn, files_of};
use crate::{
    auth::actor,
    error::{AppError, for_plain_form},
    inspections::Trouble,
};
use domain::{
    Action, Actor, Change, ChangeId, Inspection, InspectionId, Mutation, MutationKind, Refusal,
    Report, may,
};
use futures::{StreamExt, TryStreamExt, stream};
use leptos::prelude::expect_context;
use leptos_axum::redirect;
use report::{Input, Rendered};
use store::{
    At, Clock, Store,
    keys::{self, PhotoSize},
};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// How often it starts over when the inspection changes under it.
const TRIES: usize = 3;

/// How many photos are fetched at once.
const FETCHES: usize = 4;

pub(super) async fn create(
    id: InspectionId,
    at: Option<ChangeId>,
    request: Uuid,
) -> Result<Change, AppError> {
    let actor = actor()?;
    let (store, renderer) = (expect_context::<Store>(), expect_context::<Renderer>());
    let maker = Maker { store: &store, renderer: &renderer, clock: expect_context::<Clock>() };
    let made = maker.make(&actor, (id, at), request).await;
    if for_plain_form() {
        let query = match &made {
            Ok(_) => String::new(),
            Err(error) => format!("?refused={}", trouble(error).to_query()),
        };
        redirect(&format!("/inspections/{id}{query}#reports"));
    }
    made
}

/// Words of the page after a plain form.
fn trouble(error: &AppError) -> Trouble {
    if *error == too_long() { Trouble::SlowReport } else { Trouble::Report }
}

fn too_long() -> AppError {
    AppError::invalid("", Trouble::SlowReport.to_string())
}

/// Makes reports.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// Where inspections and photos are read from and reports are kept.
    pub store: &'a Store,
    /// Their renderer.
    pub renderer: &'a Renderer,
    /// The time.
    pub clock: Clock,
}

impl Maker<'_> {
    /// Makes the report of an inspection as it stands now, or as it stood after a change, keeps it, and records
    /// that. The same request makes it once.
    ///
    /// # Errors
    /// There is no such inspection, the actor may not, the inspection changed again and again meanwhile, it took
    /// too long, or something on the server failed.
    pub async fn make(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        request: Uuid,
    ) -> Result<Change, AppError> {
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        // Who may not learns that at once.
        self.inspection(actor, which.0).await?;
        // Nothing is fetched before it is this person's turn, so that those who wait take no memory.
        let turn = self.renderer.turn(actor.id).await.map_err(|_| AppError::Internal)?;
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        let mut tries = 1;
        loop {
            match self.attempt(actor, which, request, &turn).await {
                Err(AppError::Conflict { .. }) if tries < TRIES => tries += 1,
                made => return made,
            }
        }
    }

    /// The report that a request made before, because its answer may have been lost.
    async fn done_before(
        self,
        actor: &Actor,
        id: InspectionId,
        request: Uuid,
    ) -> Result<Option<Change>, AppError> {
        let done = self.store.change_of_request(request, 1).await?;
        Ok(done.filter(|change| {
            change.inspection_id == id
                && change.user_id == Some(actor.id)
                && change.record.kind == MutationKind::CreateReport
        }))
    }

    /// The inspection, if the actor may make a report of it.
    async fn inspection(self, actor: &Actor, id: InspectionId) -> Result<Inspection, AppError> {
        let none = || AppError::NotFound("Inspection not found.".into());
        let inspection = self.store.inspection(id).await?.ok_or_else(none)?;
        may(actor, Action::CreatePdf, &inspection).map_err(Refusal::from)?;
        Ok(inspection)
    }

    async fn attempt(
        self,
        actor: &Actor,
        (id, at): (InspectionId, Option<ChangeId>),
        request: Uuid,
        turn: &Turn,
    ) -> Result<Change, AppError> {
        let store = self.store;
        let inspection = self.inspection(actor, id).await?;
        // One of an earlier point is of that point, whatever happens meanwhile.
        let (inspection, shown, expected) = match at {
            Some(at) => {
                let moment = store.moment(id, At::Change(at)).await?.ok_or_else(no_moment)?;
                (moment.inspection, moment.change, None)
            }
            None => {
                let shown = store.change(inspection.head).await?.ok_or(AppError::Internal)?.change;
                let head = inspection.head;
                (inspection, shown, Some(head))
            }
        };
        let hash = store.change_hash(shown.id).await?.ok_or(AppError::Internal)?;
        let photos_added = store.photo_times(id).await?;
        let input = Input {
            inspection,
            shows_at: shown.created_at,
            shows_by: shown.user_name,
            shows_hash: keys::hex(&hash),
            made_at: self.clock.now(),
            photos_added,
        };
        let (folder, rendered) = self.render(&input, turn).await?;
        let (sha256, bytes) =
            store.objects().put_report(&folder.pdf()).await.map_err(store::Error::from)?;
        let report = Report {
            name: file_name(&input.inspection),
            shows: input.inspection.head,
            sha256,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            pages: i64::try_from(rendered.pages).unwrap_or(i64::MAX),
            ..Report::default()
        };
        let mut work = store.begin(actor, request, self.clock.now()).await?;
        let change = work.perform(id, expected, Mutation::CreateReport { report }).await?;
        work.commit().await?;
        change.ok_or(AppError::Internal)
    }

    /// Renders a report in a folder of its own.
    async fn render(
        self,
        input: &Input,
        turn: &Turn,
    ) -> Result<(ReportFolder, Rendered), AppError> {
        let given = input.clone();
        let made = spawn_blocking(move || ReportFolder::new(&given));
        let made = made.await.map_err(RenderFailure::from);
        let folder = made.and_then(|made| Ok(made?)).map_err(failed)?;
        self.fetch_photos(&input.inspection, &folder).await?;
        match self.renderer.render(turn, &folder).await {
            Ok(rendered) => Ok((folder, rendered)),
            Err(failure) => Err(failed(failure)),
        }
    }

    /// Copies the pictures for print into the folder. A report without one that is lost would claim to show the
    /// inspection, so it is an error.
    async fn fetch_photos(
        self,
        inspection: &Inspection,
        folder: &ReportFolder,
    ) -> Result<(), AppError> {
        let fetched = stream::iter(files_of(inspection)).map(|sha256| async move {
            let bytes = self.store.objects().get(&keys::photo(&sha256, PhotoSize::Large)).await;
            let bytes = bytes.map_err(store::Error::from)?;
            let Some(bytes) = bytes else {
                tracing::error!(sha256, "the picture of a photo is gone");
                return Err(AppError::Internal);
            };
            let written = tokio::fs::write(folder.photo(&sha256), bytes).await;
            written.map_err(|error| failed(error.into()))
        });
        fetched.buffer_unordered(FETCHES).try_collect().await
    }
}

fn failed(failure: RenderFailure) -> AppError {
    tracing::error!(error = &failure as &dyn std::error::Error, "a report was not rendered");
    match failure {
        RenderFailure::TooLong(_) => too_long(),
        _ => AppError::Internal,
    }
}

fn no_moment() -> AppError {
    AppError::NotFound("This inspection has no such change.".into())
}

/// As in `BI-2026-0001 Riverside House.pdf`: nothing in it that a file system minds.
fn file_name(inspection: &Inspection) -> String {
    const LONGEST: usize = 100;
    let name: String = format!("{} {}", inspection.reference, inspection.name)
        .chars()
        .map(|it| if it.is_control() || "/\\:*?\"<>|".contains(it) { ' ' } else { it })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = name.chars().take(LONGEST).collect();
    format!("{}.pdf", short.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        file_name(&Inspection {
            reference: "BI-2026-0001".into(),
            name: name.into(),
            ..Inspection::default()
        })
    }

    #[test]
    fn a_file_is_named_after_its_inspection() {
        assert_eq!(named("Riverside House"), "BI-2026-0001 Riverside House.pdf");
        assert_eq!(named("Haus Größe 1"), "BI-2026-0001 Haus Größe 1.pdf");
    }

    #[test]
    fn no_file_system_minds_the_name() {
        assert_eq!(named("../a\\b: \"c\"?\n*."), "BI-2026-0001 .. a b c.pdf");
        assert_eq!(named(&"x".repeat(300)).chars().count(), 104);
    }
}
