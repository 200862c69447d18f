//! `GET /changes/stream`: tells whoever has the dashboard open what is new, as server-sent events.
//!
//! An event's id is a change: asked again with it (`Last-Event-ID`, or `after` for the first time),
//! the stream goes on after that change. The events are
//!
//! - `new`: so many more changes match the filter; what they look like is asked for when wanted;
//! - `stale`: something else on the page may be different by now, such as a review;
//! - `signed-out`: the session has ended, and so has the stream.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    extract::{Extension, RawQuery, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{Actor, ChangeFilter, ChangeId, may_review_changes};
use futures::{Stream, stream};
use store::{Notice, Notices, Store};

pub(super) async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match Viewer::new(state, session, &query.unwrap_or_default(), &headers).await {
        Ok(viewer) => Sse::new(viewer.events()).keep_alive(KeepAlive::default()).into_response(),
        Err(error) => answer::json(&error),
    }
}

/// Somebody who looks on.
struct Viewer {
    state: AppState,
    session: Session,
    actor: Actor,
    filter: ChangeFilter,
    /// Everything up to this change was told.
    told: ChangeId,
    notices: Notices,
    /// Whether there may be news that no notice will tell of: what came before anybody listened, and
    /// what was too much to be read at once.
    unread: bool,
}

impl Viewer {
    async fn new(
        state: AppState,
        session: Session,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Self, AppError> {
        let actor = session.actor()?;
        if !may_review_changes(actor.role) {
            return Err(AppError::Forbidden("Only reviewers may follow all changes.".into()));
        }
        // Listening comes first, so that nothing is committed between looking and listening.
        let notices = state.store.notices().await?;
        let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok());
        let after = resumed.map(str::to_owned).or_else(|| after(query));
        let told = match after.and_then(|after| after.parse().ok()) {
            Some(told) => told,
            None => newest(&state.store).await?,
        };
        let (filter, _) = ChangeFilter::from_query(query);
        let filter = filter.first_page();
        Ok(Self { state, session, actor, filter, told, notices, unread: true })
    }

    fn events(self) -> impl Stream<Item = Result<Event, AppError>> {
        stream::try_unfold(Some(self), async |viewer| {
            let Some(mut viewer) = viewer else { return Ok(None) };
            let event = viewer.next().await?;
            Ok(event.map(|(event, more)| (event, more.then_some(viewer))))
        })
    }

    /// Waits for something to tell; and whether more may follow. `None` once the server stops.
    async fn next(&mut self) -> Result<Option<(Event, bool)>, AppError> {
        loop {
            let notice = if std::mem::take(&mut self.unread) {
                Notice::Missed
            } else {
                tokio::select! {
                    notice = self.notices.next() => match notice {
                        Some(notice) => notice,
                        None => return Ok(None),
                    },
                    () = self.state.stopping.wait() => return Ok(None),
                }
            };
            if !self.still_signed_in().await? {
                return Ok(Some((Event::default().event("signed-out").data("."), false)));
            }
            match notice {
                Notice::Changed { .. } | Notice::Missed => {
                    if let Some(event) = self.news().await? {
                        return Ok(Some((event, true)));
                    }
                }
                Notice::Reviewed | Notice::Commented(_) => {
                    return Ok(Some((Event::default().event("stale").data("."), true)));
                }
            }
        }
    }

    async fn news(&mut self) -> Result<Option<Event>, AppError> {
        let rows = self.state.store.changes_after(self.told, &self.filter, &self.actor).await?;
        let Some(last) = rows.last().map(|row| row.change.id) else { return Ok(None) };
        self.told = last;
        // There may be more than is read at once.
        self.unread = true;
        let event = Event::default().id(last.to_string()).event("new");
        Ok(Some(event.data(rows.len().to_string())))
    }

    /// A stream may outlive the session that opened it.
    async fn still_signed_in(&self) -> Result<bool, AppError> {
        let Some(token) = self.session.token() else { return Ok(false) };
        let user = self.state.store.session(token, self.state.clock.now()).await?;
        Ok(user.is_some_and(|user| may_review_changes(user.role)))
    }
}

async fn newest(store: &Store) -> Result<ChangeId, AppError> {
    let newest = store.latest_changes(&ChangeFilter::default(), 1).await?;
    Ok(newest.first().map_or(ChangeId(0), |row| row.change.id))
}

/// The key that says where a first stream begins: after the newest change that the page shows.
fn after(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(key, value)| (key == "after").then(|| value.into_owned()))
}
