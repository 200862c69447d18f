//! The feed of changes as the dashboard shows it: entries, counts, saved views, activity.

use crate::{
    Action, Change, ChangeFilter, ChangeId, Group, InspectionId, Person, Review, ReviewState,
    Status, UserId, ViewId, isolate,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// How many there are: exactly up to [`Count::MOST`], and beyond that only that there are more.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Count(u32);

impl Count {
    /// The greatest number that is told exactly.
    pub const MOST: u32 = 1_000;

    /// Returns the count that tells of so many.
    pub fn of(number: u64) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX).min(Self::MOST + 1))
    }

    /// Returns the number, if it is told exactly.
    pub const fn exact(self) -> Option<u32> {
        if self.0 > Self::MOST { None } else { Some(self.0) }
    }

    /// Returns whether there is none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// "128", "1,000", "1,000+".
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exact() {
            Some(Self::MOST) => f.write_str("1,000"),
            Some(number) => number.fmt(f),
            None => f.write_str("1,000+"),
        }
    }
}

/// One change in the feed, with what the row needs to know of its inspection and its review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// The change.
    pub change: Change,
    /// The inspection's reference, as it is now.
    pub reference: String,
    /// The inspection's name, as it is now.
    pub name: String,
    /// Where the inspection stands now.
    pub status: Status,
    /// The last change of the inspection.
    pub head: ChangeId,
    /// Whether the inspection was removed since.
    pub removed: bool,
    /// Whose inspection it is now.
    pub inspector: Option<Person>,
    /// The review it stands under; `None` while it is unreviewed.
    pub review: Option<Review>,
    /// How many comments there are about it.
    pub comments: i64,
}

impl ChangeRow {
    /// Where it stands with the reviewers.
    pub fn state(&self) -> ReviewState {
        self.review.as_ref().map_or(ReviewState::Unreviewed, |review| review.state)
    }
}

/// What the changes of an entry have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKey {
    /// One request: one thing that somebody did.
    Request(Uuid),
    /// One inspection.
    Inspection(InspectionId),
    /// One day, UTC.
    Day(NaiveDate),
}

impl EntryKey {
    /// What makes such an entry.
    pub const fn group(self) -> Group {
        match self {
            Self::Request(_) => Group::Request,
            Self::Inspection(_) => Group::Inspection,
            Self::Day(_) => Group::Day,
        }
    }

    /// Returns the filter that lets through what of this entry it let through before, from its first page and
    /// in whatever way it groups; `None` where it shuts the entry out.
    pub fn within(self, filter: &ChangeFilter) -> Option<ChangeFilter> {
        let mut filter = filter.first_page();
        match self {
            Self::Request(id) => {
                if filter.request.is_some_and(|request| request != id) {
                    return None;
                }
                filter.request = Some(id);
            }
            Self::Inspection(id) => {
                if !filter.inspections.is_empty() && !filter.inspections.contains(&id) {
                    return None;
                }
                filter.inspections = vec![id];
            }
            Self::Day(day) => {
                filter.from = Some(filter.from.map_or(day, |from| from.max(day)));
                filter.to = Some(filter.to.map_or(day, |to| to.min(day)));
            }
        }
        Some(filter)
    }
}

/// One entry of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What its changes have in common.
    pub key: EntryKey,
    /// The newest of its changes that match the filter: at least one, at most as many as
    /// the filter [shows](ChangeFilter::shown).
    pub rows: Vec<ChangeRow>,
    /// How many of its changes match, on all pages.
    pub count: Count,
    /// What all that match come to, also those that it does not bring along.
    pub summary: Summary,
}

impl Entry {
    /// The most changes of a page of one opened entry.
    pub const PAGE: usize = 100;

    /// Returns a row of the one inspection whose steps can be taken from here.
    pub fn of_one(&self) -> Option<&ChangeRow> {
        let takes_steps = self.key.group().takes_steps() && self.summary.inspection.is_some();
        self.rows.first().filter(|_| takes_steps)
    }
}

/// What changes come to together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many there are in each state, in the order of [`ReviewState::ALL`].
    pub states: [u64; ReviewState::ALL.len()],
    /// How many there are of which action, the one that came first before the others.
    pub actions: Vec<(Action, u64)>,
    /// Who made them, whoever did so last first: at most [`NAMED`](Self::NAMED).
    pub people: Vec<String>,
    /// How many others made any.
    pub others: u64,
    /// The inspection, where all are of one.
    pub inspection: Option<InspectionId>,
}

