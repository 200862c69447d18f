//! Translation of a filter into tokens.

use crate::tokens::{self, TokenQuery};
use chrono::NaiveDate;
use domain::{
    feed::{ChangeFilter, Facets, ReviewState},
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
        // Destructured without `..`, so that the compiler reports a filter without a condition. The
        // grouping and the page are no conditions, and `ids` stands for the request.
        let ChangeFilter {
            actions,
            users,
            inspections,
            fields,
            states,
            without:
                Facets {
                    actions: without_actions,
                    users: without_users,
                    inspections: without_inspections,
                    fields: without_fields,
                    states: without_states,
                },
            request: _,
            words: _,
            from,
            to,
            group: _,
            before: _,
        } = filter;
        let known = |users: &[UserId]| -> Vec<UserId> {
            users.iter().copied().filter(|user| existing.contains(user)).collect()
        };
        let lists = [
            (
                !users.is_empty(),
                tokens_of(&known(users), tokens::user),
                tokens_of(&known(without_users), tokens::user),
            ),
            (
                !inspections.is_empty(),
                tokens_of(inspections, tokens::inspection),
                tokens_of(without_inspections, tokens::inspection),
            ),
            (
                !fields.is_empty(),
                tokens_of(fields, tokens::field),
                tokens_of(without_fields, tokens::field),
            ),
        ];
        let mut with: Vec<Vec<TokenQuery>> = Vec::new();
        let mut without: Vec<TokenQuery> = Vec::new();
        for (is_asked, included, excluded) in lists {
            with.extend(is_asked.then_some(included));
            without.extend(excluded);
        }
        with.extend(filter.beginnings().iter().map(|typed| vec![TokenQuery::begins(typed)]));
        if filter.is_without_words() {
            // An empty list matches nothing, because a change has none of its tokens.
            with.push(Vec::new());
        }
        Self {
            with,
            without,
            actions: tokens_of(actions, tokens::action),
            without_actions: tokens_of(without_actions, tokens::action),
            states: states.clone(),
            without_states: without_states.clone(),
            ids,
            days: days(*from, *to),
        }
    }

    /// Returns whether it has a condition on review states.
    pub(crate) const fn is_of_states(&self) -> bool {
        !self.states.is_empty() || !self.without_states.is_empty()
    }
}

/// Returns the tokens of values.
fn tokens_of<T: Copy>(values: &[T], token: fn(T) -> String) -> Vec<TokenQuery> {
    values.iter().map(|value| TokenQuery::One(token(*value))).collect()
}

/// Returns the days that a filter asks for, limited to years of four digits. An empty range is
/// returned with the first day after the last, so that everything is outside it.
fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> (NaiveDate, NaiveDate) {
    let earliest = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let latest = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let first = from.unwrap_or(earliest).max(earliest);
    let last = to.unwrap_or(latest).min(latest);
    if first <= last { (first, last) } else { (latest, earliest) }
}
