//! Use case of making a report: from the inspection and its photos to a stored and recorded PDF.

use super::{
    file_name::file_name,
    jobs::JobKey,
    renderer::{RenderFailure, Renderer, ReportFolder, files_of},
    tracker::ProgressTracker,
    turns::Turn,
};
use crate::{Missing, PauseRule, ServiceError, error::During, inspections::visible};
use domain::{
    change::{Action, Change, Mutation, MutationKind, Refusal},
    id::{ChangeId, InspectionId},
    inspection::{Inspection, Report, Status},
    people::Actor,
    permission::may,
    view::ReportError,
};
use futures::{StreamExt, TryStreamExt, stream};
use report::{Input, Rendered};
use std::time::Duration;
use store::{
    At, Authorship, Clock, MutationRequest, Store,
    keys::{self, PhotoSize},
};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Number of attempts when the inspection changes meanwhile.
const TRIES: usize = 3;

/// Pause after a report. The processes that render have a low priority too, but a busy core slows down the other
/// one by a quarter where both share caches.
const PAUSE: PauseRule = PauseRule::new(2, Duration::from_secs(2));

/// Number of photos that are fetched concurrently.
const FETCHES: usize = 4;

/// Operation of the errors.
const OPERATION: &str = "make a report";

/// Creator of reports.
#[derive(Clone, Copy, Debug)]
pub struct ReportMaker<'a> {
    /// Store with inspections, photos and reports.
    pub store: &'a Store,
    /// Renderer of the PDFs.
    pub renderer: &'a Renderer,
    /// Clock for the times in reports and records.
    pub clock: Clock,
}

