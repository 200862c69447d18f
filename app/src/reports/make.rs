//! Creation of a report: from the inspection and its photos to a stored and recorded PDF.

use super::{
    jobs::JobKey,
    progress::{ReportInProgress, ReportStage},
    renderer::{RenderFailure, Renderer, ReportFolder, files_of},
    tracker::ProgressTracker,
    turns::Turn,
};
use crate::{
    auth::{Caller, actor, caller},
    error::{AppError, for_plain_form},
    inspections::UploadError,
};
use domain::{
    change::{Action, Change, Mutation, MutationKind, Refusal},
    id::{ChangeId, InspectionId},
    inspection::{Inspection, Report, Status},
    people::{Actor, Organisation},
    permission::may,
};
use futures::{StreamExt, TryStreamExt, stream};
use leptos::prelude::expect_context;
use leptos_axum::redirect;
use report::{Input, Rendered};
use store::{
    At, Clock, QueueState, Store,
    keys::{self, PhotoSize},
};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Number of attempts when the inspection changes meanwhile.
const TRIES: usize = 3;

/// Number of photos that are fetched concurrently.
const FETCHES: usize = 4;

pub(super) async fn create(
    id: InspectionId,
    at: Option<ChangeId>,
    request: Uuid,
) -> Result<Change, AppError> {
    let actor = actor()?;
    let (store, renderer) = (expect_context::<Store>(), expect_context::<Renderer>());
    let maker = Maker { store: &store, renderer: &renderer, clock: expect_context::<Clock>() };
    let made = maker.make_in_background(&actor, (id, at), request).await;
    if for_plain_form() {
        let query = match &made {
            Ok(_) => String::new(),
            Err(error) => format!("?refused={}", trouble(error).to_query()),
        };
        redirect(&format!("/inspections/{id}{query}#reports"));
    }
    made
}

/// Returns the reports of an inspection in progress, for its page.
pub(super) async fn in_progress(id: InspectionId) -> Result<Vec<ReportInProgress>, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let inspection = service::inspections::visible(&store, &actor, id).await?;
    reports_in_progress(&store, &actor, &inspection).await
}

/// Returns the reports in progress of an inspection that the viewer may see; empty if the viewer may not
/// create reports.
pub(crate) async fn reports_in_progress(
    store: &Store,
    viewer: &Actor,
    inspection: &Inspection,
) -> Result<Vec<ReportInProgress>, AppError> {
    if may(viewer, Action::CreatePdf, inspection).is_err() {
        return Ok(Vec::new());
    }
    let renderer = expect_context::<Renderer>();
    let mut all = renderer.jobs().of(inspection.id, viewer.id, renderer.turns());
    let is_made = all.iter().any(|report| report.is_automatic);
    let wants_final = inspection.status == Status::Complete && inspection.final_report().is_none();
    if !is_made && wants_final {
        let state = store.final_report_state(inspection.id).await?;
        all.extend(state.map(|state| ReportInProgress {
            request: None,
            is_automatic: true,
            stage: match state {
                QueueState::Waiting { before } => {
                    ReportStage::Queued { before: u32::try_from(before).unwrap_or(u32::MAX) }
                }
                QueueState::Retrying(at) => ReportStage::Retrying(at),
                QueueState::Failed(why) => ReportStage::Failed(why),
            },
            seconds: 0,
        }));
    }
    Ok(all)
}

/// Cancels a report of the signed-in person.
pub(super) async fn cancel(id: InspectionId, request: Uuid) -> Result<(), AppError> {
    let Caller { store, actor, .. } = caller()?;
    service::inspections::visible(&store, &actor, id).await?;
    expect_context::<Renderer>().jobs().cancel(actor.id, id, request);
    Ok(())
}

/// Returns the error shown on the page after a plain form.
fn trouble(error: &AppError) -> UploadError {
    if *error == too_long() { UploadError::SlowReport } else { UploadError::Report }
}

fn too_long() -> AppError {
    AppError::invalid("", UploadError::SlowReport.to_string())
}

/// Creator of reports.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// Store with inspections, photos and reports.
    pub store: &'a Store,
    /// Renderer of the PDFs.
    pub renderer: &'a Renderer,
    /// Clock for the times in reports and records.
    pub clock: Clock,
}

