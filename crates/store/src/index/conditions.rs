//! What a filter asks, in the words of the index.

use super::tokens::{self, Asked};
use crate::{
    Error,
    db::Tx,
    sql::{numbers, sql},
};
use chrono::NaiveDate;
use domain::{Action, ChangeFilter, ReviewState, UserId};

/// What a filter asks of a change, in tokens.
#[derive(Debug)]
pub(super) struct Conditions {
    /// Of each of these lists it has one.
    pub(super) with: Vec<Vec<Asked>>,
    /// It has none of these.
    pub(super) without: Vec<Asked>,
    /// Its action is one of these, if there are any.
    pub(super) actions: Vec<Asked>,
    pub(super) without_actions: Vec<Asked>,
    pub(super) states: Vec<ReviewState>,
    pub(super) without_states: Vec<ReviewState>,
    /// It is one of these, if given, oldest first.
    pub(super) ids: Option<Vec<i64>>,
    pub(super) days: (NaiveDate, NaiveDate),
}

/// What a filter asks, in tokens.
pub(super) async fn conditions(tx: &mut Tx, filter: &ChangeFilter) -> Result<Conditions, Error> {
    let one = Asked::One;
    let mut with: Vec<Vec<Asked>> = Vec::new();
    let mut without: Vec<Asked> = Vec::new();
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
    with.extend(filter.beginnings().iter().map(|typed| vec![Asked::begins(typed)]));
    if filter.is_without_words() {
        // None of no tokens is in any change.
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
    Ok(Conditions {
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

/// The days that a filter asks for, among those that are written with four digits for the year; for
/// none the first is after the last, and everything is outside.
fn days(filter: &ChangeFilter) -> (NaiveDate, NaiveDate) {
    let earliest = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let latest = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let first = filter.from.unwrap_or(earliest).max(earliest);
    let last = filter.to.unwrap_or(latest).min(latest);
    if first <= last { (first, last) } else { (latest, earliest) }
}

/// Those of the users who have an account: changes name no others, whatever the index remembers.
async fn existing(tx: &mut Tx, users: &[UserId]) -> Result<Vec<UserId>, Error> {
    let text = format!("select id from users where {}", tx.dialect().any("id", 1));
    let found: Vec<(i64,)> = sql(text).bind(numbers(users.iter().copied())).all(tx).await?;
    Ok(found.into_iter().map(|(id,)| UserId(id)).collect())
}