impl ReportMaker<'_> {
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
    ) -> Result<Change, ServiceError> {
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
    ) -> Result<Change, ServiceError> {
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
    ) -> Result<Change, ServiceError> {
        let key = JobKey { person: actor.id, inspection: id, request, is_automatic: true };
        self.start(actor, (id, None), key).await
    }

    async fn start(
        self,
        actor: &Actor,
        which: (InspectionId, Option<ChangeId>),
        key: JobKey,
    ) -> Result<Change, ServiceError> {
        let (store, renderer) = (self.store.clone(), self.renderer.clone());
        let (clock, actor) = (self.clock, actor.clone());
        let started = self.renderer.jobs().start(key, |progress| async move {
            let maker = ReportMaker { store: &store, renderer: &renderer, clock };
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
    ) -> Result<Change, ServiceError> {
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        // A person without permission gets the error immediately.
        self.inspection(actor, which.0).await?;
        // Data is loaded only during the turn, so that waiting jobs take no memory.
        let turn = self.renderer.turns().turn(actor.id, progress).await;
        let turn = turn.map_err(|_| ReportError::Failed)?;
        if let Some(done) = self.done_before(actor, which.0, request).await? {
            return Ok(done);
        }
        let work = PAUSE.begin(|| self.store.recorder_waits());
        let mut tries = 1;
        let made = loop {
            progress.set_preparing();
            match self.attempt(actor, which, request, (&turn, progress)).await {
                Err(ServiceError::Conflict { .. }) if tries < TRIES => tries += 1,
                made => break made,
            }
        };
        turn.end(work);
        made
    }

    /// Returns the report of an earlier attempt of the request, because its response may have been lost.
    async fn done_before(
        self,
        actor: &Actor,
        id: InspectionId,
        request: Uuid,
    ) -> Result<Option<Change>, ServiceError> {
        let done = self.store.change_of_request(request, 1).await.during(OPERATION, id)?;
        Ok(done.filter(|change| {
            change.inspection_id == id
                && change.user_id == Some(actor.id)
                && change.record.kind == MutationKind::CreateReport
        }))
    }

    /// Loads the inspection, if the actor may create a report of it.
    async fn inspection(self, actor: &Actor, id: InspectionId) -> Result<Inspection, ServiceError> {
        let inspection = visible(self.store, actor, id).await?;
        may(actor, Action::CreatePdf, &inspection).map_err(Refusal::from)?;
        Ok(inspection)
    }

    async fn attempt(
        self,
        actor: &Actor,
        (id, at): (InspectionId, Option<ChangeId>),
        request: Uuid,
        (turn, progress): (&Turn, &ProgressTracker),
    ) -> Result<Change, ServiceError> {
        let store = self.store;
        let inspection = self.inspection(actor, id).await?;
        // The report of a past state does not depend on later changes.
        let (inspection, shown, expected) = match at {
            Some(at) => {
                let moment = store.snapshot(id, At::Change(at)).await.during(OPERATION, id)?;
                let moment = moment.ok_or(Missing::Moment(id))?;
                (moment.inspection, moment.change, None)
            }
            None => {
                let head = inspection.head;
                let shown = store.change(head).await.during(OPERATION, id)?;
                let shown = shown.ok_or(Missing::Change(head))?.change;
                (inspection, shown, Some(head))
            }
        };
        let hash = store.change_hash(shown.id).await.during(OPERATION, id)?;
        let hash = hash.ok_or(Missing::Change(shown.id))?;
        let photos_added = store.photo_times(id).await.during(OPERATION, id)?;
        let input = Input {
            inspection,
            shows_at: shown.created_at,
            shows_by: shown.user_name,
            shows_hash: keys::hex(hash),
            made_at: self.clock.now(),
            photos_added,
            organisation: store.organisation().await.during(OPERATION, id)?,
        };
        let (folder, rendered) = self.render(&input, turn, progress).await?;
        let stored = store.objects().put_report(&folder.pdf()).await;
        let (sha256, bytes) = stored.during("store the file of a report", id)?;
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
        let now = self.clock.now();
        let author = Authorship { actor: actor.clone(), request_id: request, now };
        let mutation = Mutation::CreateReport { report };
        let request = MutationRequest { author, ordinal: 1, inspection: id, expected, mutation };
        let change = store.record(request).await.during(OPERATION, id)?;
        // Creating a report always changes the inspection, because it adds the report.
        change.ok_or_else(|| ReportError::Failed.into())
    }

    /// Renders a report in a temporary folder.
    async fn render(
        self,
        input: &Input,
        turn: &Turn,
        progress: &ProgressTracker,
    ) -> Result<(ReportFolder, Rendered), ServiceError> {
        let given = input.clone();
        let made = spawn_blocking(move || ReportFolder::new(&given));
        let made = made.await.map_err(RenderFailure::from);
        let folder = made.and_then(|made| Ok(made?)).map_err(failed)?;
        self.fetch_photos(&input.inspection, &folder, progress).await?;
        self.fetch_logo(input, &folder).await?;
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
    ) -> Result<(), ServiceError> {
        let files = files_of(inspection);
        progress.set_photos(files.len());
        let fetched = stream::iter(files).map(|sha256| async move {
            let bytes = self.store.objects().get(&keys::photo(&sha256, PhotoSize::Large)).await;
            let Some(bytes) = bytes.during("read the picture of a photo", inspection.id)? else {
                tracing::error!(sha256, "the picture of a photo is gone");
                return Err(ReportError::Failed.into());
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
    async fn fetch_logo(self, input: &Input, folder: &ReportFolder) -> Result<(), ServiceError> {
        let Some(logo) = &input.organisation.logo else { return Ok(()) };
        let bytes = self.store.objects().get(&keys::logo(&logo.sha256)).await;
        let Some(bytes) = bytes.during("read the logo", input.inspection.id)? else {
            tracing::error!(sha256 = logo.sha256, "the logo of the organisation is gone");
            return Ok(());
        };
        let written = tokio::fs::write(folder.logo(), bytes).await;
        written.map_err(|error| failed(error.into()))
    }
}

fn failed(failure: RenderFailure) -> ServiceError {
    tracing::error!(error = &failure as &dyn std::error::Error, "a report was not rendered");
    let error = match failure {
        RenderFailure::TooLong(_) => ReportError::Slow,
        _ => ReportError::Failed,
    };
    error.into()
}
