//! `GET /live`: server-sent events for all open pages. The pages of a browser share one stream
//! (`app/src/live/`), so it contains everything that its viewer may see, and each page selects what
//! it shows. The events are
//!
//! - `here`: the stream is open; `{"last": 7}` is the newest change by now;
//! - `changed`: `{"last": 9, "inspections": [[3, 8], [4, 9]]}` is the newest change, and the newest
//!   of each inspection that was changed, `null` where there are too many of them to name;
//! - `reviewed`: changes were reviewed or marked unreviewed;
//! - `commented`: `[3]` are the inspections whose comments changed;
//! - `missed`: some events were lost, so anything may have changed;
//! - `signed-out`: the session has ended, and so has the stream;
//! - `displaced`: the person or their address has too many streams, so this one has ended.

use crate::{
    answer,
    client_address::ClientAddress,
    live::{Heard, Listener, events},
    state::AppState,
};
use app::{auth::Session, error::AppError};
use axum::{
    Router,
    extract::{Extension, State},
    http::{HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use domain::id::UserId;
use futures::{Stream, StreamExt, stream};
use serde_json::json;
use std::{collections::VecDeque, convert::Infallible, net::IpAddr, time::Duration};
use store::SessionKey;

/// Response headers against buffering by a proxy and against caching.
const AT_ONCE: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];

/// Time until an `EventSource` that was displaced connects again by itself. Pages of Plumbline wait
/// until they are shown again.
const DISPLACED_FOR: Duration = Duration::from_secs(300);

/// Returns the route of the stream.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/live", get(serve))
}

async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
) -> Response {
    match Viewer::new(state, &session, address).await {
        Ok((viewer, first_event)) => {
            let begin = stream::iter([Ok::<_, Infallible>(first_event)]);
            let events = Sse::new(begin.chain(viewer.events())).keep_alive(KeepAlive::default());
            (AT_ONCE, events).into_response()
        }
        Err(error) => answer::json(&error),
    }
}

/// Person whose pages receive events.
struct Viewer {
    state: AppState,
    user: UserId,
    role: domain::people::Role,
    session: SessionKey,
    listener: Listener,
    waiting: VecDeque<Event>,
    ended: bool,
}

impl Viewer {
    /// Starts listening. Also returns the event that says so.
    async fn new(
        state: AppState,
        session: &Session,
        address: IpAddr,
    ) -> Result<(Self, Event), AppError> {
        let actor = session.actor()?;
        let token = session.token().ok_or(AppError::SignInNeeded)?;
        // Listening starts before the newest change is read, so that no commit in between is missed.
        let listener = state.live.listen(actor.id, address).await?;
        let newest = state.store.newest_change().await?.map_or(0, |change| change.0);
        let first_event =
            Event::default().event("here").data(json!({ "last": newest }).to_string());
        let (user, role, session) = (actor.id, actor.role, SessionKey::of(token));
        let (waiting, ended) = (VecDeque::new(), false);
        Ok((Self { state, user, role, session, listener, waiting, ended }, first_event))
    }

    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut viewer| {
            let event = viewer.next().await?;
            Some((Ok(event), viewer))
        })
    }

    /// Waits for the next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            let heard = tokio::select! {
                heard = self.listener.next() => heard,
                () = self.state.stopping.wait() => return None,
            };
            let batch = match heard {
                Heard::Batch(batch) => batch,
                Heard::Displaced => {
                    self.ended = true;
                    let displaced = Event::default().event("displaced").data(".");
                    return Some(displaced.retry(DISPLACED_FOR));
                }
                Heard::End => return None,
            };
            match batch.role(self.user, &self.session) {
                Some(Some(role)) => self.role = role,
                // The stream started after the sessions were read, and its own session has just
                // been checked.
                Some(None) => {}
                None => {
                    self.ended = true;
                    return Some(Event::default().event("signed-out").data("."));
                }
            }
            self.waiting.extend(events(&batch, self.user, self.role));
        }
    }
}