impl Summary {
    /// How many people are named.
    pub const NAMED: usize = 3;

    /// What these come to, newest first.
    pub fn of(rows: &[ChangeRow]) -> Self {
        let mut summary = Self {
            inspection: rows.first().map(|row| row.change.inspection_id),
            ..Self::default()
        };
        for row in rows {
            summary.states[row.state() as usize] += 1;
            if summary.inspection.is_some_and(|it| it != row.change.inspection_id) {
                summary.inspection = None;
            }
            if !summary.people.contains(&row.change.user_name) {
                summary.people.push(row.change.user_name.clone());
            }
        }
        for action in rows.iter().rev().map(|row| row.change.record.action) {
            match summary.actions.iter_mut().find(|(it, _)| *it == action) {
                Some((_, number)) => *number += 1,
                None => summary.actions.push((action, 1)),
            }
        }
        summary.others = summary.people.len().saturating_sub(Self::NAMED) as u64;
        summary.people.truncate(Self::NAMED);
        summary
    }

    /// Returns how many there are in a state.
    pub const fn in_state(&self, state: ReviewState) -> u64 {
        self.states[state as usize]
    }

    /// Returns the state that all share.
    pub fn state(&self) -> Option<ReviewState> {
        let all = self.states.iter().sum();
        ReviewState::ALL.into_iter().find(|state| self.in_state(*state) == all)
    }

    /// Who made them: "Ida Example", "Ida Example and Otto Example", "Ida, Otto, Rita and 4 others".
    pub fn by(&self) -> String {
        let mut names: Vec<_> = self.people.iter().map(|name| isolate(name).into_owned()).collect();
        match self.others {
            0 => {}
            1 => names.push("1 other".into()),
            others => names.push(format!("{others} others")),
        }
        crate::told::listed(&names)
    }
}

/// A page of one opened entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// Its changes that match, newest first: at most [`Entry::PAGE`].
    pub rows: Vec<ChangeRow>,
    /// Where the rest begins: older than this change.
    pub next: Option<ChangeId>,
}

/// How many match the filter whatever state it asks for, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tabs {
    /// Those nobody has reviewed.
    pub unreviewed: Count,
    /// Those that are flagged.
    pub flagged: Count,
    /// All of them.
    pub all: Count,
}

/// A page of the feed, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePage {
    /// The entries, in the order of the newest matching change of each.
    pub entries: Vec<Entry>,
    /// How many changes match, on all pages.
    pub total: Count,
    /// How many changes of each action match the filter without its actions, on all pages.
    pub counts: Vec<(Action, Count)>,
    /// How many match the filter without its states, on all pages.
    pub tabs: Tabs,
    /// Where the next page begins: entries whose newest matching change is older than this one.
    pub next: Option<ChangeId>,
    /// The newest change that the entries take in, whether it matches or not. The counts are always
    /// those of the present.
    pub newest: Option<ChangeId>,
    /// How many matching changes came after that one.
    pub later: Count,
}

impl ChangePage {
    /// Returns the changes that the page brings along, entry by entry.
    pub fn rows(&self) -> impl Iterator<Item = &ChangeRow> + Clone {
        self.entries.iter().flat_map(|entry| &entry.rows)
    }
}

/// A filter that somebody keeps under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// Its name, once a person.
    pub name: String,
    /// The filter, as a query string without a leading `?`.
    pub query: String,
    /// Whether it is shown where no filter is asked for.
    pub is_start: bool,
    /// How many changes match it now.
    pub count: Count,
}

/// What happened in a stretch of time, by day and action, and who and what changed most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Day by day without a gap, oldest first, how many changes of which action match, where any.
    pub days: Vec<(NaiveDate, Vec<(Action, u64)>)>,
    /// Who made most of the matching changes, most first, by the name they have now; those whose account
    /// was deleted by the one they had then.
    pub people: Vec<(Option<UserId>, String, u64)>,
    /// Which inspections changed most, most first.
    pub inspections: Vec<(InspectionId, String, u64)>,
    /// The last two tell of so many of the newest matching changes; of all if there are no more.
    pub told_of: u64,
    /// How many changes match on these days.
    pub total: u64,
}

impl Activity {
    /// The most days it tells of: more than a year.
    pub const DAYS: u64 = 400;

    /// How many people, and how many inspections, it names at most.
    pub const NAMED: usize = 8;

    /// The most changes among which it finds who and what changed most.
    pub const TOLD_OF: usize = 10_000;
}
