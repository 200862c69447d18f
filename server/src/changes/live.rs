//! `GET /changes/stream`: tells whoever has the dashboard open what is new, as server-sent events.
//!
//! An event's id is a change: asked again with it (`Last-Event-ID`, or `after` for the first time),
//! the stream goes on after that change. The events are
//!
//! - `new`: so many more changes match the filter; what they look like is asked for when wanted;
//! - `stale`: something else may be different by now, such as a review, or a count to which a change
//!   belongs that the filter does not match;
//! - `signed-out`: the session has ended, and so has the stream.
//!
//! The stream begins with a comment: Firefox takes it for open once something of it is there.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    extract::{Extension, RawQuery, State},
    http::{HeaderMap, HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{ChangeFilter, ChangeId, may_review_changes};
use futures::{Stream, StreamExt, stream};
use store::{Notice, Notices};

/// What keeps a proxy from gathering events before it passes them on, and anybody from keeping them.
const AT_ONCE: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];

pub(super) async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match Viewer::new(state, session, &query.unwrap_or_default(), &headers).await {
        Ok(viewer) => {
            let begin = stream::iter([Ok(Event::default().comment("here"))]);
            let events = Sse::new(begin.chain(viewer.events())).keep_alive(KeepAlive::default());
            (AT_ONCE, events).into_response()
        }
        Err(error) => answer::json(&error),
    }
}

/// Somebody who looks on.
struct Viewer {
    state: AppState,
    session: Session,
    filter: ChangeFilter,
    /// Everything up to this change was told.
    told: ChangeId,
    notices: Notices,
    /// Whether it is still to be told what came before anybody listened.
    behind: bool,
}

impl Viewer {
    async fn new(
        state: AppState,
        session: Session,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Self, AppError> {
        session.reviewer()?;
        // Listening comes first, so that nothing is committed between looking and listening.
        let notices = state.store.notices().await?;
        let (filter, _) = ChangeFilter::from_query(query);
        let filter = filter.first_page();
        let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok());
        let after = resumed.map(str::to_owned).or_else(|| after(query));
        let told = match after.and_then(|after| after.parse().ok()) {
            Some(told) => told,
            None => state.store.news(None, &filter).await?.1,
        };
        Ok(Self { state, session, filter, told, notices, behind: true })
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
            let behind = std::mem::take(&mut self.behind);
            let notice = if behind {
                None
            } else {
                tokio::select! {
                    notice = self.notices.next() => match notice {
                        Some(notice) => Some(notice),
                        None => return Ok(None),
                    },
                    () = self.state.stopping.wait() => return Ok(None),
                }
            };
            if !self.still_signed_in().await? {
                return Ok(Some((Event::default().event("signed-out").data("."), false)));
            }
            let event = match notice {
                // Told by an earlier notice, which read on as far as there was anything.
                Some(Notice::Changed { last, .. }) if last <= self.told => continue,
                Some(Notice::Reviewed | Notice::Commented(_)) => stale(),
                None | Some(Notice::Changed { .. } | Notice::Missed) => {
                    let before = self.told;
                    match self.news().await? {
                        // Nothing came before anybody listened.
                        0 if behind && self.told == before => continue,
                        0 => stale(),
                        number => Event::default().event("new").data(number.to_string()),
                    }
                }
            };
            return Ok(Some((event.id(self.told.to_string()), true)));
        }
    }

    /// How many more changes match.
    async fn news(&mut self) -> Result<u64, AppError> {
        let (number, newest) = self.state.store.news(Some(self.told), &self.filter).await?;
        self.told = newest;
        Ok(number)
    }

    /// A stream may outlive the session that opened it.
    async fn still_signed_in(&self) -> Result<bool, AppError> {
        let Some(token) = self.session.token() else { return Ok(false) };
        let user = self.state.store.session(token, self.state.clock.now()).await?;
        Ok(user.is_some_and(|user| may_review_changes(user.role)))
    }
}

fn stale() -> Event {
    Event::default().event("stale").data(".")
}

/// The key that says where a first stream begins: after the newest change that the page shows.
fn after(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(key, value)| (key == "after").then(|| value.into_owned()))
}
