//! What happened within a short while, and what of it somebody may know.

use axum::response::sse::Event;
use domain::{ChangeId, Role, UserId, may_review_changes};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{Concerned, SessionKey};

/// The most inspections that an event names.
const NAMED: usize = 200;

/// What happened within a short while, read once for all streams.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The newest change, if there were any.
    pub(super) last: Option<ChangeId>,
    /// The inspections that were changed.
    pub(super) changed: Vec<Concerned>,
    /// The inspections with other comments than before.
    pub(super) commented: Vec<Concerned>,
    /// Whether changes were reviewed, or put back.
    pub(super) reviewed: bool,
    /// Whether something was missed.
    pub(super) missed: bool,
    /// Whose sessions were read.
    pub(super) asked: HashSet<UserId>,
    /// The sessions of those people that have not ended.
    pub(super) sessions: HashMap<SessionKey, Role>,
}

impl Told {
    /// The role of a session: `None` where it has ended, and no role where it was not asked for.
    #[expect(clippy::option_option, reason = "two kinds of none")]
    pub(super) fn role(&self, user: UserId, session: &SessionKey) -> Option<Option<Role>> {
        match self.asked.contains(&user) {
            true => self.sessions.get(session).map(|role| Some(*role)),
            false => Some(None),
        }
    }
}

/// The events that somebody may know of: inspectors hear of their own inspections alone.
pub(super) fn events(told: &Told, user: UserId, role: Role) -> Vec<Event> {
    let reviews = may_review_changes(role);
    let visible = |all: &[Concerned]| -> Vec<Concerned> {
        all.iter().filter(|one| reviews || one.inspector == user).copied().collect()
    };
    let mut events = Vec::new();
    let mut tell = |name: &str, data: String| events.push(Event::default().event(name).data(data));
    if told.missed {
        tell("missed", ".".into());
    }
    let changed = visible(&told.changed);
    let last = match reviews {
        true => told.last,
        false => changed.iter().filter_map(|one| one.last).max(),
    };
    if let Some(last) = last {
        let pairs = changed.iter().map(|one| (one.inspection.0, one.last.map(|last| last.0)));
        let named = (changed.len() <= NAMED).then(|| pairs.collect::<Vec<_>>());
        tell("changed", json!({ "last": last.0, "inspections": named }).to_string());
    }
    let commented = visible(&told.commented);
    if !commented.is_empty() {
        let ids: Vec<_> = commented.iter().map(|one| one.inspection.0).collect();
        tell("commented", json!(ids).to_string());
    }
    if told.reviewed && reviews {
        tell("reviewed", ".".into());
    }
    events
}
