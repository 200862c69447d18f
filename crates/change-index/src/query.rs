//! Translation of a filter into tokens.

use crate::tokens::{self, TokenQuery};
use chrono::NaiveDate;
use domain::{
    change::Action,
    feed::{ChangeFilter, ReviewState},
    id::UserId,
};
use std::collections::BTreeSet;

/// Conditions of a filter, as tokens.
#[derive(Clone, Debug)]
pub struct Query {
    /// A match has at least one token of each of these lists.
    pub(crate) with: Vec<Vec<TokenQuery>>,
    /// A match has none of these.
    pub(crate) without: Vec<TokenQuery>,
    /// The action of a match is one of these; empty: any action.
    pub(crate) actions: Vec<TokenQuery>,
    pub(crate) without_actions: Vec<TokenQuery>,
    pub(crate) states: Vec<ReviewState>,
    pub(crate) without_states: Vec<ReviewState>,
    /// A match is one of these ids, in ascending order; `None`: any id.
    pub(crate) ids: Option<Vec<i64>>,
    pub(crate) days: (NaiveDate, NaiveDate),
}

impl Query {
    /// Translates a filter. `existing` are those of its users who have an account: changes name no
    /// other users, even if the index still has their tokens. `ids` are the changes of its request
    /// in ascending order, if it has one.
    pub fn new(filter: &ChangeFilter, existing: &BTreeSet<UserId>, ids: Option<Vec<i64>>) -> Self {
        let negated = &filter.without;
        let users = |users: &[UserId]| -> Vec<TokenQuery> {
            let users = users.iter().filter(|user| existing.contains(user));
            users.map(|user| TokenQuery::One(tokens::user(*user))).collect()
        };
        let one = TokenQuery::One;
        let mut with: Vec<Vec<TokenQuery>> = Vec::new();
        if !filter.users.is_empty() {
            with.push(users(&filter.users));
        }
        let mut without = users(&negated.users);
        if !filter.inspections.is_empty() {
            with.push(filter.inspections.iter().map(|it| one(tokens::inspection(*it))).collect());
        }
        without.extend(negated.inspections.iter().map(|it| one(tokens::inspection(*it))));
        if !filter.fields.is_empty() {
            with.push(filter.fields.iter().map(|it| one(tokens::field(*it))).collect());
        }
        without.extend(negated.fields.iter().map(|it| one(tokens::field(*it))));
        with.extend(filter.beginnings().iter().map(|typed| vec![TokenQuery::begins(typed)]));
        if filter.is_without_words() {
            // An empty list matches nothing, because a change has none of its tokens.
            with.push(Vec::new());
        }
        let actions =
            |actions: &[Action]| actions.iter().map(|it| one(tokens::action(*it))).collect();
        Self {
            with,
            without,
            actions: actions(&filter.actions),
            without_actions: actions(&negated.actions),
            states: filter.states.clone(),
            without_states: negated.states.clone(),
            ids,
            days: days(filter),
        }
    }

    /// Returns whether it has a condition on review states.
    pub(crate) const fn is_of_states(&self) -> bool {
        !self.states.is_empty() || !self.without_states.is_empty()
    }
}

/// Returns the days that a filter asks for, limited to years of four digits. An empty range is
/// returned with the first day after the last, so that everything is outside it.
fn days(filter: &ChangeFilter) -> (NaiveDate, NaiveDate) {
    let earliest = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let latest = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let first = filter.from.unwrap_or(earliest).max(earliest);
    let last = filter.to.unwrap_or(latest).min(latest);
    if first <= last { (first, last) } else { (latest, earliest) }
}