impl Maker<'_> {
    /// Creates, stores and records the report of an inspection in its current state or in the state after a
    /// change. A repeated request creates it once.
    ///
    /// # Errors
    /// The inspection does not exist, the actor may not create reports, the inspection kept changing
    /// meanwhile, the time limit was exceeded, or something on the server failed.
    pub async fn make(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        request: Uuid,
    ) -> Result<Change, AppError> {
        self.make_telling(actor, which, request, &ProgressTracker::default()).await
    }

    /// Does the same as [`make`](Self::make) in a separate task, which continues when nobody waits for it.
    ///
    /// # Errors
    /// The errors of [`make`](Self::make); also when the person has too many reports waiting, or cancels it.
    pub async fn make_in_background(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        request: Uuid,
    ) -> Result<Change, AppError> {
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        // A person without permission gets the error immediately.
        self.inspection(actor, which.0).await?;
        let key = JobKey { person: actor.id, inspection: which.0, request, is_automatic: false };
        self.start(actor, which, key).await
    }

    /// Creates a final report in the name of the person who completed the inspection.
    pub(super) async fn make_final(
        self,
        actor: &Actor,
        id: InspectionId,
        request: Uuid,
    ) -> Result<Change, AppError> {
        let key = JobKey { person: actor.id, inspection: id, request, is_automatic: true };
        self.start(actor, (id, None), key).await
    }

    async fn start(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        key: JobKey,
    ) -> Result<Change, AppError> {
        let (store, renderer) = (self.store.clone(), self.renderer.clone());
        let (clock, actor) = (self.clock, actor.clone());
        let started = self.renderer.jobs().start(key, |progress| async move {
            let maker = Maker { store: &store, renderer: &renderer, clock };
            maker.make_telling(&actor, which, key.request, &progress).await
        });
        started?.outcome().await
    }

    async fn make_telling(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        request: Uuid,
        progress: &ProgressTracker,
    ) -> Result<Change, AppError> {
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        // A person without permission gets the error immediately.
        self.inspection(actor, which.0).await?;
        // Data is loaded only during the turn, so that waiting jobs take no memory.
        let turn = self.renderer.turns().turn(actor.id, progress).await;
        let turn = turn.map_err(|_| AppError::Internal)?;
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        let mut tries = 1;
        loop {
            progress.set_preparing();
            match self.attempt(actor, which, request, (&turn, progress)).await {
                Err(AppError::Conflict { .. }) if tries < TRIES => tries += 1,
                made => return made,
            }
        }
    }

    /// Returns the report of an earlier attempt of the request, because its response may have been lost.
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

    /// Loads the inspection, if the actor may create a report of it.
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
        (turn, progress): (&Turn, &ProgressTracker),
    ) -> Result<Change, AppError> {
        let store = self.store;
        let inspection = self.inspection(actor, id).await?;
        // The report of a past state does not depend on later changes.
        let (inspection, shown, expected) = match at {
            Some(at) => {
                let moment = store.snapshot(id, At::Change(at)).await?.ok_or_else(no_moment)?;
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
            shows_hash: keys::hex(hash),
            made_at: self.clock.now(),
            photos_added,
            organisation: store.organisation().await?,
        };
        let (folder, rendered) = self.render(&input, turn, progress).await?;
        let (sha256, bytes) =
            store.objects().put_report(&folder.pdf()).await.map_err(store::Error::from)?;
        let report = Report {
            name: file_name(&input.inspection),
            content: input.inspection.content(),
            is_final: input.inspection.status == Status::Complete,
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

    /// Renders a report in a temporary folder.
    async fn render(
        self,
        input: &Input,
        turn: &Turn,
        progress: &ProgressTracker,
    ) -> Result<(ReportFolder, Rendered), AppError> {
        let given = input.clone();
        let made = spawn_blocking(move || ReportFolder::new(&given));
        let made = made.await.map_err(RenderFailure::from);
        let folder = made.and_then(|made| Ok(made?)).map_err(failed)?;
        self.fetch_photos(&input.inspection, &folder, progress).await?;
        self.fetch_logo(&input.organisation, &folder).await?;
        progress.set_rendering();
        match self.renderer.render(turn, &folder).await {
            Ok(rendered) => Ok((folder, rendered)),
            Err(failure) => Err(failed(failure)),
        }
    }

    /// Copies the print pictures of the photos into the folder. A missing picture is an error, because the
    /// report would claim to show the inspection without it.
    async fn fetch_photos(
        self,
        inspection: &Inspection,
        folder: &ReportFolder,
        progress: &ProgressTracker,
    ) -> Result<(), AppError> {
        let files = files_of(inspection);
        progress.set_photos(files.len());
        let fetched = stream::iter(files).map(|sha256| async move {
            let bytes = self.store.objects().get(&keys::photo(&sha256, PhotoSize::Large)).await;
            let bytes = bytes.map_err(store::Error::from)?;
            let Some(bytes) = bytes else {
                tracing::error!(sha256, "the picture of a photo is gone");
                return Err(AppError::Internal);
            };
            let written = tokio::fs::write(folder.photo(&sha256), bytes).await;
            written.map_err(|error| failed(error.into()))?;
            progress.add_photo();
            Ok(())
        });
        fetched.buffer_unordered(FETCHES).try_collect().await
    }

    /// Copies the logo into the folder. A missing logo is not an error, because the report still shows the
    /// inspection.
    async fn fetch_logo(
        self,
        organisation: &Organisation,
        folder: &ReportFolder,
    ) -> Result<(), AppError> {
        let Some(logo) = &organisation.logo else { return Ok(()) };
        let bytes = self.store.objects().get(&keys::logo(&logo.sha256)).await;
        let Some(bytes) = bytes.map_err(store::Error::from)? else {
            tracing::error!(sha256 = logo.sha256, "the logo of the organisation is gone");
            return Ok(());
        };
        let written = tokio::fs::write(folder.logo(), bytes).await;
        written.map_err(|error| failed(error.into()))
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

/// Returns a file name such as `BI-2026-0001 Riverside House.pdf`, without characters that file systems
/// reject.
fn file_name(inspection: &Inspection) -> String {
    const MAX_FILE_NAME_LENGTH: usize = 100;
    let name: String = format!("{} {}", inspection.reference, inspection.name)
        .chars()
        .map(|it| if it.is_control() || "/\\:*?\"<>|".contains(it) { ' ' } else { it })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = name.chars().take(MAX_FILE_NAME_LENGTH).collect();
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
