//! Translation of a filter into index tokens.

use super::tokens::{self, TokenQuery};
use crate::{
    Error,
    db::Tx,
    sql::{numbers, sql},
};
use chrono::NaiveDate;
use domain::{
    change::Action,
    feed::{ChangeFilter, ReviewState},
    id::UserId,
};

/// Conditions of a filter, as tokens.
#[derive(Debug)]
pub(super) struct TokenConditions {
    /// A match has at least one token of each of these lists.
    pub(super) with: Vec<Vec<TokenQuery>>,
    /// A match has none of these.
    pub(super) without: Vec<TokenQuery>,
    /// The action of a match is one of these; empty: any action.
    pub(super) actions: Vec<TokenQuery>,
    pub(super) without_actions: Vec<TokenQuery>,
    pub(super) states: Vec<ReviewState>,
    pub(super) without_states: Vec<ReviewState>,
    /// A match is one of these ids, in ascending order; `None`: any id.
    pub(super) ids: Option<Vec<i64>>,
    pub(super) days: (NaiveDate, NaiveDate),
}

/// Translates a filter into tokens.
pub(super) async fn conditions(
    tx: &mut Tx,
    filter: &ChangeFilter,
) -> Result<TokenConditions, Error> {
    let one = TokenQuery::One;
    let mut with: Vec<Vec<TokenQuery>> = Vec::new();
    let mut without: Vec<TokenQuery> = Vec::new();
    let negated = &filter.without;
    if !filter.users.is_empty() {
        let users = existing(tx, &filter.users).await?;
        with.push(users.into_iter().map(|it| one(tokens::user(it))).collect());
    }
    if !negated.users.is_empty() {
        let users = existing(tx, &negated.users).await?;
        without.extend(users.into_iter().map(|it| one(tokens::user(it))));
    }
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
    let ids = match filter.request {
        Some(request) => {
            let these = sql("select id from changes where request_id = $1 order by id");
            let ids: Vec<(i64,)> = these.bind(request).all(&mut *tx).await?;
            Some(ids.into_iter().map(|(id,)| id).collect())
        }
        None => None,
    };
    let actions = |actions: &[Action]| actions.iter().map(|it| one(tokens::action(*it))).collect();
    Ok(TokenConditions {
        with,
        without,
        actions: actions(&filter.actions),
        without_actions: actions(&negated.actions),
        states: filter.states.clone(),
        without_states: negated.states.clone(),
        ids,
        days: days(filter),
    })
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

/// Returns those of the users who have an account. Changes name no other users, even if the index
/// still has their tokens.
async fn existing(tx: &mut Tx, users: &[UserId]) -> Result<Vec<UserId>, Error> {
    let text = format!("select id from users where {}", tx.dialect().any("id", 1));
    let found: Vec<(i64,)> = sql(text).bind(numbers(users.iter().copied())).all(tx).await?;
    Ok(found.into_iter().map(|(id,)| UserId(id)).collect())
}
