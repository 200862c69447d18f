//! `GET /changes/stream?FILTER&after=ID`: what is new, as server-sent events, filtered by what the
//! viewer may see and has asked for.
//!
//! - `new`: so many more changes match. Its id is that of the last of them, and a browser that connects
//!   again sends it, so that nothing is missed or told twice.
//! - `stale`: something else on the page may be different by now, such as a review.

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
use std::{convert::Infallible, time::Duration};
use store::{Notice, Notices, Store};
use tokio::time::Instant;

/// So long a stream lasts before the browser connects again, so that whoever was signed out meanwhile
/// is told no more.
const LASTS: Duration = Duration::from_secs(600);

/// How often a silent stream shows that it lives.
const SILENT: Duration = Duration::from_secs(15);

pub(super) async fn stream(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let viewer = match session.actor() {
        Ok(viewer) if may_review_changes(viewer.role) => viewer,
        Ok(_) => {
            let why = "The changes of all inspections are for reviewers.";
            return answer::text(&AppError::Forbidden(why.into()));
        }
        Err(error) => return answer::text(&error),
    };
    let query = query.unwrap_or_default();
    let filter = ChangeFilter::from_query(&query).0.first_page();
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let asked = || {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == "after").and_then(|(_, id)| id.parse().ok())
    };
    let after = ChangeId(seen.or_else(asked).unwrap_or(i64::MAX));
    // Subscribed before anything is read: what is committed in between is told.
    let notices = match state.store.notices().await {
        Ok(notices) => notices,
        Err(error) => return crate::pages::failure(&error),
    };
    let watch = Watch {
        store: state.store.clone(),
        notices,
        viewer,
        filter,
        after,
        asks: true,
        stale: false,
        ends: Instant::now() + LASTS,
    };
    Sse::new(watch.events()).keep_alive(KeepAlive::new().interval(SILENT)).into_response()
}

/// What one browser has been told, and what it waits for.
struct Watch {
    store: Store,
    notices: Notices,
    viewer: Actor,
    filter: ChangeFilter,
    after: ChangeId,
    /// Whether there may be new changes.
    asks: bool,
    /// Whether something else is to be told.
    stale: bool,
    ends: Instant,
}

impl Watch {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> + Send {
        stream::unfold(self, |mut watch| async move {
            let event = watch.next().await?;
            Some((Ok(event), watch))
        })
    }

    /// The next thing to tell; `None` once the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.asks {
                let found = self.store.changes_after(self.after, &self.filter, &self.viewer).await;
                let rows = match found {
                    Ok(rows) => rows,
                    Err(error) => {
                        tracing::error!(error = &error as &dyn std::error::Error, "no news");
                        return None;
                    }
                };
                self.asks = false;
                if let Some(last) = rows.last() {
                    self.after = last.change.id;
                    // There may be more than are read at once.
                    self.asks = true;
                    let event = Event::default().event("new").id(self.after.to_string());
                    return Some(event.data(rows.len().to_string()));
                }
            }
            if std::mem::take(&mut self.stale) {
                return Some(Event::default().event("stale").data("."));
            }
            let notice = tokio::time::timeout_at(self.ends, self.notices.next()).await.ok()??;
            match notice {
                Notice::Changed { .. } => self.asks = true,
                Notice::Missed => (self.asks, self.stale) = (true, true),
                Notice::Reviewed | Notice::Commented(_) => self.stale = true,
            }
        }
    }
}
