//! The feed of changes on the dashboard: entries, counts, saved views, activity.

use crate::{
    change::{Action, Change},
    feed::{ChangeFilter, EntryKey, Group, Review, ReviewState},
    id::{ChangeId, InspectionId, UserId, ViewId},
    inspection::Status,
    people::Person,
    text::isolate,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number that is exact up to [`Count::MAX_EXACT`] and otherwise only known to be greater.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Count(u32);

impl Count {
    /// The greatest number that is shown exactly.
    pub const MAX_EXACT: u32 = 1_000;

    /// Returns the count of a number.
    pub fn of(number: u64) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX).min(Self::MAX_EXACT + 1))
    }

    /// Returns the number, if it is exact.
    pub const fn exact(self) -> Option<u32> {
        if self.0 > Self::MAX_EXACT { None } else { Some(self.0) }
    }

    /// Returns whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Formats it as "128", "1,000" or "1,000+".
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exact() {
            Some(Self::MAX_EXACT) => f.write_str("1,000"),
            Some(number) => number.fmt(f),
            None => f.write_str("1,000+"),
        }
    }
}

/// A change in the feed, with the data of its inspection and its review that the row shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// The change.
    pub change: Change,
    /// The inspection's present reference.
    pub reference: String,
    /// The inspection's present name.
    pub name: String,
    /// The inspection's present status.
    pub status: Status,
    /// The last change of the inspection.
    pub head: ChangeId,
    /// Whether the inspection was removed since.
    pub removed: bool,
    /// The inspection's present inspector.
    pub inspector: Option<Person>,
    /// Its current review; `None` while it is unreviewed.
    pub review: Option<Review>,
    /// Number of comments on it.
    pub comments: i64,
}

impl ChangeRow {
    /// Returns its review state.
    pub fn state(&self) -> ReviewState {
        self.review.as_ref().map_or(ReviewState::Unreviewed, |review| review.state)
    }
}

impl EntryKey {
    /// Returns the grouping that makes such entries.
    pub const fn group(self) -> Group {
        match self {
            Self::Request(_) => Group::Request,
            Self::Inspection(_) => Group::Inspection,
            Self::Day(_) => Group::Day,
        }
    }

    /// Returns the filter restricted to this entry, from its first page and regardless of grouping;
    /// `None` if the filter excludes the entry.
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
    /// The property that its changes have in common.
    pub key: EntryKey,
    /// Its newest matches: at least one, at most as many as the filter
    /// [shows](ChangeFilter::shown).
    pub rows: Vec<ChangeRow>,
    /// Number of its matches, on all pages.
    pub count: Count,
    /// Summary of all its matches, including those not in `rows`.
    pub summary: Summary,
}

impl Entry {
    /// Returns a row of the entry if its matches are all of one inspection whose status can be
    /// changed from here.
    pub fn of_one(&self) -> Option<&ChangeRow> {
        let takes_steps = self.key.group().takes_steps() && self.summary.inspection.is_some();
        self.rows.first().filter(|_| takes_steps)
    }
}

/// Summary of several changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of changes in each state, in the order of [`ReviewState::ALL`].
    pub states: [u64; ReviewState::ALL.len()],
    /// Number of changes of each action, the action that occurred first before the others.
    pub actions: Vec<(Action, u64)>,
    /// Names of the authors, the latest first: at most [`NAMED`](Self::NAMED).
    pub people: Vec<String>,
    /// Number of the other authors.
    pub others: u64,
    /// The inspection, if all changes are of one.
    pub inspection: Option<InspectionId>,
}

impl Summary {
    /// Maximum number of people named.
    pub const NAMED: usize = 3;

    /// Summarises rows, which are given newest first.
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

    /// Returns the number of changes in a state.
    pub const fn in_state(&self, state: ReviewState) -> u64 {
        self.states[state as usize]
    }

    /// Returns the state that all changes share, if they do.
    pub fn state(&self) -> Option<ReviewState> {
        let all = self.states.iter().sum();
        ReviewState::ALL.into_iter().find(|state| self.in_state(*state) == all)
    }

    /// Formats the authors: "Ida Example", "Ida Example and Otto Example", "Ida, Otto, Rita and 4
    /// others".
    pub fn by(&self) -> String {
        let mut names: Vec<_> = self.people.iter().map(|name| isolate(name).into_owned()).collect();
        match self.others {
            0 => {}
            1 => names.push("1 other".into()),
            others => names.push(format!("{others} others")),
        }
        crate::change::listed(&names)
    }
}

/// A page of one opened entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// Its matches, newest first: at most [`ChangeFilter::ENTRY_PAGE`].
    pub rows: Vec<ChangeRow>,
    /// Start of the next page: changes older than this one.
    pub next: Option<ChangeId>,
}

/// Number of matches by state, regardless of the states in the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCounts {
    /// Number of unreviewed matches.
    pub unreviewed: Count,
    /// Number of flagged matches.
    pub flagged: Count,
    /// Number of all matches.
    pub all: Count,
}

/// A page of the feed, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePage {
    /// The entries, in the order of the newest match of each.
    pub entries: Vec<Entry>,
    /// Number of matches, on all pages.
    pub total: Count,
    /// Number of matches of each action, regardless of the actions in the filter, on all pages.
    pub counts: Vec<(Action, Count)>,
    /// Number of matches by state, regardless of the states in the filter, on all pages.
    pub tabs: StateCounts,
    /// Start of the next page: entries whose newest match is older than this change.
    pub next: Option<ChangeId>,
    /// Newest change covered by this page, whether it matches or not. The counts are always
    /// current.
    pub newest: Option<ChangeId>,
    /// Number of matches after that change.
    pub later: Count,
}

impl ChangePage {
    /// Returns the changes on the page, entry by entry.
    pub fn rows(&self) -> impl Iterator<Item = &ChangeRow> + Clone {
        self.entries.iter().flat_map(|entry| &entry.rows)
    }
}

/// A filter saved under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// Its name, unique for a person.
    pub name: String,
    /// The filter, as a query string without a leading `?`.
    pub query: String,
    /// Whether it is shown when no filter is given.
    pub is_start: bool,
    /// Present number of matches.
    pub count: Count,
}

/// Activity of a period by day and action, with the people and inspections that changed most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Numbers of matches by day and action: every day of the period, oldest first, without zero
    /// counts.
    pub days: Vec<(NaiveDate, Vec<(Action, u64)>)>,
    /// People with the most matches, most first, by their present name; people whose account was
    /// deleted by the name recorded then.
    pub people: Vec<(Option<UserId>, String, u64)>,
    /// Inspections with the most matches, most first.
    pub inspections: Vec<(InspectionId, String, u64)>,
    /// Number of newest matches that `people` and `inspections` are computed from; all matches if
    /// there are no more.
    pub sampled: u64,
    /// Number of matches on these days.
    pub total: u64,
}

impl Activity {
    /// Maximum number of days: more than a year.
    pub const DAYS: u64 = 400;

    /// Maximum number of people, and of inspections, named.
    pub const NAMED: usize = 8;

    /// Maximum number of changes that `people` and `inspections` are computed from.
    pub const TOLD_OF: usize = 10_000;
}
