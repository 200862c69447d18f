//! One page of the feed.

use super::{row, survey};
use crate::{Error, db::Tx};
use domain::{
    Action, ChangeFilter, ChangeId, ChangePage, Count, Entry, EntryKey, ReviewState, Tabs,
};
use std::collections::HashMap;

/// The page that a filter asks for.
pub(super) async fn of(tx: &mut Tx, filter: &ChangeFilter) -> Result<ChangePage, Error> {
    let all = survey::all(tx).await?;
    let mut entries: Vec<(EntryKey, Vec<ChangeId>)> = Vec::new();
    let mut places: HashMap<EntryKey, usize> = HashMap::new();
    let mut total = 0;
    for seen in all.iter().filter(|seen| seen.matches(filter)) {
        total += 1;
        let key = filter.group.key(&seen.change);
        let place = *places.entry(key).or_insert(entries.len());
        if place == entries.len() {
            entries.push((key, Vec::new()));
        }
        entries[place].1.push(seen.change.id);
    }
    let mut entries: Vec<_> = entries
        .into_iter()
        .filter(|(_, ids)| filter.before.is_none_or(|before| ids[0] < before))
        .take(ChangePage::PAGE + 1)
        .collect();
    let more = entries.len() > ChangePage::PAGE;
    entries.truncate(ChangePage::PAGE);
    let next = entries.last().filter(|_| more).map(|(_, ids)| ids[0]);

    let count = |filter: &ChangeFilter| {
        Count::of(all.iter().filter(|seen| seen.matches(filter)).count() as u64)
    };
    let of_action = |action: Action| {
        let mut without = filter.clone();
        without.without.actions.clear();
        (action, count(&ChangeFilter { actions: vec![action], ..without }))
    };
    let in_states = |states: &[ReviewState]| {
        let mut without = filter.clone();
        without.without.states.clear();
        count(&ChangeFilter { states: states.to_vec(), ..without })
    };
    let counts = Action::ALL.into_iter().map(of_action).collect();
    let tabs = Tabs {
        unreviewed: in_states(&[ReviewState::Unreviewed]),
        flagged: in_states(&[ReviewState::Flagged]),
        all: in_states(&[]),
    };
    let newest = all.first().map(|seen| seen.change.id);

    let mut page = Vec::new();
    for (key, ids) in entries {
        let shown = &ids[..ids.len().min(Entry::SHOWN)];
        let rows = row::read(tx, shown).await?;
        page.push(Entry { key, rows, count: Count::of(ids.len() as u64) });
    }
    Ok(ChangePage { entries: page, total: Count::of(total), counts, tabs, next, newest })
}
