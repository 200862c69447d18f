//! One page of the feed.

use super::row;
use crate::{
    Error, Store,
    db::Tx,
    index::{
        search::{Counts, Members, Search},
        tokens::{self, Asked},
    },
    rows,
    sql::{moment, sql},
};
use domain::{
    Action, ChangeFilter, ChangeId, ChangePage, Count, Entry, EntryKey, Group, InspectionId, Tabs,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many changes are looked at at once to see which entries they belong to.
const BATCH: usize = 2 * ChangePage::PAGE;

/// An entry, and the changes of it that are shown.
struct Found {
    key: EntryKey,
    /// Its newest matching change.
    newest: i64,
    shown: Vec<ChangeId>,
    count: Count,
}

/// The page that a filter asks for.
pub(super) async fn of(
    store: &Store,
    tx: &mut Tx,
    filter: &ChangeFilter,
) -> Result<ChangePage, Error> {
    let mut search = Search::begin(store, tx, filter).await?;
    let newest = search.newest_of_all().await?;
    let Counts { matching, all_states, unreviewed, flagged, actions } = search.count().await?;
    let mut found = entries(&mut search, filter).await?;
    let more = found.len() > ChangePage::PAGE;
    found.truncate(ChangePage::PAGE);
    let next = found.last().filter(|_| more).map(|entry| ChangeId(entry.newest));

    let shown: Vec<ChangeId> = found.iter().flat_map(|entry| entry.shown.clone()).collect();
    let rows = row::read(search.tx(), &shown).await?;
    let mut rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.change.id, row)).collect();
    let entries = found.into_iter().map(|Found { key, shown, count, .. }| {
        let rows = shown.iter().filter_map(|id| rows.remove(id)).collect();
        Entry { key, rows, count }
    });
    let entries = entries.collect();
    Ok(ChangePage {
        entries,
        total: Count::of(matching),
        counts: Action::ALL.into_iter().zip(actions.map(Count::of)).collect(),
        tabs: Tabs {
            unreviewed: Count::of(unreviewed),
            flagged: Count::of(flagged),
            all: Count::of(all_states),
        },
        next,
        newest: newest.map(ChangeId),
    })
}

/// The entries of the page, and one more where there is one.
async fn entries(search: &mut Search<'_>, filter: &ChangeFilter) -> Result<Vec<Found>, Error> {
    if filter.group != Group::Request {
        search.look_at_all().await?;
    }
    let below = filter.before.map_or(i64::MAX, |before| before.0);
    let mut found: Vec<Found> = Vec::new();
    loop {
        let ids = search.newest(below, BATCH).await?;
        if ids.is_empty() {
            return Ok(found);
        }
        let keys = keys(search.tx(), filter.group, &ids).await?;
        let members = members(search, filter.group, &ids, &keys).await?;
        let mut handed_out: Vec<EntryKey> = Vec::new();
        for id in ids {
            let Some(key) = keys.get(&id).copied().filter(|key| !handed_out.contains(key)) else {
                continue;
            };
            handed_out.push(key);
            let alone = vec![];
            let (shown, count) = match members.get(&key).unwrap_or(&alone) {
                members if members.is_empty() => {
                    search.hand_out_one(id);
                    (vec![id], 1)
                }
                members => {
                    search.hand_out(members);
                    (search.newest_members(members, Entry::SHOWN), search.count_members(members))
                }
            };
            let newest = shown.first().copied().unwrap_or(id);
            // It stands on an earlier page, with a newer change.
            if newest >= below {
                continue;
            }
            let shown = shown.into_iter().map(ChangeId).collect();
            found.push(Found { key, newest, shown, count: Count::of(count) });
            if found.len() > ChangePage::PAGE {
                return Ok(found);
            }
        }
    }
}

/// What entries these changes belong to.
async fn keys(tx: &mut Tx, group: Group, ids: &[i64]) -> Result<BTreeMap<i64, EntryKey>, Error> {
    let these = tx.dialect().any_number("id", 1);
    let text =
        format!("select id, request_id, inspection_id, created_at from changes where {these}");
    let found: Vec<(i64, Uuid, i64, i64)> = sql(text).bind(rows::json(ids)?).all(tx).await?;
    let key = |(id, request, inspection, at): (i64, Uuid, i64, i64)| {
        let key = match group {
            Group::Request => EntryKey::Request(request),
            Group::Inspection => EntryKey::Inspection(InspectionId(inspection)),
            Group::Day => EntryKey::Day(moment(at).date_naive()),
        };
        (id, key)
    };
    Ok(found.into_iter().map(key).collect())
}

/// All changes of these entries, whether they match or not; nothing for one with a single change.
async fn members(
    search: &mut Search<'_>,
    group: Group,
    ids: &[i64],
    keys: &BTreeMap<i64, EntryKey>,
) -> Result<BTreeMap<EntryKey, Members>, Error> {
    if group == Group::Request {
        return members_of_requests(search, ids).await;
    }
    let mut distinct: Vec<EntryKey> = keys.values().copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let asked = distinct.iter().map(|key| match key {
        EntryKey::Inspection(id) => Asked::One(tokens::inspection(*id)),
        EntryKey::Day(day) => Asked::One(tokens::day(*day)),
        EntryKey::Request(_) => Asked::One(String::new()),
    });
    let members = search.members_with(&asked.collect::<Vec<_>>()).await?;
    Ok(distinct.into_iter().zip(members).collect())
}

/// The same for requests. Most did one thing; of those that did many the changes follow each other
/// nearly always, so that their number tells that they are all there are in between.
async fn members_of_requests(
    search: &mut Search<'_>,
    ids: &[i64],
) -> Result<BTreeMap<EntryKey, Members>, Error> {
    let these = search.tx().dialect().any_number("id", 1);
    let text = format!(
        "select r.request_id, min(c.id), max(c.id), count(*) \
         from (select distinct request_id from changes where {these}) as r \
         join changes as c on c.request_id = r.request_id group by r.request_id"
    );
    let spans = sql(text).bind(rows::json(ids)?);
    let spans: Vec<(Uuid, i64, i64, i64)> = spans.all(search.tx()).await?;
    let mut found = BTreeMap::new();
    for (request, first, last, number) in spans {
        if number == 1 {
            continue;
        }
        search.look_between(first, last).await?;
        let number = u64::try_from(number).unwrap_or_default();
        let members = if search.are_neighbours(first, last, number) {
            search.members_between(first, last)
        } else {
            let text = "select id from changes where request_id = $1 order by id";
            let ids: Vec<(i64,)> = sql(text).bind(request).all(search.tx()).await?;
            search.members(&ids.into_iter().map(|(id,)| id).collect::<Vec<_>>())
        };
        found.insert(EntryKey::Request(request), members);
    }
    Ok(found)
}
