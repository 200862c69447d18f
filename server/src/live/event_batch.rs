//! Message to the event streams, and the part of it that a person may see.

use axum::response::sse::Event;
use domain::{
    id::{ChangeId, UserId},
    people::Role,
    permission::may_review_changes,
};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{Concerned, SessionKey};

/// Maximum number of inspections named in an event.
const NAMED: usize = 200;

/// Events of one interval, read once for all streams.
#[derive(Debug, Default)]
pub(crate) struct EventBatch {
    /// Newest change, if there were any.
    pub(crate) last: Option<ChangeId>,
    /// Inspections that were changed.
    pub(crate) changed: Vec<Concerned>,
    /// Inspections whose comments changed.
    pub(crate) commented: Vec<Concerned>,
    /// Whether changes were reviewed or marked unreviewed.
    pub(crate) reviewed: bool,
    /// Whether events were missed.
    pub(crate) missed: bool,
    /// People whose sessions were read.
    pub(crate) asked: HashSet<UserId>,
    /// Sessions of those people that have not ended.
    pub(crate) sessions: HashMap<SessionKey, Role>,
}

impl EventBatch {
    /// Returns the role of a session: `None` if it has ended, `Some(None)` if it was not read.
    #[expect(clippy::option_option, reason = "two kinds of none")]
    pub(crate) fn role(&self, user: UserId, session: &SessionKey) -> Option<Option<Role>> {
        match self.asked.contains(&user) {
            true => self.sessions.get(session).map(|role| Some(*role)),
            false => Some(None),
        }
    }
}

/// Returns the events that a person may see; inspectors see only their own inspections.
pub(crate) fn events(batch: &EventBatch, user: UserId, role: Role) -> Vec<Event> {
    let reviews = may_review_changes(role);
    let visible = |all: &[Concerned]| -> Vec<Concerned> {
        all.iter().filter(|one| reviews || one.inspector == user).copied().collect()
    };
    let mut events = Vec::new();
    let mut tell = |name: &str, data: String| events.push(Event::default().event(name).data(data));
    if batch.missed {
        tell("missed", ".".into());
    }
    let changed = visible(&batch.changed);
    let last = match reviews {
        true => batch.last,
        false => changed.iter().filter_map(|one| one.last).max(),
    };
    if let Some(last) = last {
        let pairs = changed.iter().map(|one| (one.inspection.0, one.last.map(|last| last.0)));
        let named = (changed.len() <= NAMED).then(|| pairs.collect::<Vec<_>>());
        tell("changed", json!({ "last": last.0, "inspections": named }).to_string());
    }
    let commented = visible(&batch.commented);
    if !commented.is_empty() {
        let ids: Vec<_> = commented.iter().map(|one| one.inspection.0).collect();
        tell("commented", json!(ids).to_string());
    }
    if batch.reviewed && reviews {
        tell("reviewed", ".".into());
    }
    events
}
